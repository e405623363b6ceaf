-- How a station stands until another word: how loud, and silent from when to when. Each order has the
-- next generation of its kind, so that plan and command can come in any order.
ALTER TABLE stations ADD COLUMN volume_generation INTEGER NOT NULL DEFAULT 0; -- 0 = nobody ever ordered one
ALTER TABLE stations ADD COLUMN mute_generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stations ADD COLUMN mute_from_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stations ADD COLUMN mute_until_us INTEGER NOT NULL DEFAULT 0; -- the same, or past = it may sound

-- Who said so and why, and what the station's receipt said of it.
CREATE TABLE standing_orders (
    station TEXT NOT NULL REFERENCES stations (id),
    kind TEXT NOT NULL CHECK (kind IN ('volume', 'mute')),
    generation INTEGER NOT NULL DEFAULT 0, -- of the author's order; the station's own may be later
    reason TEXT NOT NULL DEFAULT '',
    author TEXT NOT NULL DEFAULT '',
    issued_us INTEGER NOT NULL DEFAULT 0,
    taken_generation INTEGER NOT NULL DEFAULT 0, -- 0 = no word yet
    taken_us INTEGER NOT NULL DEFAULT 0,
    taken_outcome TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (station, kind)
) STRICT;
