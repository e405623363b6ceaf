"""The ten flows at every width, in both colours, by finger and by keys, over a good, a slow and a lost line. Daily each flow is
walked once, so that the ten together meet every width, colour, hand and line; with LOA_LONG all of them meet."""

import itertools
import os

import pytest
from paper_station import PaperStation

from commune import SPEECH
from desk import speak, wait_for

WIDTHS, COLOURS, HANDS = (1280, 390, 320), ("light", "dark"), ("pointer", "keys")
DAILY = (
    ("record", 320, "dark", "keys", "lost"),
    ("stop", 320, "light", "keys", "lost"),
    ("again", 1280, "light", "keys", "cut"),
    ("why", 1280, "dark", "keys", "slow"),
    ("approve", 320, "dark", "pointer", "cut"),
    ("enrol", 390, "dark", "keys", "lost"),
    ("volume", 1280, "light", "pointer", "slow"),
    ("emergency", 320, "dark", "keys", "cut"),
    ("month", 320, "light", "keys", "good"),
    ("colleague", 390, "dark", "pointer", "lost"),
)
FLOWS = [flow for flow, *_ in DAILY]
READS = ("why", "month")  # nothing is ordered: nothing can be lost but time
HEALS = ("stop", "approve", "volume")  # the page itself sees that it is done although the answer was lost
STATES = {"record": ("waiting_approval",), "again": ("now",), "stop": ("cancelled", "partial"), "why": ("said",), "approve": ("approved",), "enrol": ("paired",),
          "volume": ("set",), "emergency": ("active",), "month": ("PK",), "colleague": ("village_head",)}


def every_cell():
    """Over a good line both colours; what the line does is the same in each, so there every width has one of them."""
    for flow in FLOWS:
        lines = ("slow", "lost") if flow in READS else ("slow", "lost", "cut")
        yield from itertools.product((flow,), WIDTHS, COLOURS, HANDS, ("good",))
        for n, line in enumerate(lines):
            yield from ((flow, width, COLOURS[(w + n) % 2], hand, line) for w, width in enumerate(WIDTHS) for hand in HANDS)


def cells():
    chosen = every_cell() if os.environ.get("LOA_LONG") else DAILY
    only = os.environ.get("LOA_WALKS", "").split()
    return [dict(zip(("flow", "width", "colour", "hand", "line"), cell)) for cell in chosen if all(word in map(str, cell) for word in only)]


def announce(world, count):
    """Stations that wait for their code: a real player first, the others on paper."""
    number = max(world.desk.stations) + 1
    world.desk.make_cards(number)
    world.desk.start_station(number)
    codes = [world.desk.pairing_code(number).replace("-", "")]
    for _ in range(1, count):
        paper = PaperStation(world.desk.link)
        assert paper.announce()[0] in (200, 201, 202)
        codes.append(paper.code)
    return codes


def prepare(world, chosen):
    commune, memory = world.commune, world.commune.memory
    world.aired()
    commune.admin.call("PUT", f"/api/areas/{memory['province']}/policy", {"quiet": []})  # nor any limit that another file has set
    speak(" ".join([SPEECH] * 5), world.place / "walks.wav")
    long = commune.upload_bulletin("Bản tin rất dài", world.place / "walks.wav", "audio/wav")["id"]
    if not any(clip["state"] == "ready" for clip in commune.admin.get("/api/alert-clips")["items"]):
        commune.leader.call("POST", "/api/alert-clips", {"area": memory["commune"], "bulletin": world.bulletin, "severity": 5, "every_minutes": 30})
    wait_for(lambda: all(clip["state"] == "ready" for clip in commune.admin.get("/api/alert-clips")["items"]), 30)
    codes = announce(world, max(1, sum(cell["flow"] == "enrol" for cell in chosen)))
    sounding = commune.broadcast(long) if any(cell["flow"] == "stop" for cell in chosen[:2]) else None
    return {"cells": chosen, "long": long, "sounding": sounding, "codes": codes, "commune": memory["commune"], "village": memory["village"], "louder": memory["stations"]["1"],
            "daily": "LOA_LONG" not in os.environ}


@pytest.fixture(scope="module")
def seen(world):
    chosen = cells()
    yield world.walk("walks.mjs", timeout=60 + 120 * len(chosen), **prepare(world, chosen))


def picked(seen, judge):
    return {name: cell for name, cell in seen["saw"]["cells"].items() if not judge(name.split(), cell)}


def test_every_walk_came_to_its_end(seen):
    assert seen["saw"]["failed"] == []
    assert len(seen["saw"]["cells"]) == len(cells())


def test_no_walk_needed_more_taps_than_it_may(seen):
    assert picked(seen, lambda name, cell: cell["taps"] <= cell["most"]) == {}


def test_each_order_is_there_once_and_had_one_key(seen):
    assert picked(seen, lambda name, cell: cell["proof"]["count"] == 1 and cell["proof"]["state"] in STATES[name[0]]) == {}
    assert picked(seen, lambda name, cell: cell["keys"] == (0 if name[0] in READS else 1)) == {}


def test_whoever_lost_the_line_was_told_and_lost_nothing(seen):
    lost = {name: cell for name, cell in seen["saw"]["cells"].items() if name.split()[-1] in ("lost", "cut")}
    assert {name: cell["told"] for name, cell in lost.items() if name.endswith("lost") and "vẫn phát tại trạm" not in (cell["told"]["bar"] or "")} == {}
    assert {name: cell["told"] for name, cell in lost.items() if not (name.split()[0] in READS or name.endswith("cut") and name.split()[0] in HEALS) and len(cell["told"]["problem"]) < 20} == {}
    assert {name for name, cell in lost.items() if not cell["kept"]} == set()
    assert {name: cell["sent"] for name, cell in lost.items() if name.endswith("cut") and name.split()[0] not in HEALS and cell["sent"] < 2} == {}, "the second time, the same order was sent again"


@pytest.mark.parametrize("what", ["wide", "axe", "small", "unseen", "csp", "errors"])
def test_the_pages_kept_their_rules(seen, what):
    assert seen[what] == []


def test_the_ten_flows_together_meet_everything():
    for n, values in enumerate((FLOWS, WIDTHS, COLOURS, HANDS, ("good", "slow", "lost", "cut"))):
        assert {cell[n] for cell in DAILY} == set(values)
