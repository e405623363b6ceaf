"""A whole commune on one desk: a controller and its stations as child processes.

Each station plays into a simulated sound card of its own (hw/sim), unless told to use a real one.
Everything lies in one directory; nothing that was started outlives this process, however it ends
(children get a parent-death signal and close() ends them in order).
"""

import ctypes
import glob
import json
import os
import pathlib
import queue
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from client import Client

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def _die_with_parent():
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A child whose output goes to a log file and can be waited on line by line."""

    def __init__(self, name, command, log, environment=None):
        self.name = name
        self.log = pathlib.Path(log)
        self._lines = queue.Queue()
        self._child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})}, preexec_fn=_die_with_parent)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        with self.log.open("ab") as log:
            for line in self._child.stdout:
                log.write(line)
                log.flush()
                self._lines.put(line.decode(errors="replace"))
        self._lines.put(None)

    @property
    def pid(self):
        return self._child.pid

    def wait_line(self, pattern, timeout=30):
        """The first match of `pattern` in a line not looked at before."""
        end = time.monotonic() + timeout
        while True:
            try:
                line = self._lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"{self.name}: no line like {pattern!r} within {timeout} s; see {self.log}") from None
            if line is None:
                raise RuntimeError(f"{self.name} ended with {self._child.wait()}; see {self.log}")
            found = re.search(pattern, line)
            if found:
                return found

    def running(self):
        return self._child.poll() is None

    def signal(self, number):
        if self.running():
            self._child.send_signal(number)

    def stop(self, timeout=10):
        self.signal(signal.SIGTERM)
        return self.wait(timeout)

    def kill(self):
        self.signal(signal.SIGKILL)
        return self.wait(10)

    def wait(self, timeout):
        try:
            return self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            self._child.kill()
            return self._child.wait()


class Desk:
    """build: the build directory with the programs; place: where all state goes."""

    def __init__(self, build, place, people_port=None, panel=None):
        self.build = pathlib.Path(build).resolve()
        self.place = pathlib.Path(place).resolve()
        self.place.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.sound = self.place / "sound"
        self.people = f"127.0.0.1:{people_port or free_port()}"
        self.link = f"127.0.0.1:{free_port()}"
        self.panel = panel
        self.front = None  # a proxy that speaks TLS: .address, .tls, .url, .authority
        self.controller = None
        self.stations = {}
        self.wrap_controller = []  # e.g. ["strace", ...] for the tests of broken disks
        self.station_settings = {}

    # --- the controller ---------------------------------------------------------------------------

    def start_controller(self):
        data = self.place / "controller"
        data.mkdir(exist_ok=True, mode=0o700)
        settings = [f"people={self.people}", f"stations={self.link}", f"data={data}",
                    f"worker={self.build}/controller/loa-content-worker"]
        if self.panel:
            settings.append(f"panel={self.panel}")
        if self.front:
            settings.append("behind_proxy=true")
        config = self.place / "controller.conf"
        config.write_text("[server]\n" + "\n".join(settings) + "\n")
        self.controller = Process("controller", self.wrap_controller + [
            str(self.build / "controller" / "loa-controller"), "--config", str(config)], self.place / "controller.log")
        self._wait_healthy()
        return self.controller

    def _wait_healthy(self, timeout=30):
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if not self.controller.running():
                raise RuntimeError(f"the controller ended; see {self.controller.log}")
            try:
                if Client(self.people).raw("GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError(f"the controller does not answer; see {self.controller.log}")

    def client(self):
        return Client(self.front.address, tls=self.front.tls) if self.front else Client(self.people)

    def set_up(self, organisation, accounts):
        """First start: redeems the one-time token; gives a logged-in administrator."""
        token = self.controller.wait_line(r"[Ss]et-?up token: *(\S+)").group(1)
        admin = self.client()
        admin.post("/api/setup", {"token": token, "organisation": organisation, **accounts})
        return admin

    # --- stations ---------------------------------------------------------------------------------

    def make_cards(self, count):
        """One simulated card for each station; keeps what is there from an earlier start."""
        self.sound.mkdir(exist_ok=True)
        subprocess.run([str(self.build / "hw" / "loa-simcard"), "config", "--dir", str(self.sound),
                        "--modules", str(self.build / "simcard"), str(count)], check=True, stdout=subprocess.DEVNULL)

    def card(self, number, **faults):
        """The hand on a card: card(4, unplugged=1)."""
        words = [f"{key}={value}" for key, value in faults.items()]
        command = ["set", *words] if words else ["show"]
        done = subprocess.run([str(self.build / "hw" / "loa-simcard"), str(self.sound / f"station-{number}.state"),
                               *command], check=True, capture_output=True, text=True)
        return json.loads(done.stdout) if done.stdout.strip().startswith("{") else None

    def recording(self, number):
        return self.sound / f"station-{number}.wav"

    def stamps(self, number):
        return self.sound / f"station-{number}.stamps.jsonl"

    def station_dir(self, number):
        return self.place / f"station-{number}"

    def board_socket(self, number):
        """Where loa-simboard reaches the station's board; a socket's path must be short."""
        folder = pathlib.Path(tempfile.gettempdir()) / f"loa-desk-{os.getpid()}-{id(self):x}"
        folder.mkdir(exist_ok=True, mode=0o700)
        return folder / f"board-{number}"

    def press(self, number, button):
        """A hand on the station's board: stop, alert1 ... alert4."""
        self.board(number, "press", button)

    def board(self, number, *words):
        """A command to the station's board, such as "current", "0"; its answer."""
        return subprocess.run([str(self.build / "hw" / "loa-simboard"), str(self.board_socket(number)), *words],
                              check=True, capture_output=True, text=True).stdout

    def lights(self, number):
        """What shines at the pole: on_air, network and fault, each off, on or blink."""
        return json.loads(self.board(number, "show"))["leds"]

    def start_station(self, number, device=None, mixer=None):
        data = self.station_dir(number)
        data.mkdir(exist_ok=True, mode=0o700)
        device = device or f"station{number}"
        extra = self.station_settings.get(number, {})
        way = f"{self.front.url}\nca_file={self.front.authority}" if self.front else f"http://{self.link}"
        own = f"limits={extra['limits']}\n" if "limits" in extra else ""
        text = (f"[station]\ndata={data}\ncontroller={way}\ncarry={extra.get('carry', '')}\nclips={extra.get('clips', '')}\nname=Trạm {number}\n{own}model=desk\nserial=D{number:04}\n"
                f"[sound]\ndevice={device}\nmixer={mixer or device}\ndecoder={self.build}/player/loa-decode\n"
                f"speaker={extra.get('speaker', '')}\n"
                f"[board]\nkind=simulated\nstate={data}/board.state\nsocket={extra.get('socket') or self.board_socket(number)}\nsettle_ms={extra.get('settle_ms', 300)}\n"
                f"linger_ms={extra.get('linger_ms', 300)}\ncurrent_min_ma={extra.get('current_min_ma', 0)}\n"
                f"[relay]\nreturn_s={extra.get('return_s', 60)}\ngood_s={extra.get('good_s', 10)}\n[clock]\nsource={extra.get('clock', 'host')}\n")
        config = self.place / f"station-{number}.conf"
        config.write_text(text)
        environment = {"ALSA_CONFIG_PATH": str(self.sound / "asound.conf")} if device.startswith("station") else {}
        environment.update(extra.get("environment", {}))
        self.stations[number] = Process(f"station {number}", [
            str(self.build / "player" / "loa-player"), "--config", str(config)], self.place / f"station-{number}.log", environment)
        return self.stations[number]

    def pairing_code(self, number, timeout=30):
        """What the station shows on its front: kept in a file so that a restart shows it again."""
        file = self.station_dir(number) / "pairing-code"
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if file.exists() and file.read_text().strip():
                return file.read_text().strip()
            if not self.stations[number].running():
                raise RuntimeError(f"station {number} ended; see {self.stations[number].log}")
            time.sleep(0.05)
        raise TimeoutError(f"station {number} shows no pairing code; see {self.stations[number].log}")

    def accept_station(self, client, number, area, name, timeout=30):
        """Types the code in; the station may need a moment until the controller knows it."""
        code = self.pairing_code(number, timeout)
        end = time.monotonic() + timeout
        while True:
            try:
                return client.post(f"/api/enrolments/{code}", {"area": area, "name": name})
            except Exception as problem:  # not announced yet
                if getattr(problem, "status", 0) != 404 or time.monotonic() > end:
                    raise
                time.sleep(0.25)

    # --- the end ----------------------------------------------------------------------------------

    def close(self):
        for station in self.stations.values():
            station.signal(signal.SIGTERM)
        for station in self.stations.values():
            station.wait(10)
        if self.controller:
            self.controller.stop()
        shutil.rmtree(self.board_socket(0).parent, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def password():
    """Made at run time; four groups that a person can type."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def speak(text, wav, voice="vi", speed=150):
    """Vietnamese speech by espeak-ng."""
    subprocess.run(["espeak-ng", "-v", voice, "-s", str(speed), "-w", str(wav), text], check=True)


def at_another_time(offset):
    """Words before a command that lets it live in another time, "-24h". Not faketime(1), which stays between."""
    library = next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), None)
    if library is None:
        raise FileNotFoundError("the package faketime is missing; tools/install-packages names it")
    return ["env", f"LD_PRELOAD={library}", f"FAKETIME={offset}"]


def wait_for(check, timeout, pause=0.25):
    """The first true value of check(), or TimeoutError."""
    end = time.monotonic() + timeout
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"waited {timeout} s in vain")
        time.sleep(pause)
