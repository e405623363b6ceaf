-- What stations sound instead where a version cannot be heard: bulletins, in the order in which they
-- are tried.
CREATE TABLE bulletin_fallbacks (
    version TEXT NOT NULL REFERENCES bulletin_versions (id),
    position INTEGER NOT NULL,
    bulletin TEXT NOT NULL REFERENCES bulletins (id),
    PRIMARY KEY (version, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulletin_fallbacks_bulletin ON bulletin_fallbacks (bulletin);
