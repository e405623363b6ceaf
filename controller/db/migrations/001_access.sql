-- People: accounts, roles per area, sessions, what they did, and what several controllers share.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE, -- lower case
    name TEXT NOT NULL,
    phone TEXT,
    language TEXT NOT NULL DEFAULT 'vi',
    password_hash TEXT NOT NULL, -- Argon2id, PHC string
    created_us INTEGER NOT NULL,
    disabled_us INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The area is a plain word here: areas belong to the registry, one room further.
CREATE TABLE grants (
    user_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    area TEXT NOT NULL,
    PRIMARY KEY (user_id, role, area)
) STRICT;

CREATE TABLE sessions (
    id TEXT PRIMARY KEY, -- SHA-256 of the token in the cookie, so that a stolen database opens nothing
    user_id TEXT NOT NULL REFERENCES users (id),
    created_us INTEGER NOT NULL,
    seen_us INTEGER NOT NULL,
    remote TEXT
) STRICT;
CREATE INDEX sessions_seen ON sessions (seen_us);

-- Failed logins per name, whether or not there is such an account.
CREATE TABLE login_failures (
    login TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    locked_until_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL
) STRICT;

CREATE TABLE actions (
    id INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    user_id TEXT,
    verb TEXT NOT NULL,
    area TEXT,
    object TEXT,
    detail TEXT,
    remote TEXT
) STRICT;
CREATE INDEX actions_area ON actions (area, id);

CREATE TABLE idempotency (
    id TEXT PRIMARY KEY, -- SHA-256 of user, key, method and path
    body TEXT NOT NULL,  -- SHA-256 of the body
    status INTEGER NOT NULL, -- 0 while the first is still being answered
    headers TEXT NOT NULL DEFAULT '',
    answer BLOB,
    until_us INTEGER NOT NULL
) STRICT;
CREATE INDEX idempotency_until ON idempotency (until_us);
