-- Programmes: several items in a row, as one airing.

CREATE TABLE programmes (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL REFERENCES areas (id),
    title TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_by_name TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    deleted_us INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX programmes_created ON programmes (created_us, id);

CREATE TABLE programme_items (
    programme TEXT NOT NULL REFERENCES programmes (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    bulletin TEXT REFERENCES bulletins (id), -- NULL: a tune that follows the area's lead-in tune
    gain_mdb INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (programme, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX programme_items_bulletin ON programme_items (bulletin);

-- What a commune makes once and uses with one tap.
CREATE TABLE programme_templates (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL REFERENCES areas (id),
    title TEXT NOT NULL,
    body TEXT NOT NULL, -- JSON as docs/api.md describes it, checked when it was saved
    changed_by TEXT NOT NULL,
    changed_us INTEGER NOT NULL
) STRICT;
CREATE INDEX programme_templates_area ON programme_templates (area);

ALTER TABLE areas ADD COLUMN lead_in_tune TEXT REFERENCES bulletins (id);
ALTER TABLE broadcasts ADD COLUMN programme TEXT; -- then `bulletin` is ''
CREATE INDEX broadcasts_programme ON broadcasts (programme) WHERE programme IS NOT NULL;
