-- Which entry closed an airing that no station spoke of.

ALTER TABLE airings ADD COLUMN unreported_seq INTEGER NOT NULL DEFAULT 0;
