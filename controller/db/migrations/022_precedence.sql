-- In which order an area lets sound what clashes on a day.

CREATE TABLE area_precedence (
    area TEXT NOT NULL REFERENCES areas (id),
    day TEXT NOT NULL, -- "2026-11-21" by the clock of the area; '' = every day without one
    position INTEGER NOT NULL,
    broadcast TEXT NOT NULL REFERENCES broadcasts (id),
    PRIMARY KEY (area, day, position)
) STRICT, WITHOUT ROWID;
