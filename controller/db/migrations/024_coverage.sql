-- Communes that still have an older system (FM, wires): they count as covered, not as digital.

CREATE TABLE area_legacy (
    area TEXT PRIMARY KEY REFERENCES areas (id),
    kind TEXT NOT NULL CHECK (kind IN ('fm', 'wired')),
    changed_by TEXT NOT NULL,
    changed_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
