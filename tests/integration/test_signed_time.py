"""A board without a clock: it wakes up years back, gets its time from the controller, and plays."""

import glob
from datetime import datetime, timedelta, timezone

import pytest
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for
from evidence import GOOD_CORRELATION, at_rest, hear

import sound

BACK = timedelta(days=400)


@pytest.fixture
def commune(tmp_path):
    library = next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), None)
    if not library:
        pytest.fail("the package faketime is missing; tools/install-packages names it")
    with Desk(BUILD, tmp_path / "desk") as desk:
        desk.station_settings[1] = {"clock": "ntp", "environment": {
            "LD_PRELOAD": library, "FAKETIME": f"-{BACK.days}d", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}}
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        desk.make_cards(1)
        desk.start_station(1)
        wait_for(lambda: made.admin.get("/api/enrolments")["items"], 30)  # its first word was refused: wrong time
        made.pair(1, "Trạm không đồng hồ")
        yield made


def test_a_station_that_wakes_up_years_back_plays_on_time(commune):
    station = commune.memory["stations"]["1"]
    commune.wait_online(1)
    clock = wait_for(lambda: (lambda said: said if said["trust"] == 3 else None)(
        commune.admin.get(f"/api/stations/{station}")["clock"]), 30)
    assert 0 <= clock["error_ms"] < 5000
    bulletin = commune.speak_bulletin("Thông báo", "Xin chào bà con.")["id"]
    soon = (datetime.now(timezone.utc) + timedelta(seconds=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    order = commune.broadcast(bulletin, {"kind": "once", "at": soon}, [{"kind": "station", "id": station}])
    airing = commune.wait_receipts(order["id"])[0]
    assert airing["outcome"] == "played", airing
    # What left the card, by the machine's own wrong clock, is the planned instant 400 days back.
    canonical = commune.desk.place / "canonical.opus"
    canonical.write_bytes(commune.operator.raw("GET", f"/api/bulletins/{bulletin}/audio")[2])
    wait_for(lambda: at_rest(commune.desk.stamps(1)), 30)
    planned = datetime.fromisoformat(airing["planned_start"].replace("Z", "+00:00"))
    found = hear(commune.desk.sound, 1, sound.decode(canonical), (planned - BACK).isoformat())
    assert found["correlation"] >= GOOD_CORRELATION
    assert abs(found["start_error_ms"]) < 20 + clock["error_ms"]
