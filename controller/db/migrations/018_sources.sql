-- Radio stations that can be relayed: a name and addresses in the order in which they are tried.
CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL REFERENCES areas (id),
    name TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    deleted_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sources_area ON sources (area);

CREATE TABLE source_addresses (
    source TEXT NOT NULL REFERENCES sources (id),
    position INTEGER NOT NULL,
    url TEXT NOT NULL,
    format TEXT NOT NULL,
    PRIMARY KEY (source, position)
) STRICT, WITHOUT ROWID;
