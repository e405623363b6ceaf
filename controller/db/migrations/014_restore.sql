-- After a loss: since when this is a restored copy, and which receipts only the machine before it had.

CREATE TABLE restores (
    epoch INTEGER PRIMARY KEY,   -- of the plans since then
    copied_us INTEGER NOT NULL,  -- how old the copy was
    restored_us INTEGER NOT NULL
) STRICT;

-- 1: acknowledged receipts may be missing, so the next one may leave a gap.
ALTER TABLE receipt_chains ADD COLUMN restored INTEGER NOT NULL DEFAULT 0;

CREATE TABLE receipt_gaps (
    keyid TEXT NOT NULL,
    first_counter INTEGER NOT NULL,
    last_counter INTEGER NOT NULL,
    station TEXT NOT NULL,
    why TEXT NOT NULL,      -- lost-by-restore
    previous TEXT NOT NULL, -- SHA-256 of the last missing one, as the next receipt names it
    noted_us INTEGER NOT NULL,
    PRIMARY KEY (keyid, first_counter)
) STRICT, WITHOUT ROWID;
