"""What the playout bench works with: simulated cards, the engine on its leash, other people's players.

Everything lies in one folder; what was started is ended by close()."""

import ctypes
import json
import mmap
import os
import pathlib
import queue
import shutil
import signal
import struct
import subprocess
import threading
import time

import sound

RATE = 48000
_LIBC = ctypes.CDLL(None)


def _die_with_parent():
    _LIBC.prctl(1, signal.SIGKILL)


def make(folder, name, source, seconds):
    """A canonical file (Ogg/Opus, mono, 24 kbit/s) from an ffmpeg source; its length in frames."""
    path = pathlib.Path(folder) / f"{name}.opus"
    subprocess.run(["ffmpeg", "-v", "error", "-y", *source, "-t", str(seconds), "-c:a", "libopus", "-b:a", "24k",
                    "-ac", "1", "-ar", str(RATE), str(path)], check=True)
    return path, len(sound.decode(path))


def make_speech(folder, seconds):
    """Speech of that length: one bulletin said again and again."""
    wav = pathlib.Path(folder) / "bulletin.wav"
    text = ("Ủy ban nhân dân xã xin thông báo. Mời bà con đi họp vào bảy giờ tối nay tại nhà văn hóa thôn. "
            "Ngày mai có mưa lớn, bà con chú ý thu hoạch lúa sớm. Xin cảm ơn bà con đã lắng nghe.")
    subprocess.run(["espeak-ng", "-v", "vi", "-s", "140", "-w", str(wav), text], check=True)
    return make(folder, "canonical", ["-stream_loop", "-1", "-i", str(wav)], seconds)


def sweep(low, high, seconds, level=0.3):
    slope = (high - low) / (2 * seconds)
    return ["-f", "lavfi", "-i", f"aevalsrc={level}*sin(2*PI*({low}*t+{slope}*t*t)):s={RATE}:d={seconds}"]


class Cards:
    """Simulated sound cards station1 ... stationN, their recordings and their faults."""

    def __init__(self, build, folder, count):
        self.folder = pathlib.Path(folder)
        self._tool = str(build / "hw" / "loa-simcard")
        subprocess.run([self._tool, "config", "--dir", str(folder), "--modules", str(build / "simcard"), str(count)],
                       check=True)
        self.environment = {**os.environ, "ALSA_CONFIG_PATH": str(self.folder / "asound.conf")}

    def set(self, card, *assignments):
        subprocess.run([self._tool, str(self.folder / f"station-{card}.state"), "set", *assignments], check=True)

    def stamps(self, card):
        return sound.Stamps(self.folder / f"station-{card}.stamps.jsonl")

    def recording(self, card):
        return sound.open_wav(self.folder / f"station-{card}.wav")[1]

    def hear(self, card, reference, at_us, within_s=0.5):
        """(wall time in us of the reference's first sample, correlation), looked for around at_us."""
        stamps, samples = self.stamps(card), self.recording(card)
        place = stamps.frame_at(at_us)
        match = sound.correlate(samples, reference, (place - within_s * RATE, place + within_s * RATE))
        if match.frame is None or match.correlation < sound.FOUND:
            return None, match.correlation
        return stamps.when(match.frame), match.correlation


def processor_s(pid):
    """Seconds of processor time of all threads of a process, to the nanosecond."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except OSError:
            pass
    return total / 1e9


def peak_mib(pid):
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def children(pid):
    try:
        return [int(child) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()]
    except OSError:
        return []


def end(child):
    """Asks a player of others to end; some do not listen while they play."""
    child.terminate()
    try:
        child.wait(3)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait(10)


class Ended:
    """Something that was started, in a `with`: close() comes however it ends."""

    def __enter__(self):
        return self

    def __exit__(self, *_why):
        self.close()


class Watch:
    """Processor time and peak memory of a process and its children, sampled often enough that a child's
    last moments are the only ones missed."""

    def __init__(self, pid):
        self.pid = pid
        self._base = processor_s(pid)
        self.peaks, self._seconds = {}, {}
        self._quit = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _look(self):
        for pid in [self.pid, *children(self.pid)]:
            try:
                self._seconds[pid] = max(self._seconds.get(pid, 0), processor_s(pid))
            except OSError:
                continue
            self.peaks[pid] = max(self.peaks.get(pid, 0), peak_mib(pid))

    def _run(self):
        while not self._quit.wait(0.2):
            self._look()

    def end(self):
        """(processor seconds, peak MiB of the process, largest peak MiB of a child)"""
        self._quit.set()
        self._thread.join()
        self._look()
        child = max((peak for pid, peak in self.peaks.items() if pid != self.pid), default=0)
        return sum(self._seconds.values()) - self._base, self.peaks[self.pid], child


class Engine(Ended):
    """playout_rig on one card."""

    def __init__(self, build, cards, card, shift=None):
        environment = dict(cards.environment)
        self._shift = None
        if shift:
            path = cards.folder / f"shift-{card}"
            path.write_bytes(bytes(8))
            with path.open("r+b") as file:
                self._shift = mmap.mmap(file.fileno(), 8)
            environment |= {"CLOCK_SHIFT": str(path),
                            "LD_PRELOAD": str(build / "tests" / "bench" / "libclock_shift.so")}
        self._child = subprocess.Popen(
            [build / "tests" / "bench" / "playout_rig", "--device", f"station{card}", "--decoder",
             build / "player" / "loa-decode"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True,
            bufsize=1, preexec_fn=_die_with_parent)
        self.pid = self._child.pid
        self.events = []
        self._queue = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._child.stdout:
            self._queue.put(json.loads(line))

    def say(self, *words):
        self._child.stdin.write(" ".join(map(str, words)) + "\n")
        self._child.stdin.flush()

    def wait(self, event, name, timeout):
        """That event of that item; others are kept in `events`."""
        end = time.monotonic() + timeout
        while True:
            for seen in self.events:
                if seen["event"] == event and seen.get("name") == name:
                    return seen
            try:
                self.events.append(self._queue.get(timeout=max(end - time.monotonic(), 0.01)))
            except queue.Empty:
                state = "lives" if self._child.poll() is None else f"ended with {self._child.returncode}"
                raise RuntimeError(f"the engine ({state}) did not say '{event} {name}' within {timeout} s; "
                                   f"it said last: {self.events[-3:]}") from None

    def shift_clock(self, seconds):
        self._shift[:] = struct.pack("<q", int(seconds * 1e9))

    def close(self):
        try:
            self._child.stdin.close()
            self._child.wait(10)
        except (OSError, subprocess.TimeoutExpired):
            self._child.kill()
            self._child.wait(10)


class Mpd(Ended):
    """mpd, started and waiting, with one file in its queue."""

    name = "mpd"

    def __init__(self, cards, card, media):
        home = cards.folder / f"mpd-{card}"
        shutil.rmtree(home, ignore_errors=True)
        (home / "music").mkdir(parents=True)
        (home / "music" / media.name).write_bytes(media.read_bytes())
        (home / "mpd.conf").write_text(
            f'music_directory "{home}/music"\nplaylist_directory "{home}"\ndb_file "{home}/db"\n'
            f'log_file "{home}/log"\nbind_to_address "{home}/socket"\n'
            f'audio_output {{\n type "alsa"\n name "card"\n device "station{card}"\n mixer_type "none"\n}}\n')
        self._home, self._media = home, media
        self._child = subprocess.Popen(["mpd", "--no-daemon", str(home / "mpd.conf")], env=cards.environment,
                                       stderr=subprocess.DEVNULL, preexec_fn=_die_with_parent)
        self.pid = self._child.pid
        end_s = time.monotonic() + 30
        while not (home / "socket").exists():
            if self._child.poll() is not None or time.monotonic() > end_s:
                raise RuntimeError(f"mpd does not come up; see {home}/log")
            time.sleep(0.05)
        self._mpc("update", "--wait")
        self._mpc("add", media.name)

    def _mpc(self, *words):
        subprocess.run(["mpc", "-q", "-h", str(self._home / "socket"), *words], check=True, stdout=subprocess.DEVNULL)

    def play(self):
        self._mpc("play")

    def is_playing(self, seconds):
        """Whether it is that far into the file, or through with it."""
        said = subprocess.run(["mpc", "-h", str(self._home / "socket"), "status", "%currenttime% %state%"],
                              capture_output=True, text=True, check=True).stdout.split()
        minutes, rest = said[0].split(":")
        return said[1] == "stopped" or int(minutes) * 60 + int(rest) >= seconds

    def close(self):
        end(self._child)


class Player(Ended):
    """A player that is one command; it is measured from its start."""

    def __init__(self, cards, name, command):
        self.name = name
        self._child = subprocess.Popen(command, env=cards.environment, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent)
        self.pid = self._child.pid

    def close(self):
        end(self._child)
