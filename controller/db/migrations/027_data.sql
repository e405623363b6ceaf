-- What a station may use of its SIM, beside what its areas allow: millions of bytes; 0 = no limit of its own.

ALTER TABLE stations ADD COLUMN data_day_mb INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stations ADD COLUMN data_month_mb INTEGER NOT NULL DEFAULT 0;
