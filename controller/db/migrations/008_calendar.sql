-- Broadcasts that repeat by a rule, single occurrences that were changed, and calendars of holidays.

-- One row beside a broadcast of kind 'daily' whose rule is more than "every day"; for any broadcast
-- that repeats, end_us cuts the series off.
CREATE TABLE broadcast_rules (
    broadcast TEXT PRIMARY KEY REFERENCES broadcasts (id),
    rrule TEXT, -- RFC 5545; NULL with lunar_days, or for a plain daily
    lunar_days INTEGER NOT NULL DEFAULT 0,   -- bit d: day d; bit 0: the last of the month
    lunar_months INTEGER NOT NULL DEFAULT 0, -- bit m: month m; 0 = all
    lunar_skip_leap INTEGER NOT NULL DEFAULT 0,
    holidays TEXT, -- id of a calendar
    holidays_mode TEXT NOT NULL DEFAULT 'none' CHECK (holidays_mode IN ('none', 'except', 'only')),
    end_us INTEGER NOT NULL DEFAULT 0 -- no occurrence from here on; 0 = open
) STRICT;
CREATE INDEX broadcast_rules_holidays ON broadcast_rules (holidays) WHERE holidays IS NOT NULL;

-- EXDATE and RDATE.
CREATE TABLE broadcast_dates (
    broadcast TEXT NOT NULL REFERENCES broadcasts (id),
    kind TEXT NOT NULL CHECK (kind IN ('except', 'also')),
    at_us INTEGER NOT NULL,
    PRIMARY KEY (broadcast, kind, at_us)
) STRICT, WITHOUT ROWID;

-- RECURRENCE-ID: this one, or this one and all following.
CREATE TABLE broadcast_overrides (
    broadcast TEXT NOT NULL REFERENCES broadcasts (id),
    recurrence_us INTEGER NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('following', 'this')),
    start_us INTEGER,    -- this: when it starts instead
    shift_s INTEGER,     -- following: seconds on the wall clock
    gain_mdb INTEGER,    -- NULL = as it was
    tolerance_s INTEGER, -- NULL = as it was
    changed_by TEXT NOT NULL,
    changed_us INTEGER NOT NULL,
    PRIMARY KEY (broadcast, recurrence_us, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE holiday_calendars (
    id TEXT PRIMARY KEY,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    changed_us INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE holidays (
    calendar TEXT NOT NULL REFERENCES holiday_calendars (id),
    position INTEGER NOT NULL,
    lunar INTEGER NOT NULL, -- 1: month and day of the Vietnamese lunar calendar
    month INTEGER NOT NULL,
    day INTEGER NOT NULL,
    first INTEGER NOT NULL DEFAULT 0, -- days from that day to the first free one
    days INTEGER NOT NULL DEFAULT 1,
    from_year INTEGER NOT NULL DEFAULT 0, -- 0 = open; a row of one year replaces the others of its name
    to_year INTEGER NOT NULL DEFAULT 0,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (calendar, position)
) STRICT, WITHOUT ROWID;

-- Public holidays by the Labour Code 2019, article 112. Which days around Tết and 2 September are
-- free is decided each year: the rows of one year are what was decided, the general ones a start.
INSERT INTO holiday_calendars (id, name_vi, name_en)
VALUES ('vn', 'Ngày lễ Việt Nam', 'Public holidays of Vietnam');
INSERT INTO holidays (calendar, position, lunar, month, day, first, days, from_year, to_year, name_vi, name_en) VALUES
    ('vn', 0, 0, 1, 1, 0, 1, 0, 0, 'Tết Dương lịch', 'New Year''s Day'),
    ('vn', 1, 1, 1, 1, -1, 5, 0, 0, 'Tết Nguyên đán', 'Lunar New Year'),
    ('vn', 2, 1, 1, 1, -2, 7, 2024, 2024, 'Tết Nguyên đán', 'Lunar New Year'),
    ('vn', 3, 1, 1, 1, -2, 5, 2025, 2025, 'Tết Nguyên đán', 'Lunar New Year'),
    ('vn', 4, 1, 3, 10, 0, 1, 0, 0, 'Giỗ Tổ Hùng Vương', 'Hùng Kings'' Day'),
    ('vn', 5, 0, 4, 30, 0, 1, 0, 0, 'Ngày Chiến thắng', 'Reunification Day'),
    ('vn', 6, 0, 5, 1, 0, 1, 0, 0, 'Ngày Quốc tế lao động', 'Labour Day'),
    ('vn', 7, 0, 9, 2, -1, 2, 0, 0, 'Quốc khánh', 'National Day'),
    ('vn', 8, 0, 9, 2, 0, 2, 2024, 2024, 'Quốc khánh', 'National Day'),
    ('vn', 9, 0, 11, 24, 0, 1, 2026, 0, 'Ngày Văn hóa Việt Nam', 'Vietnamese Culture Day');
