"""What an unattended run leaves behind, and the figures computed from it.

A folder of evidence holds, for a stranger's script to recompute every figure:
  source.wav        what was spoken            canonical.opus   what the stations were told to play
  station-N.wav     what left sound card N     station-N.stamps.jsonl   wall time of its frames
  root.json  roots.jsonl  stations.jsonl  plans.jsonl  commands.jsonl  receipts.jsonl  unreported.jsonl
                                                   the signed papers, for `loa audit verify`
  airings.json      what the panel's log said      cards.json  which station has which sound card
Start errors and correlations come from the recordings and their stamps, never from the receipts.
"""

import json
import pathlib
import shutil
import sys
from datetime import datetime

import numpy

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

import sound  # noqa: E402
from desk import wait_for  # noqa: E402

GOOD_CORRELATION = 0.98
CARD_REST_S = 15  # a player closes its card a second or so after the last sound
SEARCH_S = 3.0  # a bulletin is looked for this far around its planned start


def collect(demo, folder):
    """Copies recordings and papers of a demo into `folder`; gives the folder."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(demo.place / "source.wav", folder / "source.wav")
    status, _, audio = demo.commune.operator.raw("GET", f"/api/bulletins/{demo.memory['bulletin']}/audio")
    if status != 200:
        raise RuntimeError(f"the canonical file cannot be had: {status}")
    (folder / "canonical.opus").write_bytes(audio)
    collect_sound(demo.desk, map(int, demo.memory["stations"]), folder)
    export_papers(demo.commune.admin, folder)
    return folder


def collect_sound(desk, numbers, folder):
    """Recordings and the stamps of their frames, once the players have let go of their cards."""
    for number in numbers:
        wait_for(lambda stamps=desk.stamps(number): at_rest(stamps), CARD_REST_S)
        for path in (desk.recording(number), desk.stamps(number)):
            if path.exists():
                shutil.copy(path, folder / path.name)


def at_rest(stamps):
    """True when nothing is being written: never opened, or closed since."""
    lines = stamps.read_text().splitlines() if stamps.exists() else []
    return not lines or json.loads(lines[-1])["event"] == "close"


def export_papers(client, folder):
    """Splits the ledger's export, one JSON document a line, into a file for each kind of paper."""
    status, _, content = client.raw("GET", "/api/ledger/export")
    if status != 200:
        raise RuntimeError(f"the ledger cannot be exported: {status} {content[:200]!r}")
    names = {"root": "roots", "station": "stations", "plan": "plans", "command": "commands", "receipt": "receipts", "unreported": "unreported"}
    lines = {kind: [] for kind in names}
    for line in content.decode().splitlines():
        paper = json.loads(line)
        if paper["type"] == "root":
            (folder / "root.json").write_text(json.dumps(paper["envelope"]) + "\n")
        if paper["type"] in lines:
            lines[paper["type"]].append(line)
    for kind, rows in lines.items():
        (folder / f"{names[kind]}.jsonl").write_text("".join(row + "\n" for row in rows))


def figures(folder, airings, numbers, started):
    """The summary line of the demo. `numbers`: station id -> number of its card."""
    (folder / "airings.json").write_text(json.dumps(airings, ensure_ascii=False, indent=1))
    (folder / "cards.json").write_text(json.dumps(numbers))
    reference = sound.decode(folder / "canonical.opus")
    errors, correlations, first_sound, missed, played, false_played = [], [], [], {}, 0, 0
    for airing in airings:
        heard = hear(folder, numbers[airing["station"]], reference, airing["planned_start"])
        if heard:
            first_sound.append(heard["start_s"])
        if airing["outcome"] == "played":
            played += 1
            if heard and heard["correlation"] >= GOOD_CORRELATION:
                errors.append(abs(heard["start_error_ms"]))
                correlations.append(heard["correlation"])
            else:
                false_played += 1
        elif airing["outcome"] == "missed":
            missed[airing["reason"]] = missed.get(airing["reason"], 0) + 1
    return {
        "stations": len(numbers), "planned": len(airings), "played": played, "missed": missed,
        "false_played": false_played,
        "start_error_ms": {"p50": _percentile(errors, 50), "p99": _percentile(errors, 99)},
        "correlation_min": round(min(correlations), 4) if correlations else None,
        "receipts_verified": False,
        "seconds_to_first_sound": round(min(first_sound) - started, 1) if first_sound else None,
        "first_sound_at": round(min(first_sound), 3) if first_sound else None,
    }


def hear(folder, number, reference, planned):
    """What station `number`'s recording holds where a bulletin was planned, or None for no sound.

    Gives start_s (wall time of its first sample), start_error_ms, correlation over the whole item,
    max_lag_shift_ms of its windows and the loudest sample within a second outside it."""
    recording, stamps = folder / f"station-{number}.wav", folder / f"station-{number}.stamps.jsonl"
    if not recording.exists() or recording.stat().st_size <= 44:
        return None
    _, samples = sound.load(recording)
    clock = sound.Stamps(stamps)
    planned_us = datetime.fromisoformat(planned.replace("Z", "+00:00")).timestamp() * 1e6
    near = clock.frame_at(planned_us)
    found = sound.correlate(samples, reference, (near - SEARCH_S * sound.RATE, near + SEARCH_S * sound.RATE))
    if found.frame is None or found.correlation < sound.FOUND:
        return None
    start_us = clock.when(max(found.frame, 0))
    return {"start_s": start_us / 1e6, "start_error_ms": (start_us - planned_us) / 1e3,
            "correlation": found.correlation,
            "max_lag_shift_ms": sound.max_lag_shift(samples, reference, found.frame),
            "outside_dbfs": sound.outside_dbfs(samples, found.frame, found.frame + len(reference), within=sound.RATE)}


def _percentile(values, q):
    return round(float(numpy.percentile(values, q)), 3) if values else None
