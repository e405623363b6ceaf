-- Where things stand on a map, stations that are still to be paired, and a system log one can search.

ALTER TABLE stations ADD COLUMN latitude REAL;  -- WGS 84 degrees; NULL = nobody said
ALTER TABLE stations ADD COLUMN longitude REAL;

CREATE INDEX stations_serial ON stations (serial);

CREATE TABLE area_outlines (
    area TEXT PRIMARY KEY REFERENCES areas (id),
    geometry TEXT NOT NULL, -- GeoJSON Polygon or MultiPolygon
    changed_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What an imported list says of stations that have not been paired yet, by the number on their label.
CREATE TABLE expected_stations (
    serial TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    area TEXT NOT NULL REFERENCES areas (id),
    volume_mdb INTEGER NOT NULL DEFAULT 0,
    latitude REAL,
    longitude REAL,
    changed_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX expected_stations_area ON expected_stations (area);

-- Who, what and about what, without marks, lower case; NULL in rows from before.
ALTER TABLE actions ADD COLUMN search TEXT;
