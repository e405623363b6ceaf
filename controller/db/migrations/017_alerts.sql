-- Emergencies: prepared messages, alerts with a life of their own, and every command that went down.

CREATE TABLE alert_clips (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL REFERENCES areas (id), -- held by the stations at and below it
    bulletin TEXT NOT NULL REFERENCES bulletins (id),
    title TEXT NOT NULL,
    severity INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 5),
    button INTEGER NOT NULL DEFAULT 0 CHECK (button BETWEEN 0 AND 4), -- at the pole; 0 = none
    every_s INTEGER NOT NULL DEFAULT 0, -- offered when it is issued; 0 = once
    drill INTEGER NOT NULL DEFAULT 0,   -- 1: the words that open a drill
    created_by TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    deleted_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX alert_clips_area ON alert_clips (area) WHERE deleted_us = 0;
CREATE INDEX alert_clips_bulletin ON alert_clips (bulletin) WHERE deleted_us = 0;

-- Names and titles stand as they were; nothing here points at a row that may go.
CREATE TABLE alerts (
    id TEXT PRIMARY KEY, -- of its command
    area TEXT NOT NULL,  -- that issued it
    area_path TEXT NOT NULL,
    clip TEXT NOT NULL,
    bulletin TEXT NOT NULL,
    bulletin_version TEXT NOT NULL,
    title TEXT NOT NULL,
    targets TEXT NOT NULL, -- JSON, as ordered
    severity INTEGER NOT NULL,
    drill INTEGER NOT NULL,
    every_us INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    issued_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    author TEXT NOT NULL,
    author_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    corrects TEXT NOT NULL DEFAULT '', -- the alert that this one puts right
    stations INTEGER NOT NULL,         -- reached when it was issued
    cancelled_us INTEGER NOT NULL DEFAULT 0,
    cancelled_by TEXT NOT NULL DEFAULT '',
    cancel_reason TEXT NOT NULL DEFAULT '',
    verdict TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'right', 'wrong')),
    review_reason TEXT NOT NULL DEFAULT '',
    reviewed_by TEXT NOT NULL DEFAULT '',
    reviewed_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX alerts_issued ON alerts (issued_us, id);

-- Word for word as signed, for good; unexpired ones go to every station in scope that connects.
CREATE TABLE commands (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    issued_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    envelope TEXT NOT NULL
) STRICT;
CREATE INDEX commands_expires ON commands (expires_us);
