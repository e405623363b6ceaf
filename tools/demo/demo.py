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

from client import Client, Problem
from desk import Desk, password, speak, wait_for
import evidence

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PANEL_PORT = 8080
STATIONS = 4
BROKEN = 4
STATION_NAMES = ("Nhà văn hóa thôn Đông", "Chợ Phú Xuân", "Đình làng", "Trạm y tế")
TITLE = "Thông báo họp thôn"
BULLETIN = ("A lô, a lô. Đây là đài truyền thanh xã Phú Xuân. Kính mời bà con thôn Đông tới nhà văn hóa "
            "lúc mười chín giờ ba mươi tối nay để họp bàn việc làm đường. Xin cảm ơn bà con.")
OUTCOMES = {"played": "đã phát / played", "partial": "phát dở / partial", "missed": "không phát / missed",
            "cancelled": "đã hủy / cancelled", "unknown": "chưa rõ / unknown"}


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
        self.memory = json.loads(self.memory_file.read_text()) if self.memory_file.exists() else {}

    def say(self, text):
        stamp = time.strftime("%H:%M:%S")
        print(f"{stamp}  {text}", file=sys.stderr if self.options.json else sys.stdout, flush=True)

    def remember(self, **facts):
        """Account passwords of a demo lie here, readable by the owner only, for the next start."""
        self.memory.update(facts)
        with os.fdopen(os.open(self.memory_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(self.memory, file, ensure_ascii=False, indent=1)

    # --- the commune ------------------------------------------------------------------------------

    def open_commune(self):
        self.desk.start_controller()
        if "accounts" not in self.memory:
            self.make_commune()
        self.operator = self.person("operator")
        self.leader = self.person("leader")
        self.auditor = self.person("admin")

    def person(self, login):
        client = Client(self.desk.people)
        client.log_in(login, self.memory["accounts"][login])
        return client

    def make_commune(self):
        accounts = {login: password() for login in ("admin", "leader", "operator")}
        admin = self.desk.set_up("Tỉnh Hòa Bình", {
            "name": "Quản trị tỉnh", "login": "admin", "password": accounts["admin"]})
        province = admin.get("/api/areas")["items"][0]["id"]
        commune = admin.post("/api/areas", {"parent": province, "name": "Xã Phú Xuân", "kind": "commune"})["id"]
        village = admin.post("/api/areas", {"parent": commune, "name": "Thôn Đông", "kind": "village"})["id"]
        for login, name, role in (("leader", "Bà Lan (lãnh đạo xã)", "commune_leader"),
                                  ("operator", "Ông Minh (cán bộ truyền thanh)", "commune_operator")):
            admin.post("/api/users", {"name": name, "login": login, "password": accounts[login],
                                      "grants": [{"role": role, "area": commune}]})
        self.remember(accounts=accounts, commune=commune, village=village)
        self.say("Accounts of this demo (shown once; kept in build/demo for the next start):")
        for login, secret in accounts.items():
            self.say(f"    {login:9} {secret}")

    def open_stations(self):
        real = not self.options.once and pathlib.Path("/proc/asound/cards").exists() \
            and "no soundcards" not in pathlib.Path("/proc/asound/cards").read_text()
        self.desk.make_cards(STATIONS)
        for number in range(1, STATIONS + 1):
            self.desk.card(number, unplugged=int(number == BROKEN))
        for number in range(1, STATIONS + 1):
            own_card = real and number == 1
            self.desk.start_station(number, "default" if own_card else None)
        if real:
            self.say("Station 1 plays on this machine's own sound card; the others on simulated ones.")
        self.say(f"Station {BROKEN}'s sound card is unplugged, on purpose.")
        if "stations" not in self.memory:
            self.pair_stations()
        wait_for(lambda: self.online() == STATIONS, 60)
        self.say(f"{STATIONS} stations are online.")

    def pair_stations(self):
        stations = {}
        for number, name in enumerate(STATION_NAMES, 1):
            area = self.memory["village"] if number == 1 else self.memory["commune"]
            accepted = self.desk.accept_station(self.auditor, number, area, name)
            stations[str(number)] = accepted["id"]
            self.say(f"Station {number} paired by the code on its front: {name}")
        self.remember(stations=stations)

    def online(self):
        stations = self.auditor.get("/api/stations", limit=100)["items"]
        return sum(station["state"] == "online" for station in stations)

    # --- the bulletin -----------------------------------------------------------------------------

    def make_bulletin(self):
        if "bulletin" in self.memory:
            return
        source = self.place / "source.wav"
        speak(BULLETIN, source)
        upload = self.operator.upload(source.read_bytes(), "thong-bao.wav", "audio/wav")
        bulletin = self.operator.post("/api/bulletins", {
            "area": self.memory["commune"], "title": TITLE, "language": "vi", "upload": upload})["id"]
        wait_for(lambda: self.bulletin_ready(bulletin), 60)
        self.operator.post(f"/api/bulletins/{bulletin}/submit")
        self.say(f"The operator spoke '{TITLE}' and sent it for approval.")
        self.leader.post(f"/api/bulletins/{bulletin}/approve")
        self.say("The leader listened and approved it.")
        self.remember(bulletin=bulletin)

    def bulletin_ready(self, bulletin):
        state = self.operator.get(f"/api/bulletins/{bulletin}")
        if state["audio"] == "failed":
            raise RuntimeError(f"the bulletin could not be read: {state['audio_error']}")
        return state["audio"] == "ready"

    def broadcast(self):
        order = self.operator.post("/api/broadcasts", {
            "bulletin": self.memory["bulletin"], "area": self.memory["commune"],
            "targets": [{"kind": "area", "id": self.memory["commune"]}], "when": {"kind": "now"}})
        self.say(f"'Phát ngay' ordered for {STATIONS} stations, to start at {order['when']['at']}.")
        return order["id"]

    def follow(self, broadcast):
        """Until every station has said what became of it; gives the airings."""
        said = {}

        def all_said():
            airings = self.auditor.get("/api/airings", broadcast=broadcast, limit=100,
                                       from_="2020-01-01T00:00:00Z", to="2100-01-01T00:00:00Z")["items"]
            for airing in airings:
                outcome = airing["outcome"]
                if said.get(airing["id"]) != outcome and outcome not in ("upcoming",):
                    said[airing["id"]] = outcome
                    reason = f" ({airing['reason']}: {airing['reason_text']})" if airing.get("reason") else ""
                    self.say(f"    {airing['station_name']}: {OUTCOMES.get(outcome, outcome)}{reason}")
            done = [airing for airing in airings if airing.get("receipt")]
            return airings if airings and len(done) == len(airings) else None

        return wait_for(all_said, 180)

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
    if options.once and not options.place:
        # An unattended run measures a commune of its own and leaves the one of the desk alone.
        options.place, options.fresh = str(ROOT / "build" / "demo-once"), True
        from desk import free_port
        options.port = free_port()
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
