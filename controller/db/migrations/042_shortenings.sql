-- Who let a version end sooner than it was approved for: beside the steps of its approval, which need an area and a class.
CREATE TABLE shortenings (
    seq INTEGER PRIMARY KEY,
    bulletin TEXT NOT NULL REFERENCES bulletins (id),
    version TEXT NOT NULL REFERENCES bulletin_versions (id),
    until_us INTEGER NOT NULL,
    by_user TEXT NOT NULL REFERENCES users (id),
    by_name TEXT NOT NULL, -- as it was then
    at_us INTEGER NOT NULL
) STRICT;
CREATE INDEX shortenings_bulletin ON shortenings (bulletin, seq);
