"""The panel in a real browser against a real controller and real players: what people come for, counted in taps, and every
screen at three widths, light and dark, by axe, the content security policy and the eye (LOA_SHOTS keeps the pictures)."""

import json
import os
import pathlib
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("LOA_BUILD", ROOT / "build" / "dev"))
sys.path[:0] = [str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]

from commune import SPEECH, Commune  # noqa: E402
from desk import Desk, speak  # noqa: E402

VIETNAM = timezone(timedelta(hours=7))
LISTED = 300
TAPS = {"schedule": 4, "approve": 3, "import": 1, "pair": 2, "move by keys": 4, "why missed": 2, "stop": 2}

# A QR code of the pairing code as a still picture that Chromium shows to the page as its camera.
LABEL = """
const {encode} = require('uqr'); const fs = require('fs');
const {data} = encode(process.argv[1], {border: 6}); const cell = 9, n = data.length * cell;
const bytes = Buffer.alloc(n * n);
for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) bytes[y * n + x] = data[Math.floor(y / cell)][Math.floor(x / cell)] ? 0 : 255;
fs.writeFileSync(process.argv[2], Buffer.concat([Buffer.from(`P5 ${n} ${n} 255\\n`), bytes]));
"""


def make_label(code, place):
    picture, film = place / "label.pgm", place / "label.mjpeg"
    subprocess.run(["node", "-e", LABEL, f"https://loa.example/#/stations/add?code={code}", str(picture)], check=True, cwd=ROOT / "web-admin")
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-loop", "1", "-i", str(picture), "-vf", "pad=640:480:(ow-iw)/2:(oh-ih)/2:white,format=yuvj420p",
                    "-frames:v", "30", "-q:v", "3", str(film)], check=True)
    return film


def make_lists(place):
    good, wrong, outlines = place / "stations.csv", place / "wrong.csv", place / "outlines.geojson"
    rows = ["số máy;tên;đơn vị;vĩ độ;kinh độ"]
    rows += [f"D{n:04};Trạm {n};Thôn Đông;20,8{n:03};105,3{n:03}" for n in range(1, LISTED + 1)]
    good.write_text("\n".join(rows), encoding="utf-8-sig")
    wrong.write_text("\n".join(rows[:3] + ["D9999;Trạm lạc;Thôn Không Có;;"]))
    ring = [[105.2, 20.7], [105.7, 20.7], [105.7, 21.2], [105.2, 21.2], [105.2, 20.7]]
    outlines.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "Xã Phú Xuân"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}]}))
    return {"listed": str(good), "wrong": str(wrong), "outlines": str(outlines)}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    place = tmp_path_factory.mktemp("panel")
    shots = pathlib.Path(os.environ["LOA_SHOTS"]) if "LOA_SHOTS" in os.environ else place
    shots.mkdir(parents=True, exist_ok=True)
    with Desk(BUILD, place, panel=ROOT / "web-admin" / "dist") as desk:
        desk.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        desk.make_cards(3)
        for number in (1, 2):
            desk.start_station(number)
            commune.pair(number, f"Cột {number}")
        desk.start_station(3)  # paired in the browser, by its label
        commune.wait_online(2)
        desk.card(2, unplugged=1)
        short = commune.speak_bulletin("Bản tin sáng", "Xin chào bà con.", wav=place / "short.wav")
        missed = commune.broadcast(short["id"])
        tomorrow = datetime.now(VIETNAM).date() + timedelta(days=1)
        order = {
            "url": f"http://{desk.people}/", "accounts": commune.memory["accounts"], "station": commune.memory["stations"]["2"], "shots": str(shots),
            "code": desk.pairing_code(3).replace("-", ""), "label": str(make_label(desk.pairing_code(3), place)), **make_lists(place),
            "day": tomorrow.strftime("%d/%m/%Y"), "week": tomorrow.isoformat()}
        told = walk({**order, "part": "day"})
        commune.wait_receipts(missed["id"])
        speak(" ".join([SPEECH] * 4), place / "long.wav")
        long = commune.upload_bulletin("Bản tin dài", place / "long.wav", "audio/wav")
        stopped = commune.broadcast(long["id"])
        later = walk({**order, "part": "evening"})
        airings = commune.wait_receipts(stopped["id"])
        yield {"day": told, "evening": later, "stopped": airings, "stations": commune.admin.get("/api/stations", limit=100)["items"]}


def walk(order):
    done = subprocess.run(["node", str(ROOT / "tests/e2e/panel.mjs"), json.dumps(order)], capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_no_flow_needs_more_taps_than_it_may(seen):
    taps = {**seen["day"]["taps"], **seen["evening"]["taps"]}
    assert {name: count for name, count in taps.items() if count > TAPS[name]} == {}
    assert set(taps) == set(TAPS)


@pytest.mark.parametrize("what", ["axe", "csp", "errors", "wide", "small"])
def test_every_screen_is_whole(seen, what):
    assert seen["day"][what] + seen["evening"][what] == []


def test_a_list_with_a_mistake_names_its_row(seen):
    assert "Dòng 4" in seen["day"]["saw"]["refused"] and "Trạm lạc" in seen["day"]["saw"]["refused"]


def test_a_listed_station_is_paired_by_its_label_alone(seen):
    assert seen["day"]["saw"]["paired"] == "Trạm 3"
    paired = next(station for station in seen["stations"] if station["serial"] == "D0003")
    assert (paired["area_name"], paired["lat"]) == ("Thôn Đông", 20.8003)
    assert seen["day"]["saw"]["map"][0] == "1"


def test_the_schedule_is_changed_by_keys_and_asked_by_dragging(seen):
    assert seen["day"]["saw"]["moved"]
    assert seen["day"]["saw"]["dragged"] not in ("", "18:15")


def test_what_was_typed_stays_beside_its_mistake(seen):
    assert seen["day"]["saw"]["kept"] == "rất nhiều"


def test_help_answers_without_accents_and_the_system_log_finds_people(seen):
    assert seen["day"]["saw"]["help"] == "missed"
    assert seen["day"]["saw"]["audit"] > 0


def test_no_network_is_said_and_is_not_green(seen):
    assert seen["day"]["saw"]["offline"] == "offline"


def test_why_it_was_missed_is_said_in_words(seen):
    assert seen["evening"]["saw"]["why"]


def test_stopping_in_the_browser_stops_the_horn(seen):
    outcomes = {airing["station_name"]: airing["outcome"] for airing in seen["stopped"]}
    assert outcomes["Trạm 1"] == "cancelled", outcomes
