#!/usr/bin/python3
"""From a clone to the first sound; start error over 20 airings; peak memory of both daemons.

Three figures of the whole chain, packages present:
  clone_to_sound_s  git clone of this checkout -> first sample of the demo's first bulletin, build included
  start_error_ms    planned start -> first sample in the recording, 20 airings of one station
  peak_mib          VmHWM of loa-controller and loa-player after those airings
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]

import numpy  # noqa: E402
import sound  # noqa: E402
from commune import Commune  # noqa: E402
from desk import Desk  # noqa: E402
from evidence import collect_sound, hear  # noqa: E402

AIRINGS = 20
SPACING_S = 8
TEXT = "Mời bà con đi họp."


def say(text):
    print(text, file=sys.stderr, flush=True)


def clone_to_sound(folder):
    """Seconds from `git clone` to the first sample, in a clone with nothing built."""
    say("cloning, building, first broadcast ...")
    started = time.time()
    clone = pathlib.Path(folder) / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    done = subprocess.run(["./loa", "demo", "--once", "--json", "--yes"], cwd=clone, stdout=subprocess.PIPE, text=True,
                          env={key: value for key, value in os.environ.items() if key != "LOA_BUILD"}, check=False)
    figures = json.loads(done.stdout.splitlines()[-1])
    return round(figures["first_sound_at"] - started, 1)


def peak_mib(process):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return round(int(line.split()[1]) / 1024, 1)
    return None


def start_errors(build, folder, keep):
    """Errors in ms of AIRINGS starts, and the peak memory of both daemons."""
    with Desk(build, folder) as desk:
        controller = desk.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        desk.make_cards(1)
        player = desk.start_station(1)
        commune.pair(1, "Trạm 1")
        commune.wait_online(1)
        bulletin = commune.speak_bulletin("Đo", TEXT)
        first = int(time.time()) + 20
        orders = [commune.broadcast(bulletin["id"], {"kind": "once", "at": time.strftime(
            "%Y-%m-%dT%H:%M:%SZ", time.gmtime(first + index * SPACING_S))})["id"] for index in range(AIRINGS)]
        say(f"{AIRINGS} airings, one every {SPACING_S} s ...")
        airings = [airing for order in orders for airing in commune.wait_receipts(order, 400)]
        canonical = desk.place / "canonical.opus"
        canonical.write_bytes(commune.operator.raw("GET", f"/api/bulletins/{bulletin['id']}/audio")[2])
        reference = sound.decode(canonical)
        heard = [hear(desk.sound, 1, reference, airing["planned_start"]) for airing in airings]
        if keep:
            collect_sound(desk, [1], keep)
            (keep / "canonical.opus").write_bytes(canonical.read_bytes())
            (keep / "airings.json").write_text(json.dumps(airings, ensure_ascii=False, indent=1))
        errors = [abs(found["start_error_ms"]) for found in heard if found and found["correlation"] > 0.9]
        return errors, {"controller": peak_mib(controller), "player": peak_mib(player)}


def main():
    parser = argparse.ArgumentParser(prog="./loa bench first")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="accepted; the last line is JSON anyway")
    parser.add_argument("--keep", type=pathlib.Path, help="leave recordings and airings there")
    parser.add_argument("--no-clone", action="store_true", help="leave out the figure that needs a build")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as folder:
        seconds = None if options.no_clone else clone_to_sound(folder)
        errors, peak = start_errors(options.build, pathlib.Path(folder) / "desk", options.keep)
    print(json.dumps({
        "clone_to_sound_s": seconds, "airings": AIRINGS, "heard": len(errors),
        "start_error_ms": {name: round(float(numpy.percentile(errors, q)), 3) if errors else None
                           for name, q in (("p50", 50), ("p99", 99), ("max", 100))},
        "peak_mib": peak}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
