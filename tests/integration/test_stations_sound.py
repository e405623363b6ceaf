"""Real daemons, simulated sound cards with faults on command: what the receipt says is what the
recording says. Every judgement of sound comes from the recordings and their stamps.
"""

import time
from datetime import datetime

import pytest
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for
from evidence import GOOD_CORRELATION, hear

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


def test_three_stations_play_the_same_bulletin_at_the_same_instant(commune):
    broadcast = order(commune, 1, 2, 3)
    wait_for(lambda: {a["outcome"] for a in commune.airings(broadcast["id"])} == {"playing"}, 30)
    on_air = commune.admin.get("/api/home", area=commune.memory["commune"])["now"]
    assert [(now["title"], now["stations"]["playing"]) for now in on_air] == [("Thông báo", 3)]
    starts = []
    for number in (1, 2, 3):
        airing = outcome(commune, broadcast, number)
        found = heard(commune, number, airing)
        assert airing["outcome"] == "played", airing
        assert found["correlation"] >= GOOD_CORRELATION
        assert abs(found["start_error_ms"]) < 5
        assert airing["evidence"]["grade"] >= 2 and airing["evidence"]["amplifier"] == "on"
        starts.append(found["start_s"])
    assert max(starts) - min(starts) < 0.005


def test_a_muted_card_is_never_called_played(commune):
    broadcast = order(commune, 1, 2)
    stop = time.monotonic() + 60
    while time.monotonic() < stop and not any(a.get("receipt") for a in commune.airings(broadcast["id"])):
        commune.desk.card(1, mute=1)  # a hand that keeps the knob at zero
        time.sleep(0.1)
    muted, control = outcome(commune, broadcast, 1), outcome(commune, broadcast, 2)
    assert (muted["outcome"], muted["reason"]) in (("missed", "device_fault"), ("partial", "device_fault"))
    assert control["outcome"] == "played"


def test_an_unplugged_card_is_missed_with_a_device_fault(commune):
    commune.desk.card(1, unplugged=1)
    airing = outcome(commune, order(commune, 1), 1)
    assert (airing["outcome"], airing["reason"]) == ("missed", "device_fault")
    station = commune.admin.get(f"/api/stations/{airing['station']}")
    assert any(fault["code"] == "device_fault" and fault["next_step"] for fault in station["faults"])


def test_a_pointer_that_stands_still_is_not_called_played(commune):
    broadcast = order(commune, 1)
    wait_sounding(commune, 1)
    commune.desk.card(1, stalled=1)
    airing = outcome(commune, broadcast, 1)
    assert (airing["outcome"], airing["reason"]) == ("partial", "device_fault")


def test_a_card_that_comes_back_goes_on_at_the_right_place(commune):
    broadcast = order(commune, 1)
    wait_sounding(commune, 1)
    commune.desk.card(1, unplugged=1)
    time.sleep(1.5)
    commune.desk.card(1, unplugged=0)
    airing = outcome(commune, broadcast, 1)
    assert (airing["outcome"], airing["reason"]) == ("partial", "device_fault")
    assert 0 < airing["evidence"]["frames"] < len(commune.reference)
    # Its last three seconds sound exactly where they would have without the break.
    tail = commune.reference[-3 * sound.RATE:]
    planned = datetime.fromisoformat(airing["planned_start"]).timestamp()
    due = planned + (len(commune.reference) - len(tail)) / sound.RATE
    stamps = sound.Stamps(commune.desk.stamps(1))
    # The recording holds the same file from earlier tests too: only its own second counts.
    around = stamps.frame_at((due - 0.5) * 1e6), stamps.frame_at((due + 0.5) * 1e6)
    found = sound.correlate(frames(commune, 1), tail, around)
    assert found.correlation > 0.9
    assert abs(stamps.when(found.frame) / 1e6 - due) < 0.005


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
