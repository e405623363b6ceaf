-- When and where: broadcasts (rules), and airings (one play of one broadcast at one station).

CREATE TABLE broadcasts (
    id TEXT PRIMARY KEY,
    bulletin TEXT NOT NULL,
    area TEXT NOT NULL REFERENCES areas (id), -- that issued it
    kind TEXT NOT NULL CHECK (kind IN ('now', 'once', 'daily')),
    start_us INTEGER NOT NULL,
    until_day TEXT, -- last day in the zone, "2026-12-31"
    zone TEXT NOT NULL,
    class TEXT NOT NULL CHECK (class IN ('normal', 'priority')),
    tolerance_s INTEGER NOT NULL,
    gain_mdb INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    planned_once INTEGER NOT NULL DEFAULT 0, -- 1: has been in a plan
    deleted_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX broadcasts_bulletin ON broadcasts (bulletin);
CREATE INDEX broadcasts_area ON broadcasts (area, created_us);
CREATE INDEX broadcasts_created ON broadcasts (created_us);

CREATE TABLE broadcast_targets (
    broadcast TEXT NOT NULL REFERENCES broadcasts (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('area', 'station')),
    target TEXT NOT NULL,
    exclude INTEGER NOT NULL,
    PRIMARY KEY (broadcast, position)
) STRICT, WITHOUT ROWID;

-- The log. Names, title and area path stand as they were; nothing here points at a row that may go.
-- The key starts with time, so that millions of rows are written and read at one end.
CREATE TABLE airings (
    planned_us INTEGER NOT NULL,
    id TEXT NOT NULL,
    station TEXT NOT NULL,
    broadcast TEXT NOT NULL,
    area TEXT NOT NULL,      -- of the station on that day
    area_path TEXT NOT NULL, -- "/a1/b2/"
    bulletin TEXT NOT NULL,
    bulletin_version TEXT NOT NULL,
    title TEXT NOT NULL,
    class TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    start_by_us INTEGER NOT NULL,
    author TEXT,
    approver TEXT,
    outcome TEXT NOT NULL DEFAULT '', -- '' = no word yet
    said_by TEXT NOT NULL DEFAULT '' CHECK (said_by IN ('', 'controller', 'station')),
    reason TEXT NOT NULL DEFAULT '',
    started_us INTEGER NOT NULL DEFAULT 0,
    ended_us INTEGER NOT NULL DEFAULT 0,
    late_by_ms INTEGER NOT NULL DEFAULT 0,
    grade INTEGER NOT NULL DEFAULT 0,
    rms_dbfs REAL,
    peak_dbfs REAL,
    frames INTEGER NOT NULL DEFAULT 0,
    xruns INTEGER NOT NULL DEFAULT 0,
    mixer_db REAL,
    mixer_muted INTEGER,
    amplifier TEXT,
    clock_trust INTEGER NOT NULL DEFAULT 0,
    receipt_counter INTEGER NOT NULL DEFAULT 0,
    receipts INTEGER NOT NULL DEFAULT 0, -- more than one: shown as a conflict
    PRIMARY KEY (planned_us, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX airings_station ON airings (station, planned_us);
CREATE INDEX airings_broadcast ON airings (broadcast, planned_us);
CREATE INDEX airings_path ON airings (area_path, planned_us, outcome);
CREATE INDEX airings_outcome ON airings (outcome, planned_us) WHERE outcome <> 'played';
