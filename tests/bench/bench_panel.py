#!/usr/bin/python3
"""The panel of a province: server time and bytes of home, log and reports; a slow phone's visit, touch and stillness.

A real controller over a database with --stations stations and --airings airings, all stations reporting. Processor
time is the controller's own (user and system, /proc), so the rest of the machine does not count; what a browser takes
is wall time: `machine` says whether anything else ran. gz: bytes after gzip -6, as a proxy sends it.
  home.cpu_ms, home.gz       the home page of the whole province; home_5000_playing while every station plays
  log_page.worst_ms          the dearest page of 50 rows of all combinations of filters that the panel offers; p50_ms, p95_ms
  export_csv                 the whole log as CSV: rows, processor time, growth of the controller's memory
  first_visit                bytes over the wire until home is whole; files: without the data of the day
  slow_4g                    562 ms, 1.47 Mbit/s, processor x4: from the address to home with its data, cold and warm
  screens                    INP and CLS of each, processor x4: worst interaction, and what moved
  events                     a tab while all stations report: events and questions a second, share of a processor
"""

import argparse
import gzip
import itertools
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "bench"
sys.path[:0] = [str(HERE), str(ROOT / "tools" / "demo")]
from desk import Desk, password  # noqa: E402
from panel_fleet import Reporting  # noqa: E402
from panel_world import fill, start_playing  # noqa: E402

COMMUNE, STATION, ORDERS = "c" + f"{7:015x}", f"s{207:031x}", ("", "b7-3", "province")
OUTCOMES = ("", "played", "partial", "missed", "unknown", "unreported", "playing", "upcoming", "cancelled")
CLASSES = ("", "normal", "priority", "emergency")
QUIET = 0.5  # load of one minute for each processor; more and wall times lie


def cpu_ms(pid):
    return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def memory_mib(pid, what):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))


def measure(client, pid, path, times):
    client.raw("GET", path)
    wall, before = [], cpu_ms(pid)
    for _ in range(times):
        start = time.perf_counter()
        status, _, content = client.raw("GET", path)
        wall.append((time.perf_counter() - start) * 1000)
        assert status == 200, f"{path}: {status}"
    return {"cpu_ms": round((cpu_ms(pid) - before) / times, 2), "p50_ms": round(statistics.median(wall), 2),
            "bytes": len(content), "gz": len(gzip.compress(content, 6))}


def wait_idle(pid, seconds):
    """Until the controller rests: plans are made, what was silent is closed."""
    end, before = time.monotonic() + seconds, cpu_ms(pid)
    while time.monotonic() < end:
        time.sleep(1)
        now = cpu_ms(pid)
        if now - before < 10:
            return True
        before = now
    return False


def log_paths():
    """Every page of 50 rows that the filters of the log can ask for."""
    month = time.strftime("%Y-%m", time.gmtime(time.time() - 40 * 86400))
    times = ("from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z", f"from={month}-01T00:00:00Z&to={month}-28T00:00:00Z", "")
    for when, area, station, order, outcome, rank in itertools.product(times, ("", COMMUNE), ("", STATION), ORDERS, OUTCOMES, CLASSES):
        query = {"area": area, "station": station, "broadcast": order, "outcome": outcome, "class": rank}
        yield "/api/airings?" + "&".join(["limit=50", *([when] if when else []), *(f"{k}={v}" for k, v in query.items() if v)])


def log_pages(client, pid):
    """The lesser of two: the first may have to fetch what the disk has."""
    found = []
    for path in log_paths():
        took = []
        for _ in range(2):
            before = cpu_ms(pid)
            status, _, _ = client.raw("GET", path)
            took.append(cpu_ms(pid) - before)
            assert status == 200, f"{path}: {status}"
        found.append((min(took), path))
    found.sort()
    return {"combinations": len(found), "p50_ms": round(found[len(found) // 2][0], 2), "p95_ms": round(found[len(found) * 95 // 100][0], 2),
            "worst_ms": round(found[-1][0], 2), "worst": found[-1][1]}


def export(client, pid, path):
    import http.client
    connection = http.client.HTTPConnection(client.address, timeout=600)
    memory, before, rows, size = memory_mib(pid, "VmRSS"), cpu_ms(pid), 0, 0
    connection.request("GET", path, headers={"Cookie": client.cookie, "Accept-Language": "vi"})
    answer = connection.getresponse()
    assert answer.status == 200
    peak = memory
    while part := answer.read(1 << 20):
        size, rows = size + len(part), rows + part.count(b"\n")
        peak = max(peak, memory_mib(pid, "VmRSS"))
    connection.close()
    return {"rows": rows - 1, "mb": round(size / 1e6), "cpu_s": round((cpu_ms(pid) - before) / 1000, 1), "memory_grew_mib": round(peak - memory, 1)}


def browse(desk, secret, **how):
    order = {"url": f"http://{desk.people}/", "login": "admin", "password": secret, "times": 5, "seconds": 20, **how}
    done = subprocess.run(["node", str(HERE / "panel_speed.mjs"), json.dumps(order)], capture_output=True, text=True, check=False, timeout=900)
    if done.returncode:
        return {"problem": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no word"}
    return json.loads(done.stdout.splitlines()[-1])


def machine(before):
    processors, now = os.cpu_count(), os.getloadavg()[0]
    return {"processors": processors, "load_before": round(before, 2), "load_after": round(now, 2), "was_quiet": before < QUIET * processors}


def serve(desk, secret, keys, choice, say):
    """All of it, on a controller that runs."""
    result, admin, pid = {}, desk.client(), desk.controller.pid
    admin.log_in("admin", secret)
    say("waiting for the plans ...")
    result["settled"] = wait_idle(pid, 400)

    def note(name, value):
        result[name] = value
        say(f"{name:20} {value}")

    with Reporting(desk.link, keys) as fleet:
        time.sleep(35)  # once round, and home knows of all of them
        if "events" in choice.only:
            note("events", {**browse(desk, secret, only=["events"]).get("events", {}), "posts": fleet.posts, "refused": fleet.refused})
        if "visit" in choice.only:
            seen = browse(desk, secret, only=["visit"])
            note("first_visit", seen.get("first_visit", seen))
            note("slow_4g", seen.get("slow_4g", seen))
        if "touch" in choice.only:
            note("screens", browse(desk, secret, only=["touch"]))
    if "server" in choice.only:
        for name, path in (("home", "/api/home"), ("home_commune", f"/api/home?area={COMMUNE}"), ("me", "/api/me"), ("stations", "/api/stations?limit=50"),
                           ("station_search", "/api/stations?limit=50&q=ben%2011"), ("map", "/api/map"), ("since", "/api/home/since"),
                           ("log_groups", "/api/airing-groups?limit=20"), ("monthly", "/api/reports/monthly"), ("coverage", "/api/reports/coverage")):
            note(name, measure(admin, pid, path, choice.times))
        note("log_page", log_pages(admin, pid))
        if not choice.short:
            note("export_csv", export(admin, pid, "/api/airings.csv?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"))
    return result


def playing(desk, secret, choice):
    """At the hour: every station plays the province's broadcast."""
    base = desk.place / "controller" / "loa.db"
    start_playing(base)
    desk.start_controller()
    admin, pid = desk.client(), desk.controller.pid
    admin.log_in("admin", secret)
    wait_idle(pid, 60)
    return measure(admin, pid, "/api/home", choice.times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="the JSON line only")
    parser.add_argument("--keep", metavar="DIR", help="where the database stays")
    parser.add_argument("--stations", type=int, default=5000)
    parser.add_argument("--airings", type=int, default=3_000_000)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--only", type=lambda text: text.split(","), default=["events", "visit", "touch", "server"],
                        help="events,visit,touch,server")
    parser.add_argument("--short", action="store_true", help="without the export of the whole log")
    choice = parser.parse_args()
    say = (lambda text: None) if choice.json else (lambda text: print(text, file=sys.stderr))
    result = {"stations": choice.stations, "airings": choice.airings}
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as scratch:
        with Desk(choice.build, choice.keep or scratch, panel=ROOT / "web-admin" / "dist") as desk:
            desk.start_controller()
            secret = password()
            desk.set_up("Tỉnh", {"name": "Quản trị", "login": "admin", "password": secret})
            desk.controller.stop()
            say("filling the database ...")
            start = time.monotonic()
            _, keys = fill(desk.place / "controller" / "loa.db", choice.stations, choice.airings, orders=0, keys=True)
            result["fill_s"] = round(time.monotonic() - start, 1)
            desk.start_controller()
            result.update(serve(desk, secret, keys, choice, say))
            if "server" in choice.only:
                desk.controller.stop()
                result["home_5000_playing"] = playing(desk, secret, choice)
                say(f"home_5000_playing    {result['home_5000_playing']}")
    result["machine"] = machine(load)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
