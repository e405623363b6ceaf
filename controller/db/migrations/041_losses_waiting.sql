-- Those whose broadcasts lose are told in turns of the loop where they are many; who waits for it.
CREATE TABLE losses_waiting (
    seq INTEGER PRIMARY KEY,
    broadcast TEXT NOT NULL REFERENCES broadcasts (id), -- that loses
    area TEXT NOT NULL, -- that issued it
    displaced_by TEXT NOT NULL REFERENCES broadcasts (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('missed', 'partial')),
    starts INTEGER NOT NULL,
    stations INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    why_vi TEXT NOT NULL,
    why_en TEXT NOT NULL,
    by_user TEXT NOT NULL REFERENCES users (id),
    by_name TEXT NOT NULL,
    remote TEXT,
    at_us INTEGER NOT NULL
) STRICT;
