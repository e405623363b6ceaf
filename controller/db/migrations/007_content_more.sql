-- Typed bulletins, which the server reads aloud, and the outlines of sounds.

ALTER TABLE bulletin_versions ADD COLUMN text TEXT; -- as typed; NULL when the sound was uploaded

CREATE TABLE sound_peaks (
    sha256 TEXT PRIMARY KEY, -- of the canonical file
    pairs TEXT NOT NULL      -- base64: int8 min, max of each part
) STRICT;
