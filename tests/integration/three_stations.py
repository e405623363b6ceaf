"""Three stations of one commune with simulated sound cards, mended again after each test."""

import time

import pytest
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for
from evidence import hear

import sound

STATIONS = 3


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("sound")) as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        desk.make_cards(STATIONS)
        desk.station_settings[3] = {"current_min_ma": 300}  # its board senses the amplifier; simulated, it draws 850
        for number in range(1, STATIONS + 1):
            desk.start_station(number)
            made.pair(number, f"Trạm {number}")
        made.wait_online(STATIONS)
        made.bulletin = made.speak_bulletin("Thông báo")["id"]
        canonical = desk.place / "canonical.opus"
        canonical.write_bytes(made.operator.raw("GET", f"/api/bulletins/{made.bulletin}/audio")[2])
        made.reference = sound.decode(canonical)
        yield made


@pytest.fixture(autouse=True)
def everything_mended(commune):
    yield
    desk = commune.desk
    for number in range(1, STATIONS + 1):
        desk.card(number, unplugged=0, stalled=0, mute=0, fail_open=0)
        desk.board(number, "current", "auto")
        if not desk.stations[number].running():
            desk.start_station(number)
    if not desk.controller.running():
        desk.start_controller()
    commune.log_in()
    commune.wait_online(STATIONS, 90)
    wait_for(lambda: not any(s["now_playing"] for s in commune.admin.get("/api/stations")["items"]), 60)


def order(commune, *numbers, **more):
    targets = [{"kind": "station", "id": commune.memory["stations"][str(number)]} for number in numbers]
    return commune.broadcast(commune.bulletin, targets=targets, **more)


def outcome(commune, broadcast, number):
    airing = next(a for a in commune.wait_receipts(broadcast["id"])
                  if a["station"] == commune.memory["stations"][str(number)])
    return airing


def heard(commune, number, airing):
    return hear(commune.desk.sound, number, commune.reference, airing["planned_start"])


def frames(commune, number):
    recording = commune.desk.recording(number)
    return sound.load(recording)[1] if recording.exists() else sound.np.zeros((0, 2))


def wait_sounding(commune, number, since=2.0):
    """Until a card has let new sound out, and then for `since` seconds more."""
    before = len(frames(commune, number))

    def loud():
        new = frames(commune, number)[before:]
        return len(new) > sound.RATE and sound.level_dbfs(new[-sound.RATE:]) > -45

    wait_for(loud, 60, 0.2)
    time.sleep(since)
