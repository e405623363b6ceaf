-- What an area allows its stations and those below: windows, quiet hours, minutes, ceilings.

CREATE TABLE area_policies (
    area TEXT PRIMARY KEY REFERENCES areas (id),
    policy TEXT NOT NULL, -- JSON as docs/api.md describes it, checked when it was saved
    changed_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
