-- Devices change, stations stay: keys that a station had before, and keys that exist twice.

ALTER TABLE stations ADD COLUMN cloned_us INTEGER NOT NULL DEFAULT 0; -- two boots of its key take turns

CREATE TABLE station_keys (
    keyid TEXT PRIMARY KEY,
    station TEXT NOT NULL REFERENCES stations (id),
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    serial TEXT NOT NULL,
    model TEXT NOT NULL,
    replaced_us INTEGER NOT NULL,
    cloned_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX station_keys_station ON station_keys (station, replaced_us);

CREATE TABLE station_boots (
    keyid TEXT NOT NULL,
    number INTEGER NOT NULL, -- in the order in which they were first heard of
    boot_id TEXT NOT NULL,
    first_us INTEGER NOT NULL,
    PRIMARY KEY (keyid, number)
) STRICT, WITHOUT ROWID;
