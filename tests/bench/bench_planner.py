#!/usr/bin/python3
"""A province's plans and timelines, one commune's edit, and the expansion against libical's own.

Five thousand stations in 200 communes, 12 broadcasts each plus 40 of the province, 35 days; processor
time of one thread:
  full_seconds  nominal airings of every station, with their ids, and the timeline resolved from them
  edit_ms       one commune's edit: planned anew, printed, compressed and signed for its stations
  expand_ratio  cost of an airing with libical asked anew for every station / with one shared expansion
"""

import argparse
import pathlib
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="the JSON line only")
    parser.add_argument("--keep", metavar="DIR", help="nothing is kept by this bench")
    parser.add_argument("--stations", type=int, default=5000)
    parser.add_argument("--communes", type=int, default=200)
    parser.add_argument("--days", type=int, default=35)
    choice = parser.parse_args()
    program = choice.build / "tests" / "bench" / "bench_planner"
    done = subprocess.run([program, f"--stations={choice.stations}", f"--communes={choice.communes}",
                           f"--days={choice.days}"], stdout=subprocess.PIPE, text=True, check=False,
                          stderr=subprocess.DEVNULL if choice.json else None)
    sys.stdout.write(done.stdout)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
