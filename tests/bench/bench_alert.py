#!/usr/bin/python3
"""From the order of an emergency in the API to the first sample on the card, over the real station link.

Four stations hold the message; five alerts (a station bears six an hour) sound at all of them, so twenty starts are
measured, each from the recording of its simulated card. Amplifier settle time is 0 here: it is counted apart.
  order_to_sound_ms   from before the POST is sent to the first sample of the message at the card
  button_to_sound_ms  the same from the press of an alert button at the pole
"""

import argparse
import json
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]

import sound  # noqa: E402
from commune import Commune  # noqa: E402
from desk import Desk, wait_for  # noqa: E402

STATIONS, ALERTS = 4, 5


def ready(commune):
    clips = all(clip["state"] == "ready" for clip in commune.admin.get("/api/alert-clips")["items"])
    return clips and all(s["plan"] and s["plan"]["current"] and s["media"] and s["media"]["missing"] == 0
                         for s in commune.admin.get("/api/stations")["items"])


def start(desk):
    desk.start_controller()
    commune = Commune(desk)
    commune.found()
    commune.log_in()
    desk.make_cards(STATIONS)
    for number in range(1, STATIONS + 1):
        desk.station_settings[number] = {"settle_ms": 0}
        desk.start_station(number)
        commune.pair(number, f"Trạm {number}")
    bulletin = commune.speak_bulletin("Lũ khẩn cấp", "Lũ về. Sơ tán ngay.")["id"]
    commune.leader.call("POST", "/api/alert-clips", {
        "area": commune.memory["commune"], "bulletin": bulletin, "button": 1})
    commune.wait_online(STATIONS)
    wait_for(lambda: ready(commune), 60)
    time.sleep(1)  # decoded in memory, too
    canonical = desk.place / "alert.opus"
    canonical.write_bytes(commune.operator.raw("GET", f"/api/bulletins/{bulletin}/audio")[2])
    return commune, sound.decode(canonical)


def silent(commune):
    return not any(s["now_playing"] for s in commune.admin.get("/api/stations")["items"])


def heard_ms(desk, number, reference, since_us):
    stamps = sound.Stamps(desk.stamps(number))
    begin = stamps.frame_at(since_us)
    found = sound.correlate(sound.load(desk.recording(number))[1], reference, (begin, begin + 8 * sound.RATE))
    if found.frame is None or found.correlation < 0.9:
        return None
    return (stamps.when(found.frame) - since_us) / 1e3


def order(commune):
    clip = next(c["id"] for c in commune.admin.get("/api/alert-clips")["items"] if not c["drill"])
    since = time.time() * 1e6
    alert = commune.operator.call("POST", "/api/alerts", {
        "area": commune.memory["commune"], "clip": clip,
        "targets": [{"kind": "area", "id": commune.memory["commune"]}]})
    wait_for(lambda: all(a["receipt"] for a in commune.airings(alert["id"])), 30)
    return since


def figures(values):
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    at = lambda part: round(known[min(len(known) - 1, int(part * len(known)))], 1)  # noqa: E731
    return {"p50": at(0.5), "p99": at(0.99), "max": round(known[-1], 1), "heard": len(known), "of": len(values)}


def measure(desk):
    commune, reference = start(desk)
    orders, presses = [], []
    for _ in range(ALERTS):
        since = order(commune)
        orders += [heard_ms(desk, number, reference, since) for number in range(1, STATIONS + 1)]
    for number in range(1, STATIONS + 1):
        wait_for(lambda: silent(commune), 30)
        since = time.time() * 1e6
        desk.press(number, "alert1")
        wait_for(lambda n=number, s=since: heard_ms(desk, n, reference, s) is not None, 15)
        presses.append(heard_ms(desk, number, reference, since))
    return {"alerts": ALERTS, "stations": STATIONS, "load": round(os.getloadavg()[0], 1),
            "order_to_sound_ms": figures(orders), "button_to_sound_ms": figures(presses)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="the JSON line only")
    parser.add_argument("--keep", metavar="DIR", help="recordings and stamps stay there")
    choice = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, Desk(choice.build, choice.keep or temporary) as desk:
        print(json.dumps(measure(desk)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
