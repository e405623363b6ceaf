-- A bulletin may be a radio station for a while: then it has no file, and `frames` is how long.
ALTER TABLE bulletin_versions ADD COLUMN source TEXT REFERENCES sources (id);
