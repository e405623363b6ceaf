-- Repeats within a broadcast, and series whose rule changes from an occurrence on.

ALTER TABLE broadcasts ADD COLUMN repeat_count INTEGER NOT NULL DEFAULT 1; -- plays of one occurrence
ALTER TABLE broadcasts ADD COLUMN repeat_gap_s INTEGER NOT NULL DEFAULT 0; -- of silence in between

-- The rule of the broadcast holds until the first of these; each until the next.
CREATE TABLE broadcast_parts (
    broadcast TEXT NOT NULL REFERENCES broadcasts (id),
    from_us INTEGER NOT NULL,  -- RECURRENCE-IDs from here on follow this rule
    start_us INTEGER NOT NULL, -- its first start
    until_day TEXT,
    rrule TEXT, -- NULL without lunar_days: every day
    lunar_days INTEGER NOT NULL DEFAULT 0,
    lunar_months INTEGER NOT NULL DEFAULT 0,
    lunar_skip_leap INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (broadcast, from_us)
) STRICT, WITHOUT ROWID;
