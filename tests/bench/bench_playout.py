#!/usr/bin/python3
"""The station's sound engine: start error, skew, alert latency, honesty under faults, processor time and memory beside other players.

Everything is measured at the simulated card's converter (its recording and stamps), never by what a player says:
  start_error_ms     planned start -> first sample, 50 airings
  skew_ms            the same airing on two players and two cards whose crystals differ by 100 ppm
  emergency_ms       command -> first sample of a held clip over a running programme, 50 alerts
  rss_peak_mib       engine + decoder; whole station = loa-player + its decoder
  cpu_vs_mpd         processor time of engine + decoder / mpd, same file, same minute, two cards; median of the pairs
  idle_cpu_s_per_min a whole station that waits
  false_played       items claimed whole though the recording is not: mute, stalled pointer, unplugged card, clock steps
Beside them, on stderr and in what is kept: stop_ms (command -> nothing of the alert left), join_gap_ms (largest
displacement where items of one airing follow each other), clock_steps_unheard.

The parts run one after the other, some 14 minutes in all, --quick 3. One that fails says why and leaves its numbers
null; the others run, and the exit status is 1. With --keep DIR each leaves its recordings and details in DIR/PART, and
a run that was cut short or failed goes on with the parts that are missing. --assert: status 3 if a goal that does not
depend on how busy the machine is was not met.
"""

import argparse
import hashlib
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]

import playout_cost  # noqa: E402
import playout_sound  # noqa: E402

# name, what measures it, longest time in s
PARTS = (
    ("starts", playout_sound.starts, 330),
    ("alerts", playout_sound.alerts, 240),
    ("joins", playout_sound.joins, 60),
    ("honesty", playout_sound.honesty, 180),
    ("mpd", playout_cost.beside_mpd, 420),
    ("others", playout_cost.others, 120),
    ("station", playout_cost.station, 240),
)
# value in the last line, its goal, whether a busy machine may miss it
GOALS = (
    (("start_error_ms", "p99"), 0.1, True), (("skew_ms", "max"), 0.05, True), (("emergency_ms", "p99"), 30, True),
    (("cpu_vs_mpd",), 1.0, False), (("rss_peak_mib", "engine"), 20, False), (("rss_peak_mib", "station"), 32, False),
    (("idle_cpu_s_per_min",), 0.05, False), (("false_played",), 0, False),
)
MEASURED = ("tests/bench/playout_rig", "player/loa-decode", "player/loa-player")


def say(text):
    print(text, file=sys.stderr, flush=True)


class Setting:
    """What a part works with: the build, a folder of its own, how much of everything."""

    def __init__(self, build, folder, quick):
        self.build, self.folder, self.quick = build, folder, quick
        self.say = say

    def count(self, full):
        return max(full // 10, 4) if self.quick else full


class Book:
    """What the parts found, on disk after each, so that a run can go on where it was cut short."""

    def __init__(self, folder, build, quick):
        self._path = folder / "parts.json"
        bytes_ = b"".join((build / name).read_bytes() for name in MEASURED)
        self._of = {"quick": quick, "programs": hashlib.sha256(bytes_).hexdigest()}
        self.parts = {}
        try:
            seen = json.loads(self._path.read_text())
            if seen["of"] == self._of and not seen["whole"]:
                self.parts = {name: part for name, part in seen["parts"].items() if "found" in part}
        except (OSError, ValueError, KeyError):
            pass

    def write(self, name, part):
        self.parts[name] = part
        whole = all("found" in self.parts.get(each, {}) for each, *_ in PARTS)
        self._path.write_text(json.dumps({"of": self._of, "whole": whole, "parts": self.parts}, indent=1))

    def found(self):
        return {key: value for part in self.parts.values() for key, value in part.get("found", {}).items()}


def out_of_time(_signal, _frame):
    raise TimeoutError("not done in time")


def run_part(book, setting, name, measure, limit_s):
    shutil.rmtree(setting.folder, ignore_errors=True)
    setting.folder.mkdir(parents=True)
    signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(limit_s)
    began = time.monotonic()
    try:
        found, details = measure(setting)
    except Exception as error:  # whatever it is, the other parts are measured
        signal.alarm(0)
        say(f"  {name} FAILED: {error}\n{traceback.format_exc()}")
        book.write(name, {"failed": f"{type(error).__name__}: {error}"})
        return
    signal.alarm(0)
    (setting.folder / "details.json").write_text(json.dumps(details, indent=1))
    book.write(name, {"found": found, "seconds": round(time.monotonic() - began, 1)})
    say(f"  {json.dumps(found)}")


def last_line(found):
    empty = {"start_error_ms": ("p50", "p99", "max"), "skew_ms": ("p50", "max"), "emergency_ms": ("p50", "p99")}
    line = {key: {q: (found.get(key) or {}).get(q) for q in quantiles} for key, quantiles in empty.items()}
    line["rss_peak_mib"] = {"engine": found.get("rss_engine"), "station": found.get("rss_station")}
    line |= {key: found.get(key) for key in ("cpu_vs_mpd", "idle_cpu_s_per_min", "false_played")}
    line["peers"] = [peer for peer in (found.get("mpd"), *found.get("others", ())) if peer]
    return line


def judge(line):
    """Says how each goal stands; True when no goal that a busy machine must keep too was missed."""
    good = True
    for path, goal, excused in GOALS:
        value = line
        for key in path:
            value = value[key]
        met = value is not None and value <= goal
        good &= met or excused or value is None
        say(f"  {'.'.join(path):24} {value!s:>9}  goal {goal:<5} {'met' if met else 'not measured' if value is None else 'MISSED'}")
    return good


def main():
    parser = argparse.ArgumentParser(prog="./loa bench playout")
    parser.add_argument("--build", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="accepted; the last line is JSON anyway")
    parser.add_argument("--keep", type=pathlib.Path, help="leave recordings, stamps and details there, and go on from what is there")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything: to see that it works")
    parser.add_argument("--only", choices=[name for name, *_ in PARTS], action="append", help="this part (may be given again)")
    parser.add_argument("--assert", dest="judge", action="store_true", help="exit status 3 when a goal is missed")
    options = parser.parse_args()
    subprocess.run([ROOT / "tools" / "install-packages", "peers", "--yes"], check=True, stdout=sys.stderr)
    build = options.build.resolve()
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as temporary:
        folder = options.keep.resolve() if options.keep else pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        book = Book(folder, build, options.quick)
        wanted = [part for part in PARTS if not options.only or part[0] in options.only]
        for name, measure, limit_s in wanted:
            if name in book.parts:
                say(f"{name}: measured before, in {folder / name}")
            else:
                run_part(book, Setting(build, folder / name, options.quick), name, measure, limit_s)
        line = last_line(book.found())
        (folder / "result.json").write_text(json.dumps(line, indent=1))
    good = judge(line)
    failed = [name for name, *_ in wanted if "failed" in book.parts.get(name, {})]
    if failed:
        say("not measured: " + ", ".join(f"{name} ({book.parts[name]['failed']})" for name in failed))
    print(json.dumps(line))
    return 1 if failed else 3 if options.judge and not good else 0


if __name__ == "__main__":
    sys.exit(main())
