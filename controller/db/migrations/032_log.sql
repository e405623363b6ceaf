-- A page of the log is found by its blocks (one broadcast at one time in one area with one outcome),
-- which are few, and then read row by row: one index that leads from a block to its airings takes the
-- place of three.

DROP INDEX airings_broadcast;
DROP INDEX airings_path;
DROP INDEX airings_outcome;
CREATE INDEX airings_block ON airings (broadcast, planned_us, area_path, outcome);

CREATE INDEX airing_blocks_outcome ON airing_blocks (outcome, planned_us, class);
CREATE INDEX airing_blocks_class ON airing_blocks (class, planned_us) WHERE class <> 'normal';
CREATE INDEX airing_blocks_broadcast ON airing_blocks (broadcast, planned_us, outcome, class);
