"""One flipped bit in what a station keeps: it is never played and never obeyed."""

import time

from desk import wait_for
from evidence import hear
from three_stations import commune, everything_mended, frames, order, outcome  # noqa: F401 (fixtures)

import sound


def in_seconds(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def flip_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_one_flipped_bit_in_a_stored_sound_is_never_played(commune):
    broadcast = order(commune, 1, when={"kind": "once", "at": in_seconds(12)})
    wait_for(lambda: all(s["plan"]["current"] for s in commune.admin.get("/api/stations")["items"]), 10)
    commune.desk.controller.kill()
    for media in (path for path in (commune.desk.station_dir(1) / "media").rglob("*") if path.is_file()):
        flip_bit(media)
    before = len(frames(commune, 1))
    time.sleep(20)
    assert sound.level_dbfs(frames(commune, 1)[before:]) < -60
    commune.desk.start_controller()
    commune.log_in()
    # With the controller back in time it is fetched again and plays late, else it is missed: honest either way.
    airing = outcome(commune, broadcast, 1)
    found = heard_late(commune, airing)
    assert (airing["outcome"], bool(found)) in (("played", True), ("missed", False)), airing


def heard_late(commune, airing):
    started = airing["started_at"] or airing["planned_start"]
    return hear(commune.desk.sound, 1, commune.reference, started)


def test_one_flipped_bit_in_a_stored_plan_is_never_obeyed(commune):
    desk = commune.desk
    order(commune, 1, when={"kind": "once", "at": in_seconds(14)}, tolerance_s=0)
    wait_for(lambda: all(s["plan"]["current"] for s in commune.admin.get("/api/stations")["items"]), 10)
    desk.stations[1].stop()
    desk.controller.kill()
    flip_bit(desk.station_dir(1) / "plan.json")
    before = len(frames(commune, 1))
    desk.start_station(1)
    time.sleep(22)
    assert sound.level_dbfs(frames(commune, 1)[before:]) < -60
    assert "plan" in desk.stations[1].log.read_text().lower()
