"""One world for the walks through the panel: a controller, four stations (two of them waiting to be paired, one with a
dead card), people, and one browser that every walk uses. Made once, because making it takes longer than most walks."""

import json
import os
import pathlib
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("LOA_BUILD", ROOT / "build" / "dev"))
sys.path[:0] = [str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]

from commune import Commune  # noqa: E402
from desk import Desk, speak  # noqa: E402

VIETNAM = timezone(timedelta(hours=7))
BY_LABEL, BY_CODE = 3, 4  # stations that a walk pairs

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


class World:
    """`walk` runs a script of this folder in the shared browser and gives what it saw."""

    def __init__(self, desk, commune, place):
        self.desk, self.commune, self.place = desk, commune, place
        self.yesterday = datetime.now(VIETNAM).date() - timedelta(days=1)
        self.tomorrow = datetime.now(VIETNAM).date() + timedelta(days=1)
        # Of a week that is to come a phone shows this day first, and nothing of what other tests aired stands in it.
        self.monday = self.tomorrow + timedelta(days=6 - (self.tomorrow - timedelta(days=1)).weekday())
        self.shots = pathlib.Path(os.environ.get("LOA_SHOTS", place))
        self.shots.mkdir(parents=True, exist_ok=True)
        speech, microphone = place / "speech.wav", place / "microphone.wav"
        speak("A lô, mời bà con ra nhà văn hóa họp.", speech)
        subprocess.run(["sox", str(speech), "-r", "48000", "-c", "1", "-b", "16", str(microphone)], check=True)
        self.code, self.typed = desk.pairing_code(BY_LABEL).replace("-", ""), desk.pairing_code(BY_CODE)
        self.label = make_label(desk.pairing_code(BY_LABEL), place)
        self.browser = subprocess.Popen(["node", str(HERE / "serve.mjs"), json.dumps({
            "serve": True, "label": str(self.label), "microphone": str(microphone)})], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = self.browser.stdout.readline().strip()

    def start_short(self):
        """A bulletin that one station plays and the other, whose card is unplugged, cannot."""
        self.desk.card(2, unplugged=1)
        self.bulletin = self.commune.speak_bulletin("Bản tin sáng", "Xin chào bà con.", wav=self.place / "short.wav")["id"]
        self.short = self.commune.broadcast(self.bulletin)["id"]

    def aired(self):
        return self.commune.wait_receipts(self.short)

    def walk(self, script, timeout=200, **more):
        order = {"url": f"http://{self.desk.people}/", "accounts": self.commune.memory["accounts"], "station": self.commune.memory["stations"]["2"],
                 "shots": str(self.shots), "pictures": "LOA_SHOTS" in os.environ, "browser": self.address, "code": self.code, "typed": self.typed,
                 "yesterday": self.yesterday.strftime("%d/%m/%Y"), "day": self.tomorrow.strftime("%d/%m/%Y"), "week": self.tomorrow.isoformat(), "empty_week": self.monday.isoformat(), **more}
        done = subprocess.run(["node", str(HERE / script), json.dumps(order)], capture_output=True, text=True, timeout=timeout, check=False)
        if os.environ.get("LOA_TIMES"):
            print(done.stderr, file=sys.stderr)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return json.loads(done.stdout.splitlines()[-1])

    def close(self):
        self.browser.stdin.close()
        self.browser.wait(20)


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    place = tmp_path_factory.mktemp("world")
    with Desk(BUILD, place, panel=ROOT / "web-admin" / "dist") as desk:
        desk.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        desk.make_cards(4)
        for number in (1, 2, BY_LABEL, BY_CODE):
            desk.start_station(number)
        for number in (1, 2):
            commune.pair(number, f"Cột {number}")
        made = World(desk, commune, place)
        try:
            commune.wait_online(2)
            made.start_short()
            yield made
        finally:
            made.close()
