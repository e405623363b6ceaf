-- Plans that an entry about silence names: that they were there is handed out even when their body has gone.
ALTER TABLE plans ADD COLUMN named INTEGER NOT NULL DEFAULT 0;
