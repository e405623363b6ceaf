"""Who goes first, through real daemons and simulated cards: what the timeline promises is what the recordings hold.
Near starts and short clips; instants come from the cards' stamps and the receipts, never from when a test looked.
"""

import base64
import json
import time
from datetime import datetime

import pytest
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for

import sound

STATIONS = 2
LONG = "Kính mời bà con tới nhà văn hóa họp bàn việc làm đường, xin mời các hộ đến dự."
SHORT = "Xin chú ý, nước đang lên."


def spoken(commune, title, text, name):
    bulletin = commune.speak_bulletin(title, text, wav=commune.desk.place / f"{name}.wav")["id"]
    canonical = commune.desk.place / f"{name}.opus"
    canonical.write_bytes(commune.operator.raw("GET", f"/api/bulletins/{bulletin}/audio")[2])
    return bulletin, sound.decode(canonical)


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("ranks")) as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        desk.make_cards(STATIONS)
        for number in range(1, STATIONS + 1):
            desk.start_station(number)
            made.pair(number, f"Trạm {number}")
        made.long, made.long_sound = spoken(made, "Họp thôn", LONG, "long")
        made.short, made.short_sound = spoken(made, "Nước lên", SHORT, "short")
        made.wait_online(STATIONS)
        yield made


def clock(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def order(commune, bulletin, at, number, **more):
    targets = [{"kind": "station", "id": commune.memory["stations"][str(number)]}]
    # The leader approves what the leader orders, as a higher class, too.
    return commune.leader.post("/api/broadcasts", {
        "bulletin": bulletin, "area": commune.memory["commune"], "targets": targets,
        "when": {"kind": "once", "at": clock(at)}, **more})


def paper(commune, broadcast):
    """(airing, receipt): what the only station that it was for says of it."""
    airing = commune.wait_receipts(broadcast["id"], 40)[0]
    receipts = commune.admin.get(f"/api/stations/{airing['station']}/receipts")["items"]
    envelope = next(r["envelope"] for r in receipts if r["airing"] == airing["id"])
    return airing, json.loads(base64.b64decode(envelope["payload"]))


def segments(receipt):
    return receipt["items"][0]["segments"]


def heard_us(commune, number, reference, since_us):
    """When the clip left the card, by correlation with what the card let out."""
    stamps, heard = sound.Stamps(commune.desk.stamps(number)), sound.load(commune.desk.recording(number))[1]
    start = stamps.frame_at(since_us)
    found = sound.correlate(heard, reference, (start, max(len(heard) - len(reference) // 2, start)))
    assert found.frame is not None and found.correlation > 0.9
    return stamps.when(found.frame)


def test_ties_take_turns_and_a_higher_rank_comes_in_between(commune):
    at = int(time.time()) + 4
    # Both at one time at the first station: one plays, the other directly after it.
    first = order(commune, commune.long, at, 1, **{"class": "priority"})
    second = order(commune, commune.short, at, 1, **{"class": "priority"})
    # A higher rank in the midst of the other at the second station.
    below = order(commune, commune.long, at, 2)
    above = order(commune, commune.short, at + 2, 2, **{"class": "priority"})

    (a, one), (b, two) = paper(commune, first), paper(commune, second)
    assert (a["outcome"], b["outcome"]) == ("played", "played")
    assert (one["late_by_ms"], two["late_by_ms"]) == (0, 0)     # a planned move is no lateness
    length_us = len(commune.long_sound) / 0.048
    assert two["planned_us"] == at * 1_000_000
    assert abs(two["resolved_us"] - at * 1e6 - length_us) < 1000
    assert abs(segments(two)[0]["first_us"] - segments(one)[0]["first_us"] - length_us) < 5000
    assert abs(heard_us(commune, 1, commune.short_sound, at * 1e6) - segments(two)[0]["first_us"]) < 5000

    (c, low), (d, high) = paper(commune, below), paper(commune, above)
    assert (c["outcome"], d["outcome"]) == ("played", "played")
    assert abs(heard_us(commune, 2, commune.short_sound, at * 1e6) - (at + 2) * 1e6) < 5000
    before, after = segments(low)
    assert after["offset_frames"] == before["offset_frames"] + before["frames"]     # no word lost, none twice
    assert before["frames"] + after["frames"] > len(commune.long_sound) - 960
    assert before["last_us"] <= (at + 2) * 1e6 + 300_000      # a fade at most
    end_us = segments(high)[0]["first_us"] + len(commune.short_sound) / 0.048
    assert end_us - 5000 < after["first_us"] < end_us + 1e6
    tail = commune.long_sound[-int(1.5 * sound.RATE):]
    said_us = after["first_us"] + (len(commune.long_sound) - len(tail) - after["offset_frames"]) / 0.048
    assert abs(heard_us(commune, 2, tail, at * 1e6) - said_us) < 5000


def test_what_aired_as_priority_is_proposed_as_that_to_whoever_may_issue_it(commune):
    area = commune.memory["commune"]

    def newest(person):
        return person.get("/api/home/again", area=area)["items"][0]

    assert (newest(commune.leader)["bulletin"], newest(commune.leader)["class"]) == (commune.short, "priority")
    assert newest(commune.admin) == newest(commune.leader)      # from above, for the unit
    commune.admin.call("PUT", f"/api/areas/{area}/policy", {"roles": {"commune_operator": ["normal"]}})
    assert (newest(commune.operator)["class"], newest(commune.leader)["class"]) == ("normal", "priority")
    again = newest(commune.admin)
    ordered = commune.admin.post("/api/broadcasts", {**{key: again[key] for key in ("bulletin", "area", "targets", "class")}, "when": {"kind": "now"}})
    assert ordered["class"] == "priority"
    commune.admin.call("DELETE", f"/api/broadcasts/{ordered['id']}")
    commune.admin.call("PUT", f"/api/areas/{area}/policy", {})


def test_a_station_that_was_away_starts_late_or_says_why_not(commune):
    for lead in (5, 15, 45):    # on a slow machine the plans take their time
        at = int(time.time()) + lead
        wide = order(commune, commune.short, at, 1)
        narrow = order(commune, commune.short, at, 2, tolerance_s=0)
        wait_for(lambda: all(s["plan"]["current"] for s in commune.admin.get("/api/stations")["items"]), 30, 0.1)
        if time.time() < at - 2:    # before it is begun: that is written down a second ahead
            break
    for number in (1, 2):
        commune.desk.stations[number].kill()
    time.sleep(max(at + 1 - time.time(), 0))
    for number in (1, 2):
        commune.desk.start_station(number)

    airing, late = paper(commune, wide)
    assert airing["outcome"] == "played"
    started = datetime.fromisoformat(airing["started_at"]).timestamp()
    assert abs(late["late_by_ms"] / 1e3 - (started - at)) < 0.1 and late["late_by_ms"] > 1000
    assert segments(late)[0]["offset_frames"] == 0
    airing, receipt = paper(commune, narrow)
    assert (airing["outcome"], airing["reason"]) == ("missed", "restart")
    assert segments(receipt) == []


def let_out(commune, number):
    recording = commune.desk.recording(number)
    return sound.load(recording)[1] if recording.exists() else []


def test_what_ends_before_its_start_is_missed_and_says_so(commune):
    made = commune.upload_bulletin("Lệnh của tháng trước", commune.desk.place / "short.wav", "audio/wav")
    at = int(time.time()) + 6
    broadcast = order(commune, made["id"], at, 1)
    before = len(let_out(commune, 1))
    shortened = commune.operator.post(f"/api/bulletins/{made['id']}/shorten", {"valid_until": clock(at - 2)})
    assert (shortened["state"], shortened["valid_until"]) == ("approved", clock(at - 2))
    (week,) = [one for one in commune.operator.get("/api/schedule")["items"] if one["broadcast"] == broadcast["id"]]
    assert (week["plays"], week["reason"]) == (False, "expired")
    airing, receipt = paper(commune, broadcast)
    assert (airing["outcome"], airing["reason"]) == ("missed", "expired"), receipt
    since = let_out(commune, 1)[before:]
    assert len(since) == 0 or sound.level_dbfs(since) < -60
