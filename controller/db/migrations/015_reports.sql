-- What reports and the home page read instead of the log: counts, kept by the database itself in the
-- transaction that writes an airing, so that no writer can forget them. ledger/rollup_store.c checks
-- and rebuilds them. Rows outlive the airings they were counted from.

-- As it was when it was planned, like every name in the log.
ALTER TABLE airings ADD COLUMN day INTEGER NOT NULL DEFAULT 0; -- 20261122, on the wall of its area
ALTER TABLE airings ADD COLUMN source TEXT NOT NULL DEFAULT ''; -- speech | audio | ...
ALTER TABLE airings ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE airings ADD COLUMN receipt_seq INTEGER NOT NULL DEFAULT 0; -- in receipts, of the one that counts
-- Every area so far lies seven hours east.
UPDATE airings SET
    day = CAST(strftime('%Y%m%d', planned_us / 1000000 + 25200, 'unixepoch') AS INTEGER),
    source = coalesce((SELECT CASE WHEN text IS NULL THEN 'audio' ELSE 'speech' END
                       FROM bulletin_versions WHERE id = bulletin_version), ''),
    language = coalesce((SELECT language FROM bulletin_versions WHERE id = bulletin_version), ''),
    receipt_seq = coalesce((SELECT r.seq FROM stations s JOIN receipts r ON r.keyid = s.keyid
                            AND r.counter = airings.receipt_counter WHERE s.id = airings.station), 0);

CREATE TABLE airing_days (
    day INTEGER NOT NULL,
    area_path TEXT NOT NULL,
    class TEXT NOT NULL,
    source TEXT NOT NULL,
    language TEXT NOT NULL,
    author TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    airings INTEGER NOT NULL,
    planned_ms INTEGER NOT NULL,
    played_ms INTEGER NOT NULL, -- what left the sound device
    late INTEGER NOT NULL,      -- started more than a second late
    late_ms INTEGER NOT NULL,   -- of those
    PRIMARY KEY (day, area_path, class, source, language, author, outcome, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE airing_months (
    month INTEGER NOT NULL, -- 202611
    area_path TEXT NOT NULL,
    class TEXT NOT NULL,
    source TEXT NOT NULL,
    language TEXT NOT NULL,
    author TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    airings INTEGER NOT NULL,
    planned_ms INTEGER NOT NULL,
    played_ms INTEGER NOT NULL,
    late INTEGER NOT NULL,
    late_ms INTEGER NOT NULL,
    PRIMARY KEY (month, area_path, class, source, language, author, outcome, reason)
) STRICT, WITHOUT ROWID;

-- One broadcast at one time: what is on air and what comes next, however many stations take part.
CREATE TABLE airing_blocks (
    planned_us INTEGER NOT NULL,
    broadcast TEXT NOT NULL,
    area_path TEXT NOT NULL,
    outcome TEXT NOT NULL,
    title TEXT NOT NULL,
    class TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    stations INTEGER NOT NULL,
    PRIMARY KEY (planned_us, broadcast, area_path, outcome)
) STRICT, WITHOUT ROWID;
CREATE INDEX airing_blocks_area ON airing_blocks (area_path, planned_us);

-- A quarter of an hour of all below a top area, for the strip of a day.
CREATE TABLE airing_quarters (
    top_path TEXT NOT NULL,
    quarter_us INTEGER NOT NULL,
    class TEXT NOT NULL,
    outcome TEXT NOT NULL,
    airings INTEGER NOT NULL,
    PRIMARY KEY (top_path, quarter_us, class, outcome)
) STRICT, WITHOUT ROWID;

-- The one way into the four tables: `n` is +1 or -1.
CREATE VIEW airing_tally AS
SELECT planned_us, broadcast, title, area_path, day, class, source, language, author, outcome, reason,
       duration_ms, frames, started_us, late_by_ms, 1 AS n FROM airings;

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
    INSERT INTO airing_quarters VALUES (
        substr(NEW.area_path, 1, instr(substr(NEW.area_path, 2), '/') + 1),
        NEW.planned_us / 900000000 * 900000000, NEW.class, NEW.outcome, 1)
    ON CONFLICT DO UPDATE SET airings = airings + 1;
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
    UPDATE airing_quarters SET airings = airings - 1
    WHERE top_path = substr(NEW.area_path, 1, instr(substr(NEW.area_path, 2), '/') + 1)
        AND quarter_us = NEW.planned_us / 900000000 * 900000000 AND class = NEW.class
        AND outcome = NEW.outcome;
    DELETE FROM airing_quarters
    WHERE top_path = substr(NEW.area_path, 1, instr(substr(NEW.area_path, 2), '/') + 1)
        AND quarter_us = NEW.planned_us / 900000000 * 900000000 AND class = NEW.class
        AND outcome = NEW.outcome AND airings = 0;
END;

CREATE TRIGGER airings_planned AFTER INSERT ON airings
BEGIN
    INSERT INTO airing_tally VALUES (
        NEW.planned_us, NEW.broadcast, NEW.title, NEW.area_path, NEW.day, NEW.class, NEW.source,
        NEW.language, NEW.author, NEW.outcome, NEW.reason, NEW.duration_ms, NEW.frames, NEW.started_us,
        NEW.late_by_ms, 1);
END;

CREATE TRIGGER airings_changed
AFTER UPDATE OF title, area_path, day, class, source, language, author, outcome, reason, duration_ms, frames,
    started_us, late_by_ms ON airings
BEGIN
    INSERT INTO airing_tally VALUES (
        OLD.planned_us, OLD.broadcast, OLD.title, OLD.area_path, OLD.day, OLD.class, OLD.source,
        OLD.language, OLD.author, OLD.outcome, OLD.reason, OLD.duration_ms, OLD.frames, OLD.started_us,
        OLD.late_by_ms, -1);
    INSERT INTO airing_tally VALUES (
        NEW.planned_us, NEW.broadcast, NEW.title, NEW.area_path, NEW.day, NEW.class, NEW.source,
        NEW.language, NEW.author, NEW.outcome, NEW.reason, NEW.duration_ms, NEW.frames, NEW.started_us,
        NEW.late_by_ms, 1);
END;

-- The log so far.
INSERT INTO airing_days
SELECT day, area_path, class, source, language, coalesce(author, ''), outcome, reason, count(*),
       sum(duration_ms), sum(frames / 48), sum(started_us > 0 AND late_by_ms > 1000),
       sum((started_us > 0 AND late_by_ms > 1000) * late_by_ms)
FROM airings GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
INSERT INTO airing_months
SELECT day / 100, area_path, class, source, language, author, outcome, reason, sum(airings),
       sum(planned_ms), sum(played_ms), sum(late), sum(late_ms)
FROM airing_days GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
INSERT INTO airing_blocks
SELECT planned_us, broadcast, area_path, outcome, max(title), max(class), max(duration_ms), count(*)
FROM airings GROUP BY 1, 2, 3, 4;
INSERT INTO airing_quarters
SELECT substr(area_path, 1, instr(substr(area_path, 2), '/') + 1), planned_us / 900000000 * 900000000, class,
       outcome, count(*)
FROM airings GROUP BY 1, 2, 3, 4;

-- Airings of which no station said anything for 60 days, word for word as the controller signed it.
CREATE TABLE unreported (
    seq INTEGER PRIMARY KEY, -- in order of commit
    made_us INTEGER NOT NULL,
    airings INTEGER NOT NULL,
    sha256 TEXT NOT NULL, -- of the payload
    envelope TEXT NOT NULL
) STRICT;
CREATE INDEX unreported_made ON unreported (made_us);
