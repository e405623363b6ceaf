"""The measuring instrument against signals of which everything is known."""
import json
import math
import os
import struct
import subprocess
import sys

import numpy as np
import pytest

sys.path.insert(0, os.path.dirname(__file__))
import sound  # noqa: E402

RATE = 48000
START_NS = 1_800_000_000_123_456_789


def speech(seconds, seed):
    """Coloured noise in syllables with pauses of 300 ms: about what speech does."""
    random = np.random.default_rng(seed)
    frames = int(seconds * RATE)
    spectrum = np.fft.rfft(random.standard_normal(frames))
    hertz = np.fft.rfftfreq(frames, 1 / RATE)
    spectrum *= (hertz > 80) / (1 + (hertz / 1200) ** 2)
    signal = np.fft.irfft(spectrum, frames)
    signal *= 0.2 / np.abs(signal).max()
    time = np.arange(frames) / RATE
    return signal * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)) * (time % 1.5 < 1.2)


def delayed(signal, frames, total):
    """The signal `frames` (a fraction is fine) later, in `total` frames of silence."""
    padded = np.concatenate([signal, np.zeros(total - len(signal))])
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(total) * frames)
    return np.fft.irfft(np.fft.rfft(padded) * turn, total)


def write_wav(path, signal, told=None, channels=2):
    """`told`: frames that the header claims, as of a player that was killed."""
    data = np.repeat(np.clip(np.rint(signal * 32767), -32768, 32767).astype("<i2"), channels).tobytes()
    length = len(data) if told is None else told * 2 * channels
    header = b"RIFF" + struct.pack("<I", length + 36) + b"WAVEfmt " + struct.pack(
        "<IHHIIHH", 16, 1, channels, RATE, RATE * 2 * channels, 2 * channels, 16)
    path.write_bytes(header + b"data" + struct.pack("<I", length) + data)
    return path


def write_stamps(path, *events):
    """(event, frame, seconds after the first start, rate)"""
    with path.open("w") as file:
        for name, frame, after, rate in events:
            nanoseconds = START_NS + round(after * 1e9)
            file.write(json.dumps({"event": name, "realtime_ns": nanoseconds, "frame": frame,
                                   "monotonic_ns": round(after * 1e9), "rate": rate}) + "\n")
    return path


@pytest.fixture(name="item")
def fixture_item():
    return speech(6, seed=1)


def wall_us(seconds):
    return round(START_NS / 1e3 + seconds * 1e6)


def place(tmp_path, signal, item, at_s):
    """A recording of `signal`, its stamps, the reference file and the planned time, as arguments."""
    return (write_wav(tmp_path / "station-1.wav", signal),
            write_stamps(tmp_path / "stamps.jsonl", ("start", 0, 0, RATE)),
            write_wav(tmp_path / "reference.wav", item, channels=1), wall_us(at_s))


def test_a_known_delay_is_found_to_microseconds(tmp_path, item):
    recording = delayed(item, (3 + 0.012345) * RATE, 12 * RATE)
    found = sound.measure_start(*place(tmp_path, recording, item, 3))
    assert abs(found["start_error_ms"] - 12.345) < 0.002
    assert found["correlation"] > 0.999
    assert found["max_lag_shift_ms"] < 0.02
    assert found["outside_dbfs"] is None or found["outside_dbfs"] < -80
    assert found["level_dbfs"] == pytest.approx(sound.level_dbfs(item), abs=0.05)


def test_a_quiet_card_correlates_as_well_and_shows_in_the_level(tmp_path, item):
    recording = delayed(item, 3 * RATE, 12 * RATE) / 10
    found = sound.measure_start(*place(tmp_path, recording, item, 3))
    assert found["correlation"] > 0.999
    assert found["level_dbfs"] == pytest.approx(sound.level_dbfs(item) - 20, abs=0.05)


def test_a_wrong_file_does_not_correlate(tmp_path, item):
    recording = delayed(speech(6, seed=2), 3 * RATE, 12 * RATE)
    found = sound.measure_start(*place(tmp_path, recording, item, 3))
    assert found["correlation"] < 0.5
    assert found["start_error_ms"] is None


def test_a_muted_card_gives_nothing(tmp_path, item):
    found = sound.measure_start(*place(tmp_path, np.zeros(12 * RATE), item, 3))
    assert found == {"start_error_ms": None, "correlation": 0.0, "max_lag_shift_ms": None,
                     "level_dbfs": None, "outside_dbfs": None}


def test_a_card_that_never_started_gives_nothing(tmp_path, item):
    recording, _, reference, planned = place(tmp_path, np.zeros(0), item, 3)
    stamps = write_stamps(tmp_path / "stamps.jsonl", ("prepare", 0, 0, RATE))
    assert sound.measure_start(recording, stamps, reference, planned)["start_error_ms"] is None


def test_twenty_milliseconds_lost_in_the_middle_move_the_lag(tmp_path, item):
    middle, lost = 3 * RATE, RATE // 50
    cut = np.concatenate([item[:middle], item[middle + lost:], np.zeros(lost)])
    found = sound.measure_start(*place(tmp_path, delayed(cut, 3 * RATE, 12 * RATE), item, 3))
    assert found["max_lag_shift_ms"] >= 19.9


def test_a_hole_in_the_middle_is_no_small_shift(item):
    recording = item.copy()
    recording[2 * RATE:3 * RATE] = 0
    assert sound.max_lag_shift(recording, item, 0) == math.inf


def test_pauses_of_the_speech_are_skipped(item):
    lags = sound.lag_windows(item, item)
    assert 0 < len(lags) < 24
    assert all(abs(lag) < 0.02 for _, lag in lags)


def test_a_click_outside_the_item_is_told(tmp_path, item):
    recording = delayed(item, 3 * RATE, 12 * RATE)
    recording[11 * RATE] = 0.1
    found = sound.measure_start(*place(tmp_path, recording, item, 3))
    assert found["outside_dbfs"] == pytest.approx(-20, abs=0.1)
    near = sound.measure_start(*place(tmp_path, recording, item, 3), within=1)
    assert near["outside_dbfs"] is None or near["outside_dbfs"] < -80
    assert not sound.silence_outside(recording, 3 * RATE, 9 * RATE)
    assert sound.silence_outside(recording, 3 * RATE, 9 * RATE, extra=[(11 * RATE, 11 * RATE)])


def test_an_item_cut_by_the_end_of_the_recording_is_found_and_scored_down(item):
    recording = delayed(item, 3 * RATE, 12 * RATE)[:6 * RATE]
    match = sound.correlate(recording, item)
    assert abs(match.frame - 3 * RATE) < 0.1
    assert 0.5 < match.correlation < 0.9


def test_a_header_that_is_behind_does_not_hide_what_follows(tmp_path, item):
    path = write_wav(tmp_path / "killed.wav", item, told=RATE)
    rate, samples = sound.load(path)
    assert (rate, samples.shape) == (RATE, (len(item), 2))


def test_what_lies_behind_the_data_of_a_whole_file_is_no_sound(tmp_path, item):
    path = write_wav(tmp_path / "tagged.wav", item, channels=1)
    raw = path.read_bytes() + b"LIST" + struct.pack("<I", 4) + b"INFO"
    path.write_bytes(raw[:4] + struct.pack("<I", len(raw) - 8) + raw[8:])
    assert sound.load(path)[1].shape == (len(item), 1)


def test_stamps_follow_gaps_steps_of_the_clock_and_the_crystal(tmp_path):
    stamps = sound.Stamps(write_stamps(
        tmp_path / "s.jsonl",
        ("prepare", 0, -1, RATE), ("start", 0, 0, RATE), ("xrun", 48000, 1, RATE),
        ("start", 48000, 5, RATE), ("clock", 96000, 9, RATE), ("start", 144000, 10, 48048.0),
        ("close", 200000, 12, 48048.0)))
    after = lambda frame: (stamps.when(frame) - START_NS / 1e3) / 1e6  # noqa: E731
    assert after(24000) == pytest.approx(0.5, abs=1e-6)
    assert after(47999.5) == pytest.approx(47999.5 / 48000, abs=1e-6)
    assert after(48000) == pytest.approx(5, abs=1e-6)
    assert after(97000) == pytest.approx(9 + 1000 / 48000, abs=1e-6)
    assert after(144000 + 48048) == pytest.approx(11, abs=1e-6)
    assert stamps.frame_at(wall_us(5.5)) == pytest.approx(72000, abs=0.1)
    assert stamps.frame_at(wall_us(3)) == 48000  # in the gap
    with pytest.raises(ValueError):
        sound.Stamps(write_stamps(tmp_path / "none.jsonl", ("prepare", 0, 0, RATE))).when(0)


def test_a_later_player_wins_where_a_killed_ones_frames_are_written_again(tmp_path):
    stamps = sound.Stamps(write_stamps(tmp_path / "s.jsonl", ("start", 0, 0, RATE),
                                       ("clock", 90000, 3, RATE), ("start", 80000, 20, RATE)))
    assert stamps.when(85000) == pytest.approx(wall_us(20 + 5000 / RATE), abs=1)
    assert stamps.when(90000) == pytest.approx(wall_us(20 + 10000 / RATE), abs=1)


def test_opus_starts_where_its_source_starts(tmp_path, item):
    source = write_wav(tmp_path / "source.wav", item, channels=1)
    opus = tmp_path / "canonical.opus"
    subprocess.run(["ffmpeg", "-v", "error", "-i", source, "-c:a", "libopus", "-b:a", "24k", opus],
                   check=True)
    decoded = sound.decode(opus)
    match = sound.correlate(decoded, item, (-RATE, RATE))
    assert abs(match.frame) < 0.1 * RATE / 1000  # noise at 24 kbit/s: the codec bends its phase
    assert match.correlation > 0.9
    assert abs(len(decoded) - len(item)) < 0.02 * RATE


def test_both_decoders_agree_in_every_sample(tmp_path, item, monkeypatch):
    source = write_wav(tmp_path / "source.wav", item, channels=1)
    opus = tmp_path / "canonical.opus"
    subprocess.run(["ffmpeg", "-v", "error", "-i", source, "-c:a", "libopus", "-b:a", "24k", opus],
                   check=True)
    by_ffmpeg = sound.decode(opus)
    monkeypatch.setattr(sound.shutil, "which", lambda program: None)
    by_gstreamer = sound.decode(opus)  # what the player decodes with
    assert len(by_ffmpeg) == len(by_gstreamer)
    assert np.abs(by_ffmpeg - by_gstreamer).max() < 1 / 32768


def test_what_is_no_audio_is_an_error_that_names_the_file(tmp_path):
    path = tmp_path / "noise.opus"
    path.write_bytes(b"no audio at all" * 100)
    with pytest.raises(ValueError, match="noise.opus"):
        sound.decode(path)
    with pytest.raises(ValueError, match="noise.opus"):
        sound.load(path)


def test_the_command_line_prints_one_json_line(tmp_path, item):
    arguments = place(tmp_path, delayed(item, 3 * RATE, 12 * RATE), item, 3)
    done = subprocess.run([sys.executable, sound.__file__, "start", *map(str, arguments)],
                          capture_output=True, check=True, text=True)
    assert json.loads(done.stdout)["correlation"] > 0.999
