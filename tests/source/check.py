#!/usr/bin/python3
"""Holds the shape of the source: each rule is a function, each has a bad sample below tests/source/bad.

    tests/source/check.py [ROOT]     prints every breach as file:line: rule: what, exit code 1 if any

Rules
  library   each outside library is included by the files named in LIBRARIES and no other
  length    no source file is longer than 500 lines
  upward    a room includes only its own files, rooms above it in the flow, and what its part may see
  sql       SQL stands in *_store*.c, controller/db and the player's journal only
  migration migrations are numbered from 001 without a gap, each number once
  unfinished no word that promises work for later in a source file
"""

import pathlib
import re
import sys

MAX_LINES = 500
PARTS = ("common", "hw", "player", "controller", "tools")
SOURCE_SUFFIXES = {".c", ".h", ".ts", ".svelte", ".py", ".mjs", ".sql", ".sh", ".css"}
SKIP = {"build", "node_modules", "dist", ".git", "__pycache__", "bad", "paraglide"}

# header prefix -> the files that may include it
LIBRARIES = {
    "microhttpd.h": ["controller/http/server*.c", "controller/http/*_mhd.c"],
    "sqlite3.h": ["controller/db/database*.c", "player/journal/journal*.c",
                  "player/journal/journal_file.h", "tests/crash/*.c"],
    "jansson.h": ["common/json.c"],
    "sodium": ["common/crypto.c"],
    "gnutls/": ["common/digest.c", "tools/certificate.c"],
    "curl/": ["common/http_client.c", "common/http_socket.c", "common/http_traffic.c"],
    "alsa/": ["hw/card_*.c", "hw/sim/card_*.c"],
    "gst/": ["player/playout/decoder_main.c", "controller/content/worker_main.c",
             "controller/content/worker_*_gst.*", "controller/content/listen_worker_main.c"],
    "opus/": ["player/playout/packets.c"],
    "espeak-ng/": ["controller/content/speech_worker_main.c"],
    "libical/": ["controller/schedule/recurrence.c", "controller/schedule/calendar_file.c"],
    "ebur128.h": ["controller/content/loudness.c"],
    "xlsxwriter.h": ["controller/ledger/sheet_xlsx.c"],
    "csv.h": ["controller/registry/csv_table.c"],
    "zlib.h": ["controller/fleet/publisher_sheet.c"],
    "seccomp.h": ["controller/content/sandbox.c"],
}

# Rooms in the order of the flow: each may include those before it.
ROOMS = {
    "controller": ["db", "http", "access", "registry", "content", "schedule", "fleet", "alerts", "ledger", "ops"],
    "player": ["clock", "journal", "link", "cache", "plan", "playout", "conductor", "alert", "health"],
}
# Which parts a part may see besides itself.
PART_SEES = {"common": [], "hw": ["common/base"], "player": ["common", "hw"], "controller": ["common"], "tools": ["common"]}
TOP_FILES = {"main", "app", "routes"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SQL = re.compile(r'"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\s', re.I)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def sources(root):
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and path.suffix in SOURCE_SUFFIXES and not SKIP & set(relative.parts):
            yield relative, path.read_text(errors="replace").splitlines()


def includes(lines):
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(1) == "<", found.group(2)


def rule_library(relative, lines, _root):
    for number, _, header in includes(lines):
        for prefix, allowed in LIBRARIES.items():
            if header.startswith(prefix) and not any(relative.match(pattern) for pattern in allowed):
                if relative.parts[0] != "tests":
                    yield number, f"<{header}> belongs to {', '.join(allowed)}"


def rule_length(relative, lines, _root):
    if len(lines) > MAX_LINES:
        yield MAX_LINES, f"{len(lines)} lines; look for the second noun"


def resolve(relative, header, root):
    """The file that an include names, as a path from the root, or None for a system header."""
    part = relative.parts[0]
    places = [relative.parent] + [pathlib.Path(seen) for seen in PARTS] + [pathlib.Path(part)]
    for place in places:
        if (root / place / header).is_file():
            return place / header
    return None


def room_of(path):
    return path.parts[1] if len(path.parts) > 2 else None


def rule_upward(relative, lines, root):
    part = relative.parts[0]
    if part not in PARTS or relative.suffix not in (".c", ".h"):
        return
    for number, system, header in includes(lines):
        target = None if system else resolve(relative, header, root)
        if target is None:
            continue
        if target.parts[0] != part:
            if not any(target.as_posix().startswith(seen + "/") for seen in PART_SEES[part]):
                yield number, f"{part} may not see {target}"
            continue
        order = ROOMS.get(part)
        if order is None:
            if part == "common" and room_of(relative) == "base" and room_of(target) != "base":
                yield number, f"common/base may not see {target}"
            continue
        mine, theirs = room_of(relative), room_of(target)
        if mine is None:
            continue  # main, app and routes see everything
        if theirs is None:
            yield number, f"a room may not see {target}"
        elif order.index(theirs) > order.index(mine):
            yield number, f"{mine} comes before {theirs} in the flow"


def rule_sql(relative, lines, _root):
    if relative.suffix != ".c" or relative.parts[0] not in PARTS:
        return
    if "_store" in relative.stem or relative.match("controller/db/*") or relative.match("player/journal/*"):
        return
    for number, line in enumerate(lines, 1):
        if SQL.search(line):
            yield number, "SQL belongs into a *_store.c"


def rule_unfinished(relative, lines, _root):
    if relative.match("tests/source/check.py"):
        return
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield number, "finish it or write it down in an issue"


def rule_migration(relative, _lines, root):
    """Two migrations of one number, and every database stops at the second."""
    if not relative.match("db/migrations/*.sql"):
        return
    names = sorted(path.name for path in (root / relative).parent.glob("*.sql"))
    number = int(relative.name[:3])
    if names.index(relative.name) + 1 != number:
        yield 1, f"{relative.name} is number {names.index(relative.name) + 1} of its folder"


RULES = {name[5:]: rule for name, rule in sorted(globals().items()) if name.startswith("rule_")}


def check(root):
    """Every breach below `root` as (file, line, rule, what)."""
    for relative, lines in sources(root):
        for name, rule in RULES.items():
            for number, what in rule(relative, lines, root):
                yield relative, number, name, what


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    breaches = list(check(root))
    for relative, number, rule, what in breaches:
        print(f"{relative}:{number}: {rule}: {what}")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
