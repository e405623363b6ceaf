"""Parts of the playout bench that listen: each gives its numbers for the last line, and details to recompute them.

Each part has a folder and cards of its own; engines are ended however a part ends."""

import contextlib
import time

import numpy
import sound
from playout_desk import RATE, Cards, Engine, make, make_speech, sweep

LEAD_S = 2.0          # prepared so long ahead, as the conductor does at least
AIRING_S = 1.0
FAULTS = ("mute", "stalled", "unplugged", "clock+3", "clock-3")
WHOLE = 0.995         # correlation of a recording that has everything
MOST_UNHEARD = 0.02   # share of starts or alerts that may be missing in the recording


def now_us():
    return time.time_ns() // 1000


def percentiles(values, **wanted):
    return {name: round(float(numpy.percentile(values, q)), 3) if len(values) else None for name, q in wanted.items()}


def demand_heard(heard, count, what):
    if heard < count * (1 - MOST_UNHEARD):
        raise RuntimeError(f"only {heard} of {count} {what} are in the recording")


# ---- starts and skew ----

def starts(setting):
    count = setting.count(50)
    setting.say(f"{count} airings on two players ...")
    cards = Cards(setting.build, setting.folder, 2)
    media, frames = make(setting.folder, "sweep", sweep(300, 3000, AIRING_S), AIRING_S)
    reference = sound.decode(media)
    cards.set(1, "ppm=60")
    cards.set(2, "ppm=-40")
    planned = []
    with contextlib.ExitStack() as stack:
        engines = [stack.enter_context(Engine(setting.build, cards, card)) for card in (1, 2)]
        for index in range(count):
            at = now_us() + int(LEAD_S * 1e6) + 7919 * index % 20000
            for engine in engines:
                engine.say("at", f"a{index}", media, at, frames)
            planned.append(at)
            for engine in engines:
                engine.wait("finished", f"a{index}", 20)
    heard = [[cards.hear(card, reference, at)[0] for at in planned] for card in (1, 2)]
    pairs = [(a, b, at) for a, b, at in zip(*heard, planned) if a and b]
    demand_heard(len(pairs), count, "pairs of starts")
    errors = [abs(a - at) / 1e3 for a, _, at in pairs]
    skews = [abs(a - b) / 1e3 for a, b, _ in pairs]
    return {"start_error_ms": percentiles(errors, p50=50, p99=99, max=100),
            "skew_ms": percentiles(skews, p50=50, max=100)}, \
        {"airings": count, "starts": [{"planned_us": at, "heard_us": [a, b]} for a, b, at in pairs]}


# ---- alerts ----

def alerts(setting):
    count = setting.count(50)
    setting.say(f"{count} alerts over a running programme ...")
    cards = Cards(setting.build, setting.folder, 1)
    programme, frames = make_speech(setting.folder, 20 + 2 * count)
    clip, _ = make(setting.folder, "alert", sweep(2000, 6000, 4, 0.5), 4)
    whole = sound.decode(clip)
    commands, stops = [], []
    with Engine(setting.build, cards, 1) as engine:
        engine.say("hold", clip)
        engine.say("at", "programme", programme, 0, frames)
        engine.wait("started", "programme", 20)
        time.sleep(3)
        for index in range(count):
            commands.append(now_us())
            engine.say("at", f"e{index}", clip, 0, 4 * RATE)
            engine.say("duck", "programme", -20)
            time.sleep(0.7 + 0.013 * (index % 7))
            stops.append(now_us())
            engine.say("stop", f"e{index}", 20)
            engine.say("duck", "programme", 0)
            time.sleep(0.6)
            engine.wait("finished", f"e{index}", 20)
    latencies, gone = [], []
    for at, stop in zip(commands, stops):
        heard, _ = cards.hear(1, whole[:RATE // 4], at + 100000, 0.2)
        if heard:
            latencies.append((heard - at) / 1e3)
            gone.append(gone_ms(cards, whole, heard, stop))
    demand_heard(len(latencies), count, "alerts")
    return {"emergency_ms": percentiles(latencies, p50=50, p99=99, max=100),
            "stop_ms": percentiles([value for value in gone if value is not None], p50=50, p99=99)}, \
        {"commands_us": commands, "stops_us": stops, "latency_ms": latencies, "gone_ms": gone}


def gone_ms(cards, clip, began_us, stop_us):
    """When less than a quarter of the alert is left, from the stop on: its share in windows of 4 ms, by
    projection on the clip, so that the programme beneath does not count."""
    stamps, samples = cards.stamps(1), cards.recording(1)
    began, stop, size = round(stamps.frame_at(began_us)), round(stamps.frame_at(stop_us)), RATE // 250
    last = None
    for at in range(stop - 5 * size, min(stop + RATE // 5, len(samples) - size), size // 4):
        piece = clip[at - began:at - began + size]
        share = numpy.dot(sound.mono(samples[at:at + size]), piece) / numpy.dot(piece, piece)
        last = at + size / 2 if share > 0.25 else last
    return None if last is None else round((last - stop) / RATE * 1e3, 2)


# ---- joins ----

def joins(setting):
    setting.say("five items of one airing ...")
    cards = Cards(setting.build, setting.folder, 1)
    parts = [make(setting.folder, f"part{index}", sweep(400 + 200 * index, 1500 + 300 * index, 1.5), 1.5)
             for index in range(5)]
    start = now_us() + int(LEAD_S * 1e6)
    with Engine(setting.build, cards, 1) as engine:
        engine.say("at", "p0", parts[0][0], start, parts[0][1])
        for index in range(1, len(parts)):
            engine.say("join", f"p{index}", parts[index][0], parts[index][1], f"p{index - 1}")
        for index in range(len(parts)):
            engine.wait("finished", f"p{index}", 20)
    at, gaps = start, []
    for index, (media, frames) in enumerate(parts):
        heard, _ = cards.hear(1, sound.decode(media), at, 0.3)
        if heard is None:
            raise RuntimeError(f"item {index} of the airing is not in the recording")
        gaps.append(abs(heard - at) / 1e3)
        at = heard + frames / RATE * 1e6
    return {"join_gap_ms": round(max(gaps[1:]), 3)}, {"gaps_ms": gaps}


# ---- honesty ----

def honesty(setting):
    cards = Cards(setting.build, setting.folder, len(FAULTS))
    media, frames = make(setting.folder, "long", sweep(300, 3000, 4), 4)
    reference = sound.decode(media)
    rows = [under_fault(setting, cards, card, fault, media, frames, reference)
            for card, fault in enumerate(FAULTS, 1)]
    steps = [row for row in rows if row["fault"].startswith("clock")]
    return {"false_played": sum(row["claimed"] and not row["whole"] for row in rows),
            "clock_steps_unheard": sum(row["whole"] and row["claimed"] for row in steps)}, rows


def under_fault(setting, cards, card, fault, media, frames, reference):
    setting.say(f"while it plays: {fault} ...")
    with Engine(setting.build, cards, card, shift=True) as engine:
        start = now_us() + int(LEAD_S * 1e6)
        engine.say("at", "x", media, start, frames)
        engine.wait("started", "x", 15)
        time.sleep(1)
        if fault.startswith("clock"):
            engine.shift_clock(float(fault[5:]))
        else:
            cards.set(card, f"{fault}=1")
        said = engine.wait("finished", "x", 30)
    claimed = said["end"] == "complete" and not said["fault"] and said["frames"] >= frames - RATE // 50
    match = sound.correlate(cards.recording(card), reference)
    whole = bool(match.frame is not None and match.correlation > WHOLE)
    return {"fault": fault, "claimed": claimed, "whole": whole, "said": said}
