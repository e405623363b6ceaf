"""A province in the real controller: its first plans, one commune's order, one order to all, alerts meanwhile.

bench_publisher fills the database (12 daily broadcasts in each commune, 40 of the province), then everything goes
through the controller's own doors. cpu_s is processor time of the controller, user and system."""

import pathlib
import sqlite3
import subprocess
import threading
import time

from desk import password, wait_for

ALERT_EVERY_S = 0.2


def _cpu_s(pid):
    """All threads."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


class World:
    def __init__(self, desk, stations, communes, say):
        self.desk, self.stations, self.communes, self.say = desk, stations, communes, say
        self.path = desk.place / "controller" / "loa.db"

    def found(self):
        self.desk.start_controller()
        secret = password()
        admin = self.desk.set_up("Tỉnh", {"name": "Quản trị", "login": "admin", "password": secret})
        self.top = admin.get("/api/areas")["items"][0]["id"]
        admin.call("PUT", f"/api/areas/{self.top}/policy", {"quiet": []})
        self.desk.controller.stop()
        subprocess.run([self.desk.build / "tests" / "bench" / "bench_publisher", "--fill-only",
                        f"--stations={self.stations}", f"--communes={self.communes}", self.path.parent],
                       check=True, stderr=subprocess.DEVNULL)
        self.desk.start_controller()
        self.pid = self.desk.controller.pid
        self.admin = self.desk.client()
        self.admin.log_in("admin", secret)
        self.prepare_alert()

    def plans(self):
        reader = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            return reader.execute("SELECT count(*) FROM plans").fetchone()[0]
        finally:
            reader.close()

    def until(self, plans, timeout=3600):
        wait_for(lambda: self.plans() >= plans, timeout, pause=0.2)

    def order(self, area, when, plans):
        """Milliseconds to the answer, which comes after COMMIT; processor seconds until all plans are there."""
        before, cpu, began = self.plans(), _cpu_s(self.pid), time.monotonic()
        self.admin.post("/api/broadcasts", {"bulletin": "n100", "area": area, "when": when,
                                            "targets": [{"kind": "area", "id": area}]})
        accepted = (time.monotonic() - began) * 1000
        accepted_cpu = _cpu_s(self.pid) - cpu
        self.until(before + plans)
        return {"accepted_ms": round(accepted, 1), "accepted_cpu_ms": round(accepted_cpu * 1000),
                "ready_s": round(time.monotonic() - began, 2), "cpu_s": round(_cpu_s(self.pid) - cpu, 2)}

    def prepare_alert(self):
        clip = self.admin.post("/api/alert-clips", {"area": self.top, "bulletin": "n100", "title": "Báo động"})
        self.clip = clip["id"]

    def urgent(self, stop, answers):
        """Emergencies, each for another commune, while `stop` is not set."""
        for commune in range(1, self.communes):
            began = time.monotonic()
            self.admin.post("/api/alerts", {"area": self.top, "clip": self.clip, "expires_minutes": 5,
                                            "targets": [{"kind": "area", "id": f"c{commune}"}]})
            answers.append((time.monotonic() - began) * 1000)
            if stop.wait(ALERT_EVERY_S):
                return


def measure(desk, stations, communes, say):
    world = World(desk, stations, communes, say)
    say("order world: filling")
    world.found()
    cpu, began = _cpu_s(world.pid), time.monotonic()
    say("order world: first plans")
    world.until(stations)
    result = {"first_cpu_s": round(_cpu_s(world.pid) - cpu, 1), "first_s": round(time.monotonic() - began, 1)}
    say(f"first {result}")
    tomorrow = {"kind": "once", "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))}
    one = world.order("c0", tomorrow, -(-stations // communes))
    say(f"one commune {one}")
    stop, answers = threading.Event(), []
    thread = threading.Thread(target=world.urgent, args=(stop, answers))
    thread.start()
    try:
        all_of_them = world.order(world.top, {"kind": "now"}, stations)
    finally:
        stop.set()
        thread.join()
    say(f"all {all_of_them}, alerts meanwhile {max(answers):.0f} ms at most")
    result.update({f"commune_{key}": value for key, value in one.items()})
    result.update({f"order_{key}": value for key, value in all_of_them.items()})
    result["alert_accepted_max_ms"] = round(max(answers), 1)
    return result
