-- What a rule that takes over brings along, and what becomes of a sound that a higher rank displaces.

ALTER TABLE broadcast_parts ADD COLUMN zone TEXT;          -- NULL = of the broadcast
ALTER TABLE broadcast_parts ADD COLUMN holidays TEXT;      -- id of a calendar
ALTER TABLE broadcast_parts ADD COLUMN holidays_mode TEXT  -- NULL = holidays and mode of the broadcast
    CHECK (holidays_mode IN ('none', 'except', 'only'));

ALTER TABLE broadcasts ADD COLUMN on_preempt TEXT NOT NULL DEFAULT 'resume'
    CHECK (on_preempt IN ('resume', 'restart', 'drop'));
ALTER TABLE broadcasts ADD COLUMN filler INTEGER NOT NULL DEFAULT 0; -- gives way to everything else
