#!/usr/bin/python3
"""./loa demo: a commune with four horn stations on this machine, one of them with a dead sound card.

It makes the commune, lets three people do their work through the same API as the panel (the operator
speaks a bulletin, the leader approves it, everybody looks at the log), and ends only after every
station has said what became of the bulletin. With --once it measures the recordings and exits.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from client import Problem
from commune import Commune
from desk import Desk, free_port
import evidence

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PANEL_PORT = 8080
STATION_NAMES = ("Nhà văn hóa thôn Đông", "Chợ Phú Xuân", "Đình làng", "Trạm y tế")
STATIONS = len(STATION_NAMES)
BROKEN = 4
TITLE = "Thông báo họp thôn"
OUTCOMES = {"playing": "đang phát / on air", "played": "đã phát / played", "partial": "phát một phần / partial",
            "missed": "không phát được / missed", "cancelled": "đã hủy / cancelled", "unknown": "chưa có tin / unknown"}


def has_sound_card():
    cards = pathlib.Path("/proc/asound/cards")
    return cards.exists() and "no soundcards" not in cards.read_text()


class Demo:
    def __init__(self, options):
        self.options = options
        self.started = float(os.environ.get("LOA_DEMO_STARTED", "").replace(",", ".") or time.time())
        self.place = pathlib.Path(options.place or ROOT / "build" / "demo")
        if options.fresh and self.place.exists():
            shutil.rmtree(self.place)
        panel = ROOT / "web-admin" / "dist"
        self.desk = Desk(options.build, self.place, options.port, panel if panel.is_dir() else None)
        self.memory_file = self.place / "demo.json"
        memory = json.loads(self.memory_file.read_text()) if self.memory_file.exists() else {}
        self.commune = Commune(self.desk, memory, self.say)

    @property
    def memory(self):
        return self.commune.memory

    def say(self, text):
        stamp = time.strftime("%H:%M:%S")
        print(f"{stamp}  {text}", file=sys.stderr if self.options.json else sys.stdout, flush=True)

    def remember(self):
        """Account passwords of a demo lie here, readable by the owner only, for the next start."""
        with os.fdopen(os.open(self.memory_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self.memory, file, ensure_ascii=False, indent=1)

    # --- the commune ------------------------------------------------------------------------------

    def open_commune(self):
        self.desk.start_controller()
        if "accounts" not in self.memory:
            self.commune.found()
            self.remember()
            self.say("Accounts of this demo (shown once; kept in build/demo for the next start):")
            for login, secret in self.memory["accounts"].items():
                self.say(f"    {login:9} {secret}")
        self.commune.log_in()

    def open_stations(self):
        real = not self.options.once and has_sound_card()
        self.desk.make_cards(STATIONS)
        for number in range(1, STATIONS + 1):
            self.desk.card(number, unplugged=int(number == BROKEN))
            self.desk.start_station(number, "default" if real and number == 1 else None)
        if real:
            self.say("Station 1 plays on this machine's own sound card; the others on simulated ones.")
        self.say(f"Station {BROKEN}'s sound card is unplugged, on purpose.")
        for number, name in enumerate(STATION_NAMES, 1):
            if str(number) not in self.memory["stations"]:
                self.commune.pair(number, name, self.memory["village"] if number == 1 else None)
                self.remember()
                self.say(f"Station {number} paired by the code on its front: {name}")
        if "map" not in self.memory:
            self.commune.draw_map()
            self.memory["map"] = True
            self.remember()
        self.commune.wait_online(STATIONS)
        self.say(f"{STATIONS} stations are online.")

    # --- the bulletin -----------------------------------------------------------------------------

    def make_bulletin(self):
        if "bulletin" not in self.memory:
            self.memory["bulletin"] = self.commune.speak_bulletin(TITLE)["id"]
            self.remember()
            self.say(f"The operator spoke '{TITLE}', the leader listened and approved it.")

    def broadcast(self):
        order = self.commune.broadcast(self.memory["bulletin"])
        self.say(f"'Phát ngay' ordered for {STATIONS} stations, to start at {order['when']['at']}.")
        return order["id"]

    def follow(self, broadcast):
        """Until every station has said what became of it; gives the airings."""
        said = {}

        def tell(airing):
            outcome = airing["outcome"]
            if outcome != "upcoming" and said.get(airing["id"]) != outcome:
                said[airing["id"]] = outcome
                reason = f" ({airing['reason']}: {airing['reason_text']})" if airing.get("reason") else ""
                self.say(f"    {airing['station_name']}: {OUTCOMES.get(outcome, outcome)}{reason}")

        return self.commune.wait_receipts(broadcast, each=tell)

    # --- the figures ------------------------------------------------------------------------------

    def figures(self, airings, folder):
        numbers = {identity: int(number) for number, identity in self.memory["stations"].items()}
        kept = evidence.collect(self, folder)
        figures = evidence.figures(kept, airings, numbers, self.started)
        verified = subprocess.run([str(self.desk.build / "tools" / "loa"), "audit", "verify", str(folder), "--json"],
                                  capture_output=True, text=True, check=False)
        audit = json.loads(verified.stdout or "{}")
        figures["receipts_verified"] = verified.returncode == 0 and audit.get("receipts", 0) >= len(airings)
        if verified.returncode:
            self.say("loa audit verify: " + (verified.stdout + verified.stderr).strip())
        return figures

    def good(self, figures):
        return (figures["planned"] == STATIONS and figures["played"] == STATIONS - 1
                and figures["missed"] == {"device_fault": 1} and figures["false_played"] == 0
                and figures["receipts_verified"])

    # --- the two ways to run ----------------------------------------------------------------------

    def run(self):
        with self.desk:
            self.open_commune()
            if not self.options.once:
                self.say(f"The panel is at http://localhost:{self.options.port} (log in as operator, leader or admin)")
            self.open_stations()
            self.make_bulletin()
            airings = self.follow(self.broadcast())
            if self.options.once:
                return self.finish_once(airings)
            self.say(f"What left each sound card is recorded in {self.desk.sound}/station-N.wav")
            self.say(f"The panel stays at http://localhost:{self.options.port}; Ctrl-C ends everything.")
            if self.options.keep:
                self.figures(airings, pathlib.Path(self.options.keep))
            while self.desk.controller.running():
                time.sleep(0.5)
            raise RuntimeError(f"the controller ended; see {self.desk.controller.log}")

    def finish_once(self, airings):
        folder = pathlib.Path(self.options.keep) if self.options.keep else self.place / "evidence"
        figures = self.figures(airings, folder)
        if self.options.keep:
            self.say(f"The evidence is in {folder}")
        good = self.good(figures)
        if self.options.json:
            print(json.dumps(figures), flush=True)
        else:
            self.say(json.dumps(figures))
            self.say("As it should be." if good else "NOT as it should be.")
        return 0 if good else 1


def main():
    parser = argparse.ArgumentParser(prog="./loa demo")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--place", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=PANEL_PORT, help="of the panel (8080)")
    parser.add_argument("--once", action="store_true", help="unattended: one bulletin, measured, then the end")
    parser.add_argument("--json", action="store_true", help="end with one line of figures")
    parser.add_argument("--keep", metavar="DIR", help="leave recordings, plans and receipts in DIR")
    parser.add_argument("--fresh", action="store_true", help="forget the commune of an earlier start")
    options = parser.parse_args()

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(128 + number))
    if options.once:
        # An unattended run measures a commune of its own and leaves the one of the desk alone.
        options.place = options.place or str(ROOT / "build" / "demo-once")
        options.fresh, options.port = True, free_port()
    try:
        return Demo(options).run()
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except (Problem, TimeoutError, RuntimeError, OSError) as error:
        print(f"loa demo: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
