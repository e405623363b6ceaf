#!/usr/bin/python3
"""Measures recordings of the simulated card: what sounded, when, how well, how loud.

    sound.py start RECORDING STAMPS REFERENCE PLANNED_US [--within SECONDS]

prints one JSON line about the item REFERENCE (any audio file) that was planned for PLANNED_US:
  start_error_ms    when its first sample left the converter, minus the plan; null = not found
  correlation       of recording and reference over the whole item at the best lag, 0..1
  max_lag_shift_ms  how far the best lag of any 250 ms window is from that of the whole
  level_dbfs        RMS of the recording where the item lies; null = digital silence
  outside_dbfs      loudest sample outside the item (with --within: of so many seconds around it)

Everything also serves as a module. Frames are places in a recording and may be fractions; wall
times are microseconds since 1970 UTC. Signals are float arrays, full scale = 1.
"""
import argparse
import bisect
import json
import math
import os
import shutil
import struct
import subprocess
import sys
from typing import NamedTuple, Optional

import numpy as np
from scipy.signal import oaconvolve

RATE = 48000
FOUND = 0.5           # correlation below which an item counts as not there
SEARCH_S = 10.0       # an item is looked for this far before and after its planned start
FLOOR_DBFS = -75.0    # quieter than this is nothing: no correlation is taken of it
EDGE_FRAMES = 480     # 10 ms on both sides of an item belong to nobody (filters ring)
WINDOW_SEARCH_S = 0.05
QUIET_DB = 30.0       # a window so much below the whole is a pause of the speech


# --- files ---------------------------------------------------------------------------------

def open_wav(path):
    """(rate, int16 samples[frames, channels]) of a 16-bit PCM WAV, mapped and not read: a station
    that idled for hours recorded gigabytes of silence.

    A header that is behind (the player was killed, or still plays) does not matter: then all that
    lies behind it counts."""
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        head = file.read(65536)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise ValueError(f"{path}: not a WAV file")
    whole = struct.unpack_from("<I", head, 4)[0] + 8 == size
    at, name, layout = 12, b"", None
    while at + 8 <= len(head):
        name, length = head[at:at + 4], struct.unpack_from("<I", head, at + 4)[0]
        at += 8
        if name == b"fmt ":
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", head, at)
            if bits != 16 or kind not in (1, 0xFFFE):
                raise ValueError(f"{path}: {bits} bits of kind {kind}, expected 16-bit PCM")
            layout = channels, rate
        if name == b"data":
            break
        at += length + length % 2
    if layout is None or name != b"data":
        raise ValueError(f"{path}: no format or no data")
    channels, rate = layout
    end = min(at + length, size) if whole else size
    frames = (end - at) // (2 * channels)
    if frames == 0:
        return rate, np.zeros((0, channels), np.int16)
    return rate, np.memmap(path, "<i2", "r", at, (frames, channels))


def load(path):
    """(rate, float samples[frames, channels]) of a 16-bit PCM WAV; see open_wav()."""
    rate, samples = open_wav(path)
    return rate, _float(samples)


def _float(samples):
    return samples / 32768.0 if np.issubdtype(samples.dtype, np.integer) else samples


def mono(samples):
    """One float channel of any samples: int16 or float, one channel or several."""
    samples = _float(samples)
    return samples if samples.ndim == 1 else samples.mean(axis=1)


def decode(path):
    """Any audio file as mono float at 48 kHz.

    Ogg/Opus goes through libopus, as in the player. Both ffmpeg with libopus and GStreamer's
    oggdemux ! opusdec drop the 312 samples of pre-skip and trim the end by the granule position:
    for the canonical form they agree in every sample (compared: lag 0, difference 0). ffmpeg's own
    "opus" decoder, its default, does not: speech at 24 kbit/s comes 2 samples late (0.984 at lag 0,
    0.998 at its best lag), so it is never used here."""
    if shutil.which("ffmpeg"):
        head = ["-c:a", "libopus"] if str(path).endswith((".opus", ".ogg")) else []
        command = ["ffmpeg", "-v", "error", "-nostdin", *head, "-i", str(path), "-map", "0:a:0",
                   "-f", "f32le", "-ac", "1", "-ar", str(RATE), "-"]
    else:
        chain = "oggdemux ! opusdec" if str(path).endswith((".opus", ".ogg")) else "wavparse"
        command = ["gst-launch-1.0", "-q", "filesrc", f"location={path}", "!", *chain.split(), "!",
                   "audioconvert", "!", "audioresample", "!",
                   f"audio/x-raw,format=F32LE,rate={RATE},channels=1", "!", "fdsink"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0 or not done.stdout:
        raise ValueError(f"{path}: cannot be decoded: {done.stderr.decode(errors='replace')}")
    return np.frombuffer(done.stdout, "<f4").astype(np.float64)


class Stamps:
    """The card's own account of when each frame of its WAV left the converter.

    Each "start" and "clock" line begins a straight piece: frame, wall time and rate from there on.
    A later line wins where two would fit (a killed player's last silence is written over)."""

    def __init__(self, path):
        self.events = []
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.endswith("\n"):     # a torn last line is not there yet
                    self.events.append(json.loads(line))
        self._pieces = []
        for event in self.events:
            if event["event"] not in ("start", "clock"):
                continue
            while self._pieces and self._pieces[-1]["frame"] >= event["frame"]:
                self._pieces.pop()
            self._pieces.append(event)
        self._frames = [piece["frame"] for piece in self._pieces]

    def _piece(self, index):
        if index < 0:
            raise ValueError("the card had not started")
        return self._pieces[index]

    def when(self, frame):
        """Wall time (us) at which `frame` left the converter."""
        piece = self._piece(bisect.bisect_right(self._frames, frame) - 1)
        return piece["realtime_ns"] / 1e3 + (frame - piece["frame"]) / piece["rate"] * 1e6

    def frame_at(self, wall_us):
        """The frame (a fraction) that was leaving at a wall time; in a gap, one past the last."""
        starts = [piece["realtime_ns"] / 1e3 for piece in self._pieces]
        index = max(bisect.bisect_right(starts, wall_us) - 1, 0)
        piece = self._piece(index if self._pieces else -1)
        frame = piece["frame"] + (wall_us - starts[index]) * piece["rate"] / 1e6
        last = self._frames[index + 1] if index + 1 < len(self._frames) else math.inf
        return min(max(frame, piece["frame"]), last)


# --- signals -------------------------------------------------------------------------------

class Match(NamedTuple):
    frame: Optional[float]  # where the reference's first sample lies; None = nothing to compare
    correlation: float      # normalised, 0..1


def _peak(values, index):
    """(offset, height) of the parabola through a maximum and its two neighbours."""
    if not 0 < index < len(values) - 1:
        return 0.0, float(values[index])
    left, middle, right = (float(value) for value in values[index - 1:index + 2])
    bend = left - 2 * middle + right
    offset = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return offset, middle - 0.25 * (left - right) * offset


def correlate(recording, reference, around=None):
    """Finds `reference` in `recording`: a Match with the place to a fraction of a sample.

    `around` = (first, last) limits where the reference may begin, in frames. The item may hang
    over either end; what is missing counts as silence."""
    reference = mono(reference)
    first, last = around or (0, len(recording))
    first, last = int(math.floor(first)), int(math.ceil(last))
    size = len(reference)
    stop = max(last + size, first)
    part = mono(recording[max(first, 0):max(stop, 0)])
    part = np.concatenate([np.zeros(max(-first, 0)), part])
    part = np.concatenate([part, np.zeros(max(stop - first - len(part), size - len(part), 0))])
    power = float(np.dot(reference, reference))
    running = np.concatenate([[0.0], np.cumsum(part * part)])
    energy = running[size:] - running[:-size]
    floor = size * 10 ** (FLOOR_DBFS / 10)
    if power < floor or energy.max(initial=0.0) < floor:
        return Match(None, 0.0)
    product = oaconvolve(part, reference[::-1], mode="valid")
    quality = np.where(energy < floor, 0.0, product / np.sqrt(np.maximum(energy, floor) * power))
    best = int(np.argmax(quality))
    offset, height = _peak(quality, best)
    return Match(first + best + offset, min(height, 1.0))


def lag_windows(recording, reference, window=0.25, start=0.0, rate=RATE):
    """[(seconds into the reference, lag in ms), ...] of windows that are not quiet.

    `start` is the frame where the reference should begin; a lag of 0 is exactly there. A window
    that is not found within 50 ms has the lag nan: something else sounded, or nothing."""
    reference = mono(reference)
    size = int(window * rate)
    loud = np.sqrt(np.mean(reference ** 2)) * 10 ** (-QUIET_DB / 20)
    reach = WINDOW_SEARCH_S * rate
    lags = []
    for at in range(0, len(reference) - size + 1, size):
        piece = reference[at:at + size]
        if np.sqrt(np.mean(piece ** 2)) < loud:
            continue
        found = correlate(recording, piece, (start + at - reach, start + at + reach))
        known = found.frame is not None and found.correlation >= FOUND
        lags.append((at / rate, (found.frame - start - at) / rate * 1e3 if known else math.nan))
    return lags


def max_lag_shift(recording, reference, start, rate=RATE):
    """Largest |lag| (ms) of any window against `start`; inf when a window was not found at all."""
    lags = [lag for _, lag in lag_windows(recording, reference, start=start, rate=rate)]
    return max((math.inf if math.isnan(lag) else abs(lag) for lag in lags), default=math.inf)


def level_dbfs(samples):
    """RMS; a full-scale sine is -3 dB. -inf = digital silence."""
    samples = _float(np.asarray(samples))
    power = float(np.mean(samples ** 2)) if samples.size else 0.0
    return 10 * math.log10(power) if power > 0 else -math.inf


def outside_dbfs(recording, start, end, edge=EDGE_FRAMES, within=None, extra=()):
    """Loudest sample outside frames start..end (and the (start, end) of other items in `extra`);
    `within` frames of the item, if given."""
    first = 0 if within is None else max(int(start) - within, 0)
    last = len(recording) if within is None else min(int(end) + within, len(recording))
    inside = sorted((int(a) - edge, int(math.ceil(b)) + edge) for a, b in [(start, end), *extra])
    peak = 0.0
    for low, high in [*inside, (last, last)]:
        peak = max(peak, _peak_of(recording[first:max(min(low, last), first)]))
        first = max(first, high)
    return 20 * math.log10(peak) if peak > 0 else -math.inf


def _peak_of(samples, step=1 << 20):
    """Loudest sample, a part at a time; int16 is not made float first."""
    peak = 0.0
    for at in range(0, len(samples), step):
        part = samples[at:at + step]
        peak = max(peak, float(part.max()), -float(part.min()))
    return peak / 32768 if np.issubdtype(samples.dtype, np.integer) else peak


def silence_outside(recording, start, end, threshold=-60.0, extra=()):
    """True when nothing outside the item is louder than `threshold` dBFS."""
    return outside_dbfs(recording, start, end, extra=extra) <= threshold


# --- one item ------------------------------------------------------------------------------

def measure_start(recording_path, stamps_path, reference_path, planned_us, within=None):
    """The figures of the command line, as a dictionary."""
    rate, samples = open_wav(recording_path)
    if rate != RATE:
        raise ValueError(f"{recording_path}: {rate} Hz, expected {RATE}")
    stamps, reference = Stamps(stamps_path), decode(reference_path)
    if not any(event["event"] == "start" for event in stamps.events):
        return _not_found(samples, 0.0)
    planned = stamps.frame_at(planned_us)
    match = correlate(samples, reference, (planned - SEARCH_S * rate, planned + SEARCH_S * rate))
    if match.frame is None or match.correlation < FOUND:
        return _not_found(samples, match.correlation)
    begin, end = match.frame, match.frame + len(reference)
    item = _float(samples[max(int(begin), 0):int(end)])
    reach = None if within is None else int(within * rate)
    return {
        "start_error_ms": round((stamps.when(max(begin, 0)) - planned_us) / 1e3, 4),
        "correlation": round(match.correlation, 4),
        "max_lag_shift_ms": _number(max_lag_shift(samples, reference, begin, rate), 4),
        "level_dbfs": _number(level_dbfs(item)),
        "outside_dbfs": _number(outside_dbfs(samples, begin, end, within=reach)),
    }


def _not_found(samples, correlation):
    return {"start_error_ms": None, "correlation": round(correlation, 4), "max_lag_shift_ms": None,
            "level_dbfs": None, "outside_dbfs": _number(outside_dbfs(samples, 0, 0, edge=0))}


def _number(value, digits=2):
    return round(value, digits) if math.isfinite(value) else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("start", help="measure one planned item")
    start.add_argument("recording")
    start.add_argument("stamps")
    start.add_argument("reference")
    start.add_argument("planned_us", type=int)
    start.add_argument("--within", type=float, help="seconds around the item that must be silent")
    args = parser.parse_args()
    try:
        print(json.dumps(measure_start(args.recording, args.stamps, args.reference,
                                       args.planned_us, args.within)))
    except (OSError, ValueError) as error:
        sys.exit(f"sound.py: {error}")


if __name__ == "__main__":
    main()
