#!/usr/bin/python3
"""What takes too much time for every day, in slices that can be stopped and gone on with.

    tests/long.py BUILD [PART...] [--minutes M] [--again]     (tests/run BUILD long)

Each part wants a number of states, forgeries, kills or runs. It is reached in slices, each with a seed of its own, the
next where the last ended; after every slice a line says how far it is and with which seeds, and BUILD/long/state.json
keeps it, so that a run that was stopped goes on (with the same programs; others begin anew). The output of every slice
is appended to BUILD/long/PART.log; that of one that fails is shown, and the command that repeats it. --minutes stops
between two slices. Parts take turns, so that whatever time there is, all of them get on.
"""

import argparse
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PYTEST = ["/usr/bin/python3", "-m", "pytest", "-q", "-s", "-x", "-p", "no:cacheprovider", "--tb=short"]


class Part:
    """`unit` is what is counted; `size` the name of the variable that says how many, in slices of `slice_`.
    `counted` finds how many it really were, `seeds` the last seed used."""

    def __init__(self, name, command, total, slice_, unit, size=None, counted=None, seeds=None, programs=(), **environment):
        self.name, self.command, self.total, self.slice, self.unit, self.size = name, command, total, slice_, unit, size
        self.counted, self.seeds, self.programs, self.environment = counted, seeds, programs, environment


def parts_of(build):
    def program(name, *rest, **more):
        return Part(rest[0], [str(build / name)], *rest[1:], programs=(name,), **more)

    def pytest(name, path, total, slice_, unit, **more):
        return Part(name, [*PYTEST, *path.split()], total, slice_, unit, programs=("player/loa-player", "player/loa-decode"),
                    LOA_LONG="1", **more)

    crash = {"size": "LOA_STATES", "counted": r"(\d+) states in", "seeds": r"seeds up to (\d+)"}
    return [
        program("tests/unit/timeline/test_timeline_timeline", "timeline", 100000, 10000, "worlds", size="LOA_WORLDS"),
        program("tests/unit/schedule/test_schedule_named", "schedule", 100000, 2000, "worlds", size="LOA_WORLDS"),
        program("tests/unit/schedule/test_schedule_recurrence_zones", "zones", 1, 1, "runs", LOA_ZONES_STEP="1"),
        program("tests/fuzz/test_mutations", "envelopes", 1000000, 20000, "forgeries of each kind", size="LOA_MUTATIONS"),
        program("tests/crash/crash_journal", "journal", 1000000, 25000, "power cuts", **crash),
        program("tests/crash/crash_files", "files", 200000, 10000, "power cuts", **crash),
        program("tests/unit/playout/test_playout_bad_media", "bad-media", 1, 1, "runs", LOA_LONG="1"),
        program("tests/unit/playout/test_playout_next_on_time", "next-on-time", 1, 1, "runs", LOA_LONG="1"),
        program("tests/unit/playout/test_playout_card_returns", "card", 1, 1, "runs", LOA_LONG="1"),
        pytest("kills", "tests/integration/test_kill.py", 1000, 40, "kills of the player", size="LOA_KILLS",
               counted=r"counted: (\d+) kills"),
        pytest("soak", "tests/integration/test_soak.py", 1, 1, "runs"),
        pytest("relay", "tests/integration/test_relay.py", 1, 1, "runs"),
        pytest("programme", "tests/integration/test_programmes.py -k lost_on_the_pole", 1, 1, "runs"),
        pytest("emergency", "tests/integration/test_alerts.py -k comes_between", 1, 1, "runs"),
        pytest("browser", "tests/e2e", 1, 1, "runs"),
    ]


class State:
    def __init__(self, build, again):
        self.folder = build / "long"
        self.folder.mkdir(exist_ok=True)
        self._path = self.folder / "state.json"
        self._build = build
        self._parts = {}
        if not again and self._path.exists():
            self._parts = json.loads(self._path.read_text())

    def _programs(self, part):
        return hashlib.sha256(b"".join((self._build / name).read_bytes() for name in part.programs)).hexdigest()

    def of(self, part):
        kept = self._parts.get(part.name)
        if not kept or kept["programs"] != self._programs(part):
            kept = {"programs": self._programs(part), "done": 0, "first_seed": None, "seed": 1, "slices": 0, "seconds": 0}
        self._parts[part.name] = kept
        return kept

    def save(self):
        temporary = self._path.with_suffix(".new")
        temporary.write_text(json.dumps(self._parts, indent=1))
        temporary.replace(self._path)


def say(text):
    print(text, flush=True)


def run_slice(build, state, part):
    """False when something was found."""
    kept = state.of(part)
    wanted = min(part.slice, part.total - kept["done"])
    own = {"LOA_BUILD": str(build), "G_TEST_BUILDDIR": str(build), "G_TEST_SRCDIR": str(ROOT), "LOA_SEED": str(kept["seed"]),
           **part.environment, **({part.size: str(wanted)} if part.size else {})}
    began = time.monotonic()
    done = subprocess.run(["nice", *part.command], cwd=ROOT, env={**os.environ, **own}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    seconds = time.monotonic() - began
    with (state.folder / f"{part.name}.log").open("a") as log:
        log.write(f"--- {time.strftime('%F %T')} LOA_SEED={kept['seed']} {wanted} {part.unit}, status {done.returncode}\n{done.stdout}")
    if done.returncode:
        again = " ".join(f"{key}={value}" for key, value in own.items())
        say(f"{done.stdout[-6000:]}\n{part.name} FAILED at seed {kept['seed']}; again with:\n  {again} {' '.join(part.command)}")
        return False
    counted = re.search(part.counted, done.stdout) if part.counted else None
    last = re.search(part.seeds, done.stdout) if part.seeds else None
    first, until = kept["seed"], int(last.group(1)) if last else kept["seed"] + (wanted - 1 if "WORLDS" in (part.size or "") else 0)
    kept.update(done=kept["done"] + (int(counted.group(1)) if counted else wanted), seed=until + 1, slices=kept["slices"] + 1,
                seconds=round(kept["seconds"] + seconds, 1))
    state.save()
    say(f"{part.name}: {kept['done']:,} of {part.total:,} {part.unit}, seeds {first} to {until}, {seconds:.0f} s")
    return True


def main():
    parser = argparse.ArgumentParser(prog="tests/long.py")
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--minutes", type=float, default=float(os.environ.get("LOA_LONG_MINUTES", "inf")))
    parser.add_argument("--again", action="store_true", help="forget what an earlier run reached")
    options = parser.parse_args()
    build = options.build.resolve()
    parts = [part for part in parts_of(build) if not options.parts or part.name in options.parts]
    if len(parts) < len(set(options.parts)):
        parser.error("parts are: " + ", ".join(part.name for part in parts_of(build)))
    state = State(build, options.again)
    until, good = time.monotonic() + options.minutes * 60, True
    left = [part for part in parts if state.of(part)["done"] < part.total]
    while left and good and time.monotonic() < until:
        part = left.pop(0)
        good = run_slice(build, state, part)
        if state.of(part)["done"] < part.total:
            left.append(part)
    for part in parts:
        kept = state.of(part)
        say(f"{part.name:10} {kept['done']:>9,} of {part.total:>9,} {part.unit}, {kept['seconds'] / 60:.1f} min")
    if good and left:
        say("stopped before the end; the same command goes on from here")
    return 0 if good and not left else 3 if good else 1


if __name__ == "__main__":
    sys.exit(main())
