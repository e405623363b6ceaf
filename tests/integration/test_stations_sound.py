"""Real daemons, simulated sound cards with faults on command: what the receipt says is what the
recording says. Every judgement of sound comes from the recordings and their stamps.
"""

import time
from datetime import datetime

from desk import wait_for
from evidence import GOOD_CORRELATION
from three_stations import commune, everything_mended, frames, heard, order, outcome, wait_sounding  # noqa: F401 (fixtures)

import sound


def faults(commune, station):
    return commune.admin.get(f"/api/stations/{station}")["faults"]


def test_three_stations_play_the_same_bulletin_at_the_same_instant(commune):
    broadcast = order(commune, 1, 2, 3)
    wait_for(lambda: {a["outcome"] for a in commune.airings(broadcast["id"])} == {"playing"}, 30)
    assert commune.desk.lights(1) == {"on_air": "on", "network": "on", "fault": "off"}
    on_air = commune.admin.get("/api/home", area=commune.memory["commune"])["now"]
    assert [(now["title"], now["stations"]["playing"]) for now in on_air] == [("Thông báo", 3)]
    starts = []
    for number in (1, 2, 3):
        airing = outcome(commune, broadcast, number)
        found = heard(commune, number, airing)
        assert airing["outcome"] == "played", airing
        assert found["correlation"] >= GOOD_CORRELATION
        assert abs(found["start_error_ms"]) < 5
        assert airing["evidence"]["grade"] == (3 if number == 3 else 2)   # only the third senses the current
        assert airing["evidence"]["amplifier"] == "on"
        starts.append(found["start_s"])
    assert max(starts) - min(starts) < 0.005
    wait_for(lambda: commune.desk.lights(1)["on_air"] == "off", 10)


def test_a_muted_card_and_a_horn_without_current_are_never_called_played(commune):
    commune.desk.board(3, "current", "0")   # a cable that was cut: the card plays, nobody hears it
    broadcast = order(commune, 1, 2, 3)
    stop = time.monotonic() + 60
    while time.monotonic() < stop and not any(a.get("receipt") for a in commune.airings(broadcast["id"])):
        commune.desk.card(1, mute=1)  # a hand that keeps the knob at zero
        time.sleep(0.1)
    muted, control, horn = (outcome(commune, broadcast, number) for number in (1, 2, 3))
    assert (muted["outcome"], muted["reason"]) in (("missed", "device_fault"), ("partial", "device_fault"))
    assert control["outcome"] == "played"

    assert (horn["outcome"], horn["reason"]) == ("missed", "device_fault")
    assert heard(commune, 3, horn)["correlation"] >= GOOD_CORRELATION
    evidence = horn["evidence"]
    assert evidence["frames"] > 0 and evidence["amplifier"] == "on" and evidence["grade"] == 2
    way = commune.admin.get(f"/api/airings/{horn['id']}?planned_start={horn['planned_start']}")
    assert way["receipts"][0]["fault"] == "no-current"
    (fault,) = wait_for(lambda: faults(commune, horn["station"]), 10)
    assert fault["code"] == "silent_horn" and "no current goes to the horn" in fault["text"] and fault["next_step"]
    commune.admin.language = "vi"
    (fault,) = faults(commune, horn["station"])
    commune.admin.language = "en"
    assert "loa không kêu" in fault["text"] and "dây loa" in fault["next_step"]


def test_an_unplugged_card_is_missed_with_a_device_fault(commune):
    commune.desk.card(1, unplugged=1)
    airing = outcome(commune, order(commune, 1), 1)
    assert (airing["outcome"], airing["reason"]) == ("missed", "device_fault")
    assert commune.desk.lights(1) == {"on_air": "off", "network": "on", "fault": "blink"}
    wait_for(lambda: any(fault["code"] == "device_fault" and fault["next_step"] for fault in
                         commune.admin.get(f"/api/stations/{airing['station']}")["faults"]), 30)


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
