-- Stations as partners: who may speak, what they were told, what they say of themselves.

CREATE TABLE roots (
    version INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    envelope TEXT NOT NULL,
    made_us INTEGER NOT NULL
) STRICT;

CREATE TABLE enrolments (
    keyid TEXT PRIMARY KEY,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    code TEXT NOT NULL,
    model TEXT NOT NULL,
    serial TEXT NOT NULL,
    software TEXT NOT NULL,
    remote TEXT NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL
) STRICT;
CREATE INDEX enrolments_code ON enrolments (code);
CREATE INDEX enrolments_last ON enrolments (last_us);

CREATE TABLE pairing_failures (
    user_id TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    locked_until_us INTEGER NOT NULL
) STRICT;

CREATE TABLE station_nonces (
    nonce TEXT NOT NULL,
    keyid TEXT NOT NULL,
    expires_us INTEGER NOT NULL,
    PRIMARY KEY (keyid, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX station_nonces_expires ON station_nonces (expires_us);

-- Refused requests, coalesced: one row for each code and signer a day.
CREATE TABLE station_refusals (
    day INTEGER NOT NULL, -- days since 1970
    code TEXT NOT NULL,
    keyid TEXT NOT NULL,  -- '' where nobody known signed
    count INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    remote TEXT NOT NULL, -- of the last
    PRIMARY KEY (day, code, keyid)
) STRICT, WITHOUT ROWID;

-- Every plan that was ever signed; the newest of a station is in force.
CREATE TABLE plans (
    seq INTEGER PRIMARY KEY, -- in order of commit
    station TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    version INTEGER NOT NULL,
    issued_us INTEGER NOT NULL,
    fingerprint TEXT NOT NULL, -- SHA-256 without version and issued_us
    envelope BLOB NOT NULL     -- gzip of the exact bytes
) STRICT;
CREATE UNIQUE INDEX plans_version ON plans (station, epoch, version);
CREATE INDEX plans_issued ON plans (issued_us);

CREATE TABLE station_health (
    station TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('online', 'offline')),
    state_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    facts TEXT NOT NULL -- JSON object: all that was said, newest value of each member
) STRICT, WITHOUT ROWID;

-- Each change of state, for the reports.
CREATE TABLE station_states (
    at_us INTEGER NOT NULL,
    station TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (at_us, station)
) STRICT, WITHOUT ROWID;
CREATE INDEX station_states_station ON station_states (station, at_us);
