-- A broadcast wanted to take a bulletin further than it was approved for, and a leader said no. It holds for that
-- version: a new one asks anew, and so does a new broadcast.
CREATE TABLE broadcast_refusals (
    broadcast TEXT NOT NULL REFERENCES broadcasts (id),
    bulletin TEXT NOT NULL REFERENCES bulletins (id),
    version TEXT NOT NULL REFERENCES bulletin_versions (id),
    by_user TEXT NOT NULL REFERENCES users (id),
    by_name TEXT NOT NULL, -- as it was then
    at_us INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (broadcast, bulletin, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX broadcast_refusals_version ON broadcast_refusals (version);
