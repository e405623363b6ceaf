-- People's own affairs: tokens for programs, sessions one can tell apart, temporary passwords.

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE, -- of the token as sent: a stolen database opens nothing
    user_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,          -- what it is for
    verbs INTEGER NOT NULL,      -- bit set: what it may at most; the user's own rights bound it too
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL DEFAULT 0, -- 0 = never
    used_us INTEGER NOT NULL DEFAULT 0,    -- 0 = not yet
    used_remote TEXT
) STRICT;
CREATE INDEX tokens_user ON tokens (user_id, created_us);

ALTER TABLE users ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0; -- 1 = the password is a temporary one
ALTER TABLE sessions ADD COLUMN device TEXT;
CREATE INDEX sessions_user ON sessions (user_id, seen_us);
