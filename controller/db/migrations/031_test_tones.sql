-- Test tones: asked for in the panel (author set) or at the pole (author NULL), and what came of them.
CREATE TABLE test_tones (
    id TEXT PRIMARY KEY,
    station TEXT NOT NULL REFERENCES stations (id),
    author TEXT,
    issued_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    gain_mdb INTEGER NOT NULL,
    outcome TEXT NOT NULL DEFAULT '', -- '' = no word yet
    reason TEXT NOT NULL DEFAULT '',
    fault TEXT,
    rms_dbfs REAL,
    grade INTEGER NOT NULL DEFAULT 0,
    ended_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX test_tones_station ON test_tones (station, issued_us);
