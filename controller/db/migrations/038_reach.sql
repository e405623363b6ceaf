-- Of years of broadcasts only those are read that may still sound (broadcast_reach_store.c): series
-- by their last day, what airs once by its start, and what was moved or has days of its own.
CREATE INDEX broadcasts_series ON broadcasts (until_day) WHERE kind = 'daily';
CREATE INDEX broadcasts_area_series ON broadcasts (area, until_day) WHERE kind = 'daily';
CREATE INDEX broadcasts_once ON broadcasts (start_us) WHERE kind <> 'daily';
CREATE INDEX broadcasts_area_once ON broadcasts (area, start_us) WHERE kind <> 'daily';
CREATE INDEX broadcast_dates_also ON broadcast_dates (at_us) WHERE kind = 'also';
CREATE INDEX broadcast_overrides_start ON broadcast_overrides (start_us) WHERE start_us IS NOT NULL;
