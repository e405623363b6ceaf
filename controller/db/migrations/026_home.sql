-- What the home page keeps in memory is read again when this number has moved: the stations of the
-- fleet and the areas they stand in. Counted by the database itself, so that no writer can forget it.

CREATE TABLE changes (
    what TEXT PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO changes VALUES ('stations', 0);

CREATE TRIGGER changes_station_added AFTER INSERT ON stations
BEGIN
    UPDATE changes SET count = count + 1 WHERE what = 'stations';
END;
CREATE TRIGGER changes_station_changed AFTER UPDATE OF id, area, name, search, retired_us ON stations
BEGIN
    UPDATE changes SET count = count + 1 WHERE what = 'stations';
END;
CREATE TRIGGER changes_station_gone AFTER DELETE ON stations
BEGIN
    UPDATE changes SET count = count + 1 WHERE what = 'stations';
END;
CREATE TRIGGER changes_area_changed AFTER UPDATE OF id, name, path ON areas
BEGIN
    UPDATE changes SET count = count + 1 WHERE what = 'stations';
END;

-- The quarters of an hour were never read: a walk over the blocks of one day is as quick.
DROP TRIGGER airing_tally_add;
DROP TRIGGER airing_tally_take;
DROP TABLE airing_quarters;

CREATE TRIGGER airing_tally_add INSTEAD OF INSERT ON airing_tally WHEN NEW.n > 0
BEGIN
    INSERT INTO airing_days VALUES (NEW.day,
        NEW.area_path, NEW.class, NEW.source, NEW.language, coalesce(NEW.author, ''), NEW.outcome, NEW.reason,
        1, NEW.duration_ms, NEW.frames / 48, NEW.started_us > 0 AND NEW.late_by_ms > 1000,
        (NEW.started_us > 0 AND NEW.late_by_ms > 1000) * NEW.late_by_ms)
    ON CONFLICT DO UPDATE SET
        airings = airings + 1, planned_ms = planned_ms + excluded.planned_ms,
        played_ms = played_ms + excluded.played_ms, late = late + excluded.late,
        late_ms = late_ms + excluded.late_ms;
    INSERT INTO airing_months VALUES (NEW.day / 100,
        NEW.area_path, NEW.class, NEW.source, NEW.language, coalesce(NEW.author, ''), NEW.outcome, NEW.reason,
        1, NEW.duration_ms, NEW.frames / 48, NEW.started_us > 0 AND NEW.late_by_ms > 1000,
        (NEW.started_us > 0 AND NEW.late_by_ms > 1000) * NEW.late_by_ms)
    ON CONFLICT DO UPDATE SET
        airings = airings + 1, planned_ms = planned_ms + excluded.planned_ms,
        played_ms = played_ms + excluded.played_ms, late = late + excluded.late,
        late_ms = late_ms + excluded.late_ms;
    INSERT INTO airing_blocks VALUES (
        NEW.planned_us, NEW.broadcast, NEW.area_path, NEW.outcome, NEW.title, NEW.class, NEW.duration_ms, 1)
    ON CONFLICT DO UPDATE SET stations = stations + 1, title = excluded.title, class = excluded.class,
        duration_ms = excluded.duration_ms;
END;

CREATE TRIGGER airing_tally_take INSTEAD OF INSERT ON airing_tally WHEN NEW.n < 0
BEGIN
    UPDATE airing_days SET
        airings = airings - 1, planned_ms = planned_ms - NEW.duration_ms,
        played_ms = played_ms - NEW.frames / 48,
        late = late - (NEW.started_us > 0 AND NEW.late_by_ms > 1000),
        late_ms = late_ms - (NEW.started_us > 0 AND NEW.late_by_ms > 1000) * NEW.late_by_ms
    WHERE day = NEW.day AND area_path = NEW.area_path AND class = NEW.class AND source = NEW.source
        AND language = NEW.language AND author = coalesce(NEW.author, '') AND outcome = NEW.outcome
        AND reason = NEW.reason;
    DELETE FROM airing_days WHERE day = NEW.day AND area_path = NEW.area_path AND class = NEW.class AND source = NEW.source
        AND language = NEW.language AND author = coalesce(NEW.author, '') AND outcome = NEW.outcome
        AND reason = NEW.reason AND airings = 0;
    UPDATE airing_months SET
        airings = airings - 1, planned_ms = planned_ms - NEW.duration_ms,
        played_ms = played_ms - NEW.frames / 48,
        late = late - (NEW.started_us > 0 AND NEW.late_by_ms > 1000),
        late_ms = late_ms - (NEW.started_us > 0 AND NEW.late_by_ms > 1000) * NEW.late_by_ms
    WHERE month = NEW.day / 100 AND area_path = NEW.area_path AND class = NEW.class AND source = NEW.source
        AND language = NEW.language AND author = coalesce(NEW.author, '') AND outcome = NEW.outcome
        AND reason = NEW.reason;
    DELETE FROM airing_months WHERE month = NEW.day / 100 AND area_path = NEW.area_path AND class = NEW.class AND source = NEW.source
        AND language = NEW.language AND author = coalesce(NEW.author, '') AND outcome = NEW.outcome
        AND reason = NEW.reason AND airings = 0;
    UPDATE airing_blocks SET stations = stations - 1
    WHERE planned_us = NEW.planned_us AND broadcast = NEW.broadcast AND area_path = NEW.area_path
        AND outcome = NEW.outcome;
    DELETE FROM airing_blocks
    WHERE planned_us = NEW.planned_us AND broadcast = NEW.broadcast AND area_path = NEW.area_path
        AND outcome = NEW.outcome AND stations = 0;
END;
