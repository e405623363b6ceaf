#!/usr/bin/python3
"""The panel's answers in a province: bytes and processor time of home, the log and the reports.

A real controller over a database with --stations stations and --airings airings; each answer is asked
--times times over HTTP, processor time is the controller's own (user and system, /proc), the rest of the
machine does not count. gz: bytes after gzip -6, as a proxy sends it.
"""

import argparse
import gzip
import json
import pathlib
import statistics
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "tools" / "demo")]
from desk import Desk, password  # noqa: E402
from panel_world import fill  # noqa: E402


def cpu_ms(pid):
    fields = pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()
    return int(fields[0]) / 1e6


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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="the JSON line only")
    parser.add_argument("--keep", metavar="DIR", help="where the database stays")
    parser.add_argument("--stations", type=int, default=5000)
    parser.add_argument("--airings", type=int, default=3_000_000)
    parser.add_argument("--times", type=int, default=50)
    choice = parser.parse_args()
    say = (lambda text: None) if choice.json else (lambda text: print(text, file=sys.stderr))
    result = {"stations": choice.stations, "airings": choice.airings}
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as scratch:
        with Desk(choice.build, choice.keep or scratch) as desk:
            desk.start_controller()
            secret = password()
            desk.set_up("Tỉnh", {"name": "Quản trị", "login": "admin", "password": secret})
            desk.controller.stop()
            say("filling the database ...")
            start = time.monotonic()
            top = fill(desk.place / "controller" / "loa.db", choice.stations, choice.airings)
            result["fill_s"] = round(time.monotonic() - start, 1)
            desk.start_controller()
            admin = desk.client()
            admin.log_in("admin", secret)
            pid = desk.controller.pid
            ever = "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
            commune = "c" + f"{7:015x}"
            for name, path, times in (
                    ("home_province", "/api/home", choice.times),
                    ("home_commune", f"/api/home?area={commune}", choice.times),
                    ("log_page", f"/api/airings?limit=50&{ever}", choice.times),
                    ("log_page_commune", f"/api/airings?limit=50&{ever}&area={commune}", choice.times),
                    ("log_page_missed", f"/api/airings?limit=50&{ever}&outcome=missed", choice.times),
                    ("log_groups", f"/api/airing-groups?limit=20&{ever}", choice.times),
                    ("log_groups_commune", f"/api/airing-groups?limit=20&{ever}&area={commune}", choice.times),
                    ("monthly", "/api/reports/monthly", 5), ("coverage", "/api/reports/coverage", 5)):
                result[name] = measure(admin, pid, path, times)
                say(f"{name:20} {result[name]}")
            assert top
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
