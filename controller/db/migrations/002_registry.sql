-- Where: the tree of areas, and the stations that stand in it.

CREATE TABLE areas (
    id TEXT PRIMARY KEY,
    parent TEXT REFERENCES areas (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE, -- ids from the top: "/a1/b2/"
    zone TEXT,                 -- IANA name; NULL = as the area above
    one_person_approves INTEGER NOT NULL DEFAULT 0,
    search TEXT NOT NULL,      -- name without marks, lower case
    created_us INTEGER NOT NULL
) STRICT;
CREATE INDEX areas_parent ON areas (parent);
CREATE INDEX areas_zone ON areas (path) WHERE zone IS NOT NULL;

CREATE TABLE stations (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL REFERENCES areas (id),
    name TEXT NOT NULL,
    search TEXT NOT NULL,      -- name and serial without marks, lower case
    keyid TEXT NOT NULL UNIQUE,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    serial TEXT NOT NULL,
    model TEXT NOT NULL,
    volume_mdb INTEGER NOT NULL DEFAULT 0, -- thousandths of a decibel below or above the station's own
    accepted_us INTEGER NOT NULL,
    retired_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX stations_area ON stations (area);
