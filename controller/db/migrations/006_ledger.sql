-- Receipts, word for word, for good. Rows are only ever added.

CREATE TABLE receipts (
    seq INTEGER PRIMARY KEY, -- in order of commit
    received_us INTEGER NOT NULL,
    station TEXT NOT NULL,
    keyid TEXT NOT NULL,
    counter INTEGER NOT NULL,
    airing TEXT NOT NULL,
    planned_us INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    sha256 TEXT NOT NULL, -- of the payload
    envelope TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX receipts_chain ON receipts (keyid, counter);
CREATE INDEX receipts_station ON receipts (station, seq);
CREATE INDEX receipts_received ON receipts (received_us);

CREATE TABLE quarantine (
    seq INTEGER PRIMARY KEY,
    received_us INTEGER NOT NULL,
    station TEXT NOT NULL,
    keyid TEXT NOT NULL,
    counter INTEGER NOT NULL, -- 0 where it could not be read
    why TEXT NOT NULL,
    sha256 TEXT NOT NULL,     -- of the envelope as kept
    envelope TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX quarantine_once ON quarantine (keyid, sha256);
CREATE INDEX quarantine_station ON quarantine (station, seq);

-- Where each key's chain stands. `side` follows a chain that does not join the head (after a gap),
-- so that one lost receipt does not shut out all that come after it.
CREATE TABLE receipt_chains (
    keyid TEXT PRIMARY KEY,
    counter INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    side_counter INTEGER NOT NULL DEFAULT 0,
    side_sha256 TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
