-- What is said: uploads under way, bulletins and their immutable versions.

CREATE TABLE uploads (
    id TEXT PRIMARY KEY, -- also the name of the file
    user_id TEXT NOT NULL REFERENCES users (id),
    filename TEXT NOT NULL,
    filetype TEXT NOT NULL,
    length INTEGER NOT NULL CHECK (length >= 0),
    received INTEGER NOT NULL DEFAULT 0, -- bytes that survive a power cut
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL
) STRICT;
CREATE INDEX uploads_expires ON uploads (expires_us);
CREATE INDEX uploads_user ON uploads (user_id);

CREATE TABLE bulletins (
    id TEXT PRIMARY KEY,
    area TEXT NOT NULL REFERENCES areas (id),
    newest TEXT NOT NULL, -- version that people work on
    approved TEXT,        -- version that stations may play
    created_us INTEGER NOT NULL
) STRICT;
CREATE INDEX bulletins_created ON bulletins (created_us, id);

-- Title, language, validity, author and sound of a version never change once they are there; a
-- change makes the next version. What changes is how far it got.
CREATE TABLE bulletin_versions (
    id TEXT PRIMARY KEY,
    bulletin TEXT NOT NULL REFERENCES bulletins (id),
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    valid_from_us INTEGER NOT NULL DEFAULT 0,
    valid_until_us INTEGER NOT NULL DEFAULT 0,
    author TEXT NOT NULL REFERENCES users (id),
    author_name TEXT NOT NULL, -- as it was then
    state TEXT NOT NULL,       -- draft submitted approved rejected withdrawn
    approver TEXT REFERENCES users (id),
    approver_name TEXT,
    reject_reason TEXT,
    audio TEXT NOT NULL,       -- none working ready failed
    audio_error_vi TEXT,
    audio_error_en TEXT,
    upload TEXT,               -- while working
    original_name TEXT,
    original_sha256 TEXT,
    sha256 TEXT,
    bytes INTEGER NOT NULL DEFAULT 0,
    frames INTEGER NOT NULL DEFAULT 0,      -- at 48 kHz
    loudness_mlufs INTEGER NOT NULL DEFAULT 0, -- thousandths of a LUFS
    peak_mdbtp INTEGER NOT NULL DEFAULT 0,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    UNIQUE (bulletin, number)
) STRICT;
CREATE INDEX bulletin_versions_working ON bulletin_versions (created_us) WHERE audio = 'working';
