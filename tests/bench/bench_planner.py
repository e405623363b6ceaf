#!/usr/bin/python3
"""A province's plans and timelines, one commune's edit, the expansion against libical's, and an order to all.

Five thousand stations in 200 communes, 12 broadcasts each plus 40 of the province, 35 days; processor
time of one thread:
  full_seconds  nominal airings of every station, with their ids, and the timeline resolved from them
  edit_ms       one commune's edit: planned anew, printed, compressed and signed for its stations
  expand_ratio  cost of an airing with libical asked anew for every station / with one shared expansion,
                over a mix of the rules that communes make
Then the same province in a real controller with its database (left out with --world 0); processor time
of the controller, all threads:
  first_*       its first plans, with 2 million airings written to the log
  commune_*     one order to one commune, order_*: "now" to all stations: accepted_ms is the answer, after
                COMMIT; cpu_s and ready_s until every plan is signed and stored
  alert_accepted_max_ms  the slowest answer to emergencies ordered while those plans were made
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "tools" / "demo")]
import order_world  # noqa: E402
from desk import Desk  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="the JSON line only")
    parser.add_argument("--keep", metavar="DIR", help="where the controller's database stays")
    parser.add_argument("--stations", type=int, default=5000)
    parser.add_argument("--communes", type=int, default=200)
    parser.add_argument("--days", type=int, default=35)
    parser.add_argument("--world", type=int, default=5000, help="stations of the real controller; 0 leaves it out")
    choice = parser.parse_args()
    program = choice.build / "tests" / "bench" / "bench_planner"
    done = subprocess.run([program, f"--stations={choice.stations}", f"--communes={choice.communes}",
                           f"--days={choice.days}"], stdout=subprocess.PIPE, text=True, check=False,
                          stderr=subprocess.DEVNULL if choice.json else None)
    if done.returncode or not choice.world:
        sys.stdout.write(done.stdout)
        return done.returncode
    result = json.loads(done.stdout.splitlines()[-1])
    say = (lambda text: None) if choice.json else (lambda text: print(text, file=sys.stderr))
    say(done.stdout)
    communes = max(2, choice.world * choice.communes // choice.stations)
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as scratch, Desk(choice.build, choice.keep or scratch) as desk:
        result.update(order_world.measure(desk, choice.world, communes, say))
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
