"""Stations whose controller or player dies: what was planned still sounds, once, and no receipt is lost."""

import time

from desk import wait_for
from evidence import GOOD_CORRELATION
from three_stations import commune, everything_mended, frames, heard, order, outcome, wait_sounding  # noqa: F401 (fixtures)

import sound


def test_a_station_plays_its_plan_with_the_controller_gone(commune):
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 15))
    broadcast = order(commune, 1, 2, when={"kind": "once", "at": at})
    wait_for(lambda: all(s["plan"]["current"] for s in commune.admin.get("/api/stations")["items"]), 15)
    time.sleep(1)
    commune.desk.controller.kill()
    time.sleep(18 + len(commune.reference) / 48000)
    commune.desk.start_controller()
    commune.log_in()
    for number in (1, 2):
        airing = outcome(commune, broadcast, number)
        assert airing["outcome"] == "played", airing
        assert heard(commune, number, airing)["correlation"] >= GOOD_CORRELATION


def test_a_player_killed_while_playing_never_starts_that_airing_again(commune):
    broadcast = order(commune, 1)
    wait_sounding(commune, 1)
    commune.desk.stations[1].kill()
    before = len(frames(commune, 1))
    commune.desk.start_station(1)
    airing = outcome(commune, broadcast, 1)
    assert (airing["outcome"], airing["reason"]) == ("partial", "restart")
    time.sleep(8)
    assert sound.level_dbfs(frames(commune, 1)[before:]) < -60


def test_killing_the_controller_again_and_again_loses_and_doubles_nothing(commune):
    broadcasts = [order(commune, 1, 2) for _ in range(1)]
    for _ in range(6):
        time.sleep(4)
        commune.desk.controller.kill()
        commune.desk.start_controller()
    commune.log_in()
    for broadcast in broadcasts:
        for number in (1, 2):
            assert outcome(commune, broadcast, number)["outcome"] == "played"
    for number in ("1", "2"):
        rows = commune.admin.get(f"/api/stations/{commune.memory['stations'][number]}/receipts", limit=100)["items"]
        counters = sorted(row["counter"] for row in rows)
        assert counters == list(range(1, len(counters) + 1))
        assert len({row["airing"] for row in rows}) == len(rows)
