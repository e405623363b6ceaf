#!/usr/bin/python3
"""The panel of a province: server time and bytes of home, log and reports; a slow phone's visit, touch and stillness.

A real controller over a database with --stations stations and --airings airings, all stations reporting. Processor
time is the controller's own (user and system, /proc), so the rest of the machine does not count; what a browser takes
is wall time: `machine` says whether anything else ran. gz: bytes as they are sent to whoever takes gzip.
  home.cpu_ms, home.gz       the home page of the whole province; home_5000_playing while every station plays
  log_page.worst_ms          the dearest page of 50 rows of all combinations of filters that the panel offers; p50_ms, p95_ms
  library*.cpu_ms            a page of bulletins of --bulletins: of all, of a commune, searched by frequent words and by rare ones, as a
                             chooser asks with one letter typed, and what was aired yesterday
  export_csv, export_xlsx    the whole log as CSV, two days of it as a book: rows, time, growth of the controller's memory, and how long
                             others wait for home before and meanwhile; export_xlsx_all: more than a book may hold
  first_visit                bytes over the wire until home is whole; files: without the data of the day
  slow_4g                    562 ms, 1.47 Mbit/s, processor x4: from the address to home with its data, cold and warm;
                             slow_4g_proxied: the same through the shipped nginx site (TLS, HTTP/2)
  screens                    INP and CLS of each, processor x4: worst interaction, and what moved
  events                     a tab while all stations report: events and questions a second, share of a processor
"""

import argparse
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
sys.path[:0] = [str(HERE), str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]
from client import Client  # noqa: E402
from desk import Desk, password  # noqa: E402
from panel_export import cpu_ms, exports  # noqa: E402
from panel_fleet import Reporting  # noqa: E402
from panel_world import fill, start_playing  # noqa: E402
from proxy import Proxy  # noqa: E402

COMMUNE, STATION, ORDERS = "c" + f"{7:015x}", f"s{207:031x}", ("", "b7-3", "province")
OUTCOMES = ("", "played", "partial", "missed", "unknown", "unreported", "playing", "upcoming", "cancelled")
CLASSES = ("", "normal", "priority", "emergency")
QUIET = 0.5  # load of one minute for each processor; more and wall times lie


def measure(client, pid, path, times):
    whole = len(client.raw("GET", path)[2])
    wall, before = [], cpu_ms(pid)
    for _ in range(times):
        start = time.perf_counter()
        status, _, content = client.raw("GET", path, headers={"Accept-Encoding": "gzip"})
        wall.append((time.perf_counter() - start) * 1000)
        assert status == 200, f"{path}: {status}"
    return {"cpu_ms": round((cpu_ms(pid) - before) / times, 2), "p50_ms": round(statistics.median(wall), 2),
            "bytes": whole, "gz": len(content)}


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


def browse(desk, secret, proxied=False, **how):
    order = {"url": f"{desk.front.url if proxied else f'http://{desk.people}'}/", "login": "admin", "password": secret, "times": 5, "seconds": 20, **how}
    done = subprocess.run(["node", str(HERE / "panel_speed.mjs"), json.dumps(order)], capture_output=True, text=True, check=False, timeout=900)
    if done.returncode:
        return {"problem": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no word"}
    return json.loads(done.stdout.splitlines()[-1])


def back(days):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days * 86400))


def machine(before):
    processors, now = os.cpu_count(), os.getloadavg()[0]
    return {"processors": processors, "load_before": round(before, 2), "load_after": round(now, 2), "was_quiet": before < QUIET * processors}


def watch(desk, secret, keys, choice, note):
    """What a browser sees while all stations report."""
    with Reporting(desk.link, keys) as fleet:
        time.sleep(35)  # once round, and home knows of all of them
        if "events" in choice.only:
            note("events", {**browse(desk, secret, only=["events"]).get("events", {}), "posts": fleet.posts, "refused": fleet.refused})
        if "visit" in choice.only:
            seen = browse(desk, secret, only=["visit"])
            note("first_visit", seen.get("first_visit", seen))
            note("slow_4g", seen.get("slow_4g", seen))
            seen = browse(desk, secret, proxied=True, only=["visit"])
            note("first_visit_proxied", seen.get("first_visit", seen))
            note("slow_4g_proxied", seen.get("slow_4g", seen))
        if "touch" in choice.only:
            note("screens", browse(desk, secret, only=["touch"]))


def serve(desk, secret, keys, choice, say):
    """All of it, on a controller that runs."""
    result, admin, pid = {}, Client(desk.people), desk.controller.pid
    admin.log_in("admin", secret)
    say("waiting for the plans ...")
    result["settled"] = wait_idle(pid, 400)

    def note(name, value):
        result[name] = value
        say(f"{name:20} {value}")

    if set(choice.only) & {"events", "visit", "touch"}:
        watch(desk, secret, keys, choice, note)
    if "server" in choice.only:
        for name, path in (("home", "/api/home"), ("home_commune", f"/api/home?area={COMMUNE}"), ("me", "/api/me"), ("stations", "/api/stations?limit=50"),
                           ("station_search", "/api/stations?limit=50&q=ben%2011"), ("map", "/api/map"), ("since", "/api/home/since"),
                           ("library", "/api/bulletins?limit=30"), ("library_commune", f"/api/bulletins?limit=30&area={COMMUNE}"),
                           ("library_search", "/api/bulletins?limit=30&q=cat%20dien"), ("library_one", "/api/bulletins?limit=30&q=ky%20niem%20thanh%20lap"),
                           ("library_choice", "/api/bulletins?limit=60&airs=true&relay=false&q=t"), ("library_yesterday", f"/api/bulletins?limit=6&aired=yesterday&area={COMMUNE}"),
                           ("log_groups", "/api/airing-groups?limit=20"), ("monthly", "/api/reports/monthly"), ("coverage", "/api/reports/coverage")):
            note(name, measure(admin, pid, path, choice.times))
        note("log_page", log_pages(admin, pid))
    if "files" in choice.only:
        for name, file in exports(admin, pid, desk.place, f"from={back(2)}&to={back(0)}"):
            note(name, file)
    return result


def playing(desk, secret, choice):
    """At the hour: every station plays the province's broadcast."""
    base = desk.place / "controller" / "loa.db"
    start_playing(base)
    desk.start_controller()
    admin, pid = Client(desk.people), desk.controller.pid
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
    parser.add_argument("--bulletins", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--only", type=lambda text: text.split(","), default=["events", "visit", "touch", "server", "files"],
                        help="events,visit,touch,server,files")
    choice = parser.parse_args()
    say = (lambda text: None) if choice.json else (lambda text: print(text, file=sys.stderr))
    result = {"stations": choice.stations, "airings": choice.airings, "bulletins": choice.bulletins}
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as scratch:
        with Desk(choice.build, choice.keep or scratch, panel=ROOT / "web-admin" / "dist") as desk, \
                Proxy(choice.build, pathlib.Path(scratch) / "nginx", desk.people, desk.link) as desk.front:
            desk.start_controller()
            secret = password()
            desk.set_up("Tỉnh", {"name": "Quản trị", "login": "admin", "password": secret})
            desk.controller.stop()
            say("filling the database ...")
            start = time.monotonic()
            _, keys = fill(desk.place / "controller" / "loa.db", choice.stations, choice.airings, orders=0, keys=True, library=choice.bulletins)
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
