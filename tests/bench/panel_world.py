"""Fills a controller's database with a province: communes, stations and as many airings as are wanted."""

import sqlite3
import time

COMMUNES = 200
SLOTS = (5 * 60, 5 * 60 + 30, 6 * 60, 11 * 60, 16 * 60 + 30, 17 * 60, 17 * 60 + 30, 18 * 60)  # minutes of the day


def fill(path, stations, airings):
    """The controller must not run. Gives the province's id."""
    base = sqlite3.connect(path)
    base.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;")
    top, = base.execute("SELECT id FROM areas WHERE parent IS NULL").fetchone()
    communes = [f"c{n:015x}" for n in range(COMMUNES)]
    base.executemany("INSERT INTO areas (id, parent, name, kind, path, search, created_us) VALUES (?, ?, ?, 'commune', ?, ?, 0)",
                     [(c, top, f"Xã số {n}", f"/{top}/{c}/", f"xa so {n}") for n, c in enumerate(communes)])
    base.executemany("INSERT INTO stations (id, area, name, search, keyid, public_key, serial, model, accepted_us) "
                     "VALUES (?, ?, ?, ?, ?, zeroblob(32), ?, 'bench', 0)",
                     [(f"s{n:031x}", communes[n % COMMUNES], f"Trạm {n}", f"tram {n}", f"{n:064x}", f"S{n}")
                      for n in range(stations)])
    now = int(time.time())
    midnight = (now + 7 * 3600) // 86400 * 86400 - 7 * 3600
    days = -(-airings // (stations * len(SLOTS)))

    def rows():
        made = 0
        for back in range(-1, days - 1):  # tomorrow first, so that home has something to come
            day = midnight - back * 86400
            wall = time.gmtime(day + 7 * 3600)
            number = wall.tm_year * 10000 + wall.tm_mon * 100 + wall.tm_mday
            for slot, minute in enumerate(SLOTS):
                start = day + minute * 60
                for station in range(stations):
                    commune = station % COMMUNES
                    order = "province" if slot == 0 else f"b{commune}-{slot}"
                    late = start < now - 3600
                    outcome = ("missed" if (station * 7 + made) % 97 == 0 else "played") if late else ""
                    yield (start * 1000000, f"{made:032x}", f"s{station:031x}", order, communes[commune],
                           f"/{top}/{communes[commune]}/", "Thông báo của xã", outcome, "no_power" if outcome == "missed" else "",
                           "station" if outcome else "", start * 1000000 if outcome == "played" else 0,
                           48000 * 600 if outcome == "played" else 0, number)
                    made += 1
                    if made == airings:
                        return

    base.executemany(
        "INSERT INTO airings (planned_us, id, station, broadcast, area, area_path, bulletin, bulletin_version, title, class, "
        "duration_ms, start_by_us, author, outcome, reason, said_by, started_us, frames, day, source, language) "
        "VALUES (?, ?, ?, ?, ?, ?, 'b', 'v', ?, 'normal', 600000, 0, 'An', ?, ?, ?, ?, ?, ?, 'speech', 'vi')", rows())
    base.commit()
    base.execute("ANALYZE")
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()
    return top
