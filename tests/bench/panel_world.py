"""Fills a controller's database with a province: communes, stations that answer, and as many airings as are wanted.

The past is written by SQL straight into the tables, in the order of the key, with the indexes and the counts made
afterwards: three million rows take about a minute. What is still to come is left to the controller, which plans the
broadcasts that stand here as it does for everybody.
"""

import json
import sqlite3
import time

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

COMMUNES = 200
NAMES = ("Phú Xuân", "Đông Hòa", "Thạch Đà", "Yên Lạc", "Mỹ Đức", "Quảng Ngần", "Lũng Cú", "Nậm Mười", "Bản Phố", "Tân Thuận")
HAMLETS = ("Đông", "Đoài", "Thượng", "Hạ", "Trung", "Bến", "Chợ", "Đình", "Trại", "Mới")
TITLES = ("Bản tin sáng", "Lịch tiêm chủng", "Thông báo cắt điện", "Phòng cháy rừng", "Họp thôn", "Giá nông sản", "Tiếp sóng đài tỉnh",
          "Vệ sinh môi trường", "Tuyển quân", "Cảnh báo mưa lũ", "Chuyển đổi số", "Bảo hiểm y tế")
LOST = "Kỷ niệm ngày thành lập xã"
SLOTS = (5 * 60, 5 * 60 + 30, 6 * 60, 11 * 60, 16 * 60 + 30, 17 * 60, 17 * 60 + 30, 18 * 60)  # minutes of the day; the first is the province's
DAY_S, EAST_S = 86400, 7 * 3600
SHA = "a" * 64
FAULTS = ("device_fault", "no_power", "amplifier", "no_media", "heat")


def fold(text):
    """Without marks, lower case, as the controller stores what is searched."""
    import unicodedata
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def add_areas(base, top):
    rows = []
    for n in range(COMMUNES):
        name = f"Xã {NAMES[n % len(NAMES)]} {n // len(NAMES) + 1}"
        area = f"c{n:015x}"
        rows.append((area, top, name, f"/{top}/{area}/", fold(name)))
    base.executemany("INSERT INTO areas (id, parent, name, kind, path, search, created_us) VALUES (?, ?, ?, 'commune', ?, ?, 0)", rows)


def add_stations(base, count, keys):
    """Gives the private keys where they are wanted, in the order of the stations."""
    private, rows = [], []
    for n in range(count):
        name, public = f"Loa thôn {HAMLETS[n // COMMUNES % len(HAMLETS)]} {n}", n.to_bytes(32, "big")
        if keys:
            private.append(Ed25519PrivateKey.generate())
            public = private[-1].public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        rows.append((f"s{n:031x}", f"c{n % COMMUNES:015x}", name, f"{fold(name)} b{n:05}", keyid(public), public, f"B{n:05}",
                     20.6 + n % COMMUNES // 20 * 0.08 + n // COMMUNES * 0.002, 105.0 + n % 20 * 0.08 + n // COMMUNES % 5 * 0.01))
    base.executemany("INSERT INTO stations (id, area, name, search, keyid, public_key, serial, model, accepted_us, latitude, longitude) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, 'bench', 0, ?, ?)", rows)
    return private


def keyid(public):
    import hashlib
    return hashlib.sha256(public).hexdigest()


def health_of(n, now_us):
    """What station `n` says of itself: every 50th has a fault, every 80th still waits for a file."""
    fault = [{"code": FAULTS[n % len(FAULTS)], "since_us": now_us - 3_600_000_000}] if n % 50 == 7 else []
    return {"software": "0.1.0", "protocol": 1, "formats": ["ogg-opus"], "plan": {"epoch": 1, "version": 1},
            "media": {"ready": 3, "missing": [SHA] if n % 80 == 11 else []}, "clock": {"trust": 2, "error_ms": 4}, "level_dbfs": -90.0,
            "volume_mdb": 0, "now_playing": None, "amplifier": "off", "faults": fault, "refusals": [],
            "board": {"mains": True, "tamper": False, "battery_mv": 12600}, "receipts_waiting": 0, "storage_free_bytes": 1 << 33}


def add_health(base, count):
    """All but every 100th are online; they stay so while they post, or for a minute and a half."""
    now_us = time.time_ns() // 1000
    base.executemany("INSERT INTO station_health (station, state, state_us, last_us, facts) VALUES (?, ?, ?, ?, ?)",
                     [(f"s{n:031x}", "offline" if n % 100 == 99 else "online", now_us - 86_400_000_000, now_us, json.dumps(health_of(n, now_us)))
                      for n in range(count)])


def add_orders(base, top, per_commune):
    """An approved bulletin; from tomorrow on one daily broadcast of the province and `per_commune` of each commune."""
    author, = base.execute("SELECT id FROM users LIMIT 1").fetchone()
    start_us = int((time.time() + EAST_S) // DAY_S * DAY_S - EAST_S + DAY_S) * 1_000_000
    base.execute("INSERT INTO bulletins (id, area, newest, approved, created_us) VALUES ('b', ?, 'v', 'v', 0)", (top,))
    base.execute("INSERT INTO bulletin_versions (id, bulletin, number, title, language, author, author_name, state, approver, approver_name, audio, "
                 "sha256, bytes, frames, created_us, updated_us) VALUES ('v', 'b', 1, 'Bản tin sáng', 'vi', ?, 'An', 'approved', ?, 'Bình', 'ready', ?, "
                 "900000, 28800000, 0, 0)", (author, author, SHA))
    base.execute("INSERT INTO approved_scopes (version, scope, class, at_us) VALUES ('v', ?, 'priority', 0)", (top,))
    orders = [("province", top, SLOTS[0])]
    orders += [(f"b{n}-{slot}", f"c{n:015x}", SLOTS[slot]) for n in range(COMMUNES) for slot in range(1, per_commune + 1)]
    base.executemany("INSERT INTO broadcasts (id, bulletin, area, kind, start_us, zone, class, tolerance_s, gain_mdb, created_by, created_by_name, "
                     "created_us) VALUES (?, 'b', ?, 'daily', ?, 'Asia/Ho_Chi_Minh', 'normal', 600, 0, ?, 'An', 0)",
                     [(name, area, start_us + minute * 60_000_000, author) for name, area, minute in orders])
    base.executemany("INSERT INTO broadcast_targets (broadcast, position, kind, target, exclude) VALUES (?, 0, 'area', ?, 0)",
                     [(name, area) for name, area, _ in orders])


WORDS = ("tiêm chủng mở rộng cho trẻ em dưới năm tuổi tại trạm y tế xã, ngừng cấp điện đường dây trung thế để sửa chữa, họp thôn bàn việc "
         "làm đường bê tông, phòng chống cháy rừng mùa khô hanh, giá lúa và phân bón tuần này, vệ sinh đường làng ngõ xóm sáng chủ nhật").split()


def add_library(base, area, count):
    """`count` bulletins of an area, one of half an hour each back from now: read aloud or recorded, most of them approved. The oldest is called LOST."""
    author, name = base.execute("SELECT id, name FROM users LIMIT 1").fetchone()
    now_us = time.time_ns() // 1000
    rows = []
    for n in range(count):
        title = LOST if n == 0 else f"{TITLES[n % len(TITLES)]} số {n}"
        text = " ".join(WORDS[(n * 7 + k * (1 + n % 5)) % len(WORDS)] for k in range(150)) if n % 2 else None
        state = "draft" if n % 20 == 9 else "approved"
        rows.append((f"l{n:015x}", f"w{n:015x}", title, text, state, now_us - (count - n) * 1_800_000_000))
    base.executemany("INSERT INTO bulletins (id, area, newest, approved, created_us) VALUES (?, ?, ?, ?, ?)",
                     [(one, area, version, version if state == "approved" else None, at) for one, version, _, _, state, at in rows])
    base.executemany("INSERT INTO bulletin_versions (id, bulletin, number, title, language, author, author_name, state, approver, approver_name, audio, "
                     "sha256, bytes, frames, text, created_us, updated_us) VALUES (?, ?, 1, ?, 'vi', ?, ?, ?, ?, 'Bình', 'ready', ?, 900000, 28800000, ?, ?, ?)",
                     [(version, one, title, author, name, state, author, SHA, text, at, at) for one, version, title, text, state, at in rows])


def add_aired(base, count):
    """The newest but one was aired yesterday at noon, at one station, as an order of its own."""
    author, = base.execute("SELECT id FROM users LIMIT 1").fetchone()
    noon = int((time.time() + EAST_S) // DAY_S * DAY_S - EAST_S - DAY_S // 2)
    day = int(time.strftime("%Y%m%d", time.gmtime(noon + EAST_S)))
    bulletin, version = f"l{count - 2:015x}", f"w{count - 2:015x}"
    base.execute("INSERT INTO broadcasts (id, bulletin, area, kind, start_us, zone, class, tolerance_s, gain_mdb, created_by, created_by_name, created_us) "
                 "VALUES ('aired', ?, ?, 'once', ?, 'Asia/Ho_Chi_Minh', 'normal', 600, 0, ?, 'An', 0)", (bulletin, f"c{0:015x}", noon * 1_000_000, author))
    base.execute("INSERT INTO airings (planned_us, id, station, broadcast, area, area_path, bulletin, bulletin_version, title, class, duration_ms, start_by_us, "
                 "author, outcome, said_by, started_us, ended_us, grade, frames, day, source, language) SELECT ?, ?, s.id, 'aired', s.area, a.path, ?, ?, "
                 "'Bản tin trưa', 'normal', 600000, ?, 'An', 'played', 'station', ?, ?, 3, 28800000, ?, 'speech', 'vi' FROM stations s JOIN areas a "
                 "ON a.id = s.area WHERE s.id = ?", (noon * 1_000_000, "a" * 32, bulletin, version, (noon + 600) * 1_000_000, noon * 1_000_000 + 12_000,
                                                    (noon + 600) * 1_000_000, day, f"s{0:031x}"))


# Newest day first in `bench_day`, but written oldest first: the rows come in the order of the key.
AIRINGS = """
INSERT INTO airings (planned_us, id, station, broadcast, area, area_path, bulletin, bulletin_version, title, class, duration_ms, start_by_us,
                     author, approver, outcome, reason, said_by, started_us, ended_us, late_by_ms, grade, rms_dbfs, peak_dbfs, frames, amplifier,
                     clock_trust, receipt_counter, receipts, day, source, language)
SELECT start_us, printf('%08x%08x%016x', (s.n * 2654435761 + start_us / 60000000) & 4294967295, s.n, start_us), s.id,
       CASE WHEN slot = 0 THEN 'province' ELSE s.order_name || slot END, s.area, s.path, 'b', 'v', title, class, 600000, start_us + 600000000, 'An', 'Bình',
       word, CASE word WHEN 'missed' THEN (CASE WHEN s.n % 2 THEN 'no_power' ELSE 'device_fault' END) WHEN 'partial' THEN 'stopped' ELSE '' END,
       CASE word WHEN '' THEN '' WHEN 'cancelled' THEN 'controller' ELSE 'station' END,
       CASE WHEN word IN ('played', 'partial') THEN start_us + 12000 ELSE 0 END, CASE WHEN word IN ('played', 'partial') THEN start_us + 600012000 ELSE 0 END,
       CASE WHEN word IN ('played', 'partial') THEN 12 ELSE 0 END, CASE WHEN word IN ('played', 'partial') THEN 3 ELSE 0 END, -19.5, -6.0,
       CASE word WHEN 'played' THEN 28800000 WHEN 'partial' THEN 9600000 ELSE 0 END, 'on', 2, serial, word <> '', day, 'speech', 'vi'
FROM (SELECT start_us, day, slot, title, class, serial, s.*,
             CASE (s.n * 7 + serial * 13) % 401 WHEN 3 THEN 'missed' WHEN 90 THEN 'missed' WHEN 200 THEN 'partial' WHEN 300 THEN 'cancelled' WHEN 399 THEN ''
             ELSE 'played' END AS word
      FROM bench_time t CROSS JOIN bench_station s)
s LIMIT ?
"""


def add_airings(base, stations, airings):
    base.execute("CREATE TEMP TABLE bench_station AS SELECT s.n, s.id, s.area, a.path, 'b' || (s.n % ?) || '-' AS order_name FROM "
                 "(SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, area FROM stations) s JOIN areas a ON a.id = s.area ORDER BY s.n", (COMMUNES,))
    base.execute("CREATE TEMP TABLE bench_time (start_us INTEGER PRIMARY KEY, day INTEGER, slot INTEGER, title TEXT, class TEXT, serial INTEGER)")
    now, times = time.time(), []
    midnight = (now + EAST_S) // DAY_S * DAY_S - EAST_S
    wanted, back = -(-airings // stations), 0
    while len(times) < wanted:
        wall = time.gmtime(midnight - back * DAY_S + EAST_S)
        number = wall.tm_year * 10000 + wall.tm_mon * 100 + wall.tm_mday
        for slot in reversed(range(len(SLOTS))):
            start = midnight - back * DAY_S + SLOTS[slot] * 60
            if start < now - 3600 and len(times) < wanted:
                serial = wanted - len(times)
                times.append((int(start * 1_000_000), number, slot, TITLES[(slot + back) % len(TITLES)], "priority" if serial % 40 == 5 else "normal", serial))
        back += 1
    base.executemany("INSERT INTO bench_time VALUES (?, ?, ?, ?, ?, ?)", times)
    base.execute(AIRINGS, (airings,))


# What the triggers would have counted row by row.
COUNTS = """
INSERT INTO airing_days
SELECT day, area_path, class, source, language, coalesce(author, ''), outcome, reason, count(*), sum(duration_ms), sum(frames / 48),
       sum(started_us > 0 AND late_by_ms > 1000), sum((started_us > 0 AND late_by_ms > 1000) * late_by_ms)
FROM airings GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
INSERT INTO airing_months
SELECT day / 100, area_path, class, source, language, author, outcome, reason, sum(airings), sum(planned_ms), sum(played_ms), sum(late), sum(late_ms)
FROM airing_days GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
INSERT INTO airing_blocks
SELECT planned_us, broadcast, area_path, outcome, max(title), max(class), max(duration_ms), count(*) FROM airings GROUP BY 1, 2, 3, 4;
"""


def fill(path, stations, airings, orders=None, keys=False, library=0):
    """The controller must not run. `library`: bulletins of the first commune. `orders`: daily broadcasts of each commune beside the province's; None = nothing to come. Gives the province's id and, with `keys`, the stations' private keys."""
    base = sqlite3.connect(path, isolation_level=None)
    base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000; PRAGMA temp_store=MEMORY; BEGIN")
    top, = base.execute("SELECT id FROM areas WHERE parent IS NULL").fetchone()
    add_areas(base, top)
    private = add_stations(base, stations, keys)
    add_health(base, stations)
    if orders is not None:
        add_orders(base, top, orders)
    if library:
        add_library(base, f"c{0:015x}", library)
    base.execute("INSERT INTO bulletin_shelf (id) SELECT id FROM bulletins ORDER BY created_us, id")
    base.execute("INSERT INTO bulletin_words (rowid, words, places, marks) SELECT seq, words, places, marks FROM bulletin_terms ORDER BY seq")
    aside = base.execute("SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = 'airings' AND type IN ('index', 'trigger') AND sql IS NOT NULL").fetchall()
    for kind, name, _ in aside:
        base.execute(f"DROP {kind} {name}")
    add_airings(base, stations, airings)
    if library:
        add_aired(base, library)
    for _, _, sql in aside:
        base.execute(sql)
    base.execute("COMMIT")
    base.close()
    base = sqlite3.connect(path, isolation_level=None)
    base.executescript(f"PRAGMA synchronous=OFF; PRAGMA cache_size=-400000; BEGIN; {COUNTS} COMMIT; ANALYZE; PRAGMA journal_mode=WAL")
    base.close()
    return top, private


def start_playing(path):
    """The controller must not run. An airing of the province's broadcast at every station, on air since a minute, as each of them says."""
    base = sqlite3.connect(path)
    now_us = time.time_ns() // 1000
    start_us = now_us // 60_000_000 * 60_000_000 - 60_000_000
    base.execute("INSERT INTO airings (planned_us, id, station, broadcast, area, area_path, bulletin, bulletin_version, title, class, duration_ms, start_by_us, "
                 "author, day, source, language) SELECT ?, printf('%032x', s.rowid), s.id, 'province', s.area, a.path, 'b', 'v', 'Bản tin sáng', 'normal', 600000, 0, 'An', "
                 "?, 'speech', 'vi' FROM stations s JOIN areas a ON a.id = s.area", (start_us, int(time.strftime("%Y%m%d", time.gmtime(time.time() + EAST_S)))))
    base.execute("UPDATE station_health SET state = 'online', last_us = ?, facts = json_set(facts, '$.now_playing', "
                 "(SELECT printf('%032x', rowid) FROM stations WHERE id = station))", (now_us,))
    base.commit()
    base.close()
