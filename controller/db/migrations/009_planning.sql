-- Plans grow old: a body that no station can refer to any more goes, its hash stays.

ALTER TABLE plans ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';      -- of the payload
ALTER TABLE plans ADD COLUMN fetched_us INTEGER NOT NULL DEFAULT 0; -- when the station first took it
ALTER TABLE plans ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;   -- 1: the body is kept for good, or gone
UPDATE plans SET settled = 1; -- nobody noted whether they were fetched
CREATE INDEX plans_open ON plans (station, epoch, version) WHERE settled = 0;
