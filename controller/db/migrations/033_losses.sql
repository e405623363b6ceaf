-- A broadcast no longer sounds, or not in full, through another one that somebody confirmed to save. It waits in the
-- inbox of those it concerns until one of them has seen it, or one of the two is changed.
CREATE TABLE broadcast_losses (
    broadcast TEXT NOT NULL REFERENCES broadcasts (id), -- that loses
    displaced_by TEXT NOT NULL REFERENCES broadcasts (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('missed', 'partial')),
    starts INTEGER NOT NULL,   -- at the station that loses most
    stations INTEGER NOT NULL, -- that lose any
    first_us INTEGER NOT NULL,
    why_vi TEXT NOT NULL,
    why_en TEXT NOT NULL,
    by_user TEXT NOT NULL REFERENCES users (id),
    by_name TEXT NOT NULL, -- as it was then
    at_us INTEGER NOT NULL,
    seen_us INTEGER NOT NULL DEFAULT 0, -- 0 = nobody yet
    PRIMARY KEY (broadcast, displaced_by)
) STRICT, WITHOUT ROWID;
CREATE INDEX broadcast_losses_by ON broadcast_losses (displaced_by);
