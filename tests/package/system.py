"""A whole Debian system in a directory, booted with its own systemd.

A root is made by debootstrap (minbase) from the machine's Debian mirror; what the packages depend on
is installed into it by apt, and then systemd-nspawn boots it with a network of its own, so that the
daemons run by their own units, sandbox and all, on the ports of the shipped configuration. Needs root.
"""

import contextlib
import ctypes
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

# The mirror that this machine's own apt uses, unless told otherwise.
MIRROR = os.environ.get("LOA_DEBIAN_MIRROR") or subprocess.run(
    ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
    check=True, capture_output=True, text=True).stdout.split()[0].rstrip("/")
SUITE = "bookworm"
BESIDE = "nginx age wget"  # what the ten commands of docs/install.md install beside Loa
_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000
_NO_QUESTIONS = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def make_base(cache):
    """A clean minbase root, made once and kept; gives its directory."""
    base = pathlib.Path(cache) / "base"
    if not (base / "ready").exists():
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir(parents=True)
        subprocess.run(["debootstrap", "--variant=minbase", SUITE, str(base), MIRROR], check=True,
                       stdout=subprocess.DEVNULL)
        (base / "ready").touch()
    return base


class System:
    def __init__(self, place, cache):
        self.root = pathlib.Path(place) / "root"
        self.cache = pathlib.Path(cache)
        self.log = pathlib.Path(place) / "console.log"
        self._nspawn = None
        self._leader = None

    @staticmethod
    def can_boot():
        """Whether this machine lets root make the namespaces of a container; some that are one themselves do not."""
        probe = ["unshare", "--mount", "--uts", "--ipc", "--net", "--pid", "--fork", "--mount-proc", "true"]
        return (not os.environ.get("LOA_NO_NSPAWN") and shutil.which("systemd-nspawn") is not None
                and subprocess.run(probe, capture_output=True).returncode == 0)

    # --- making -----------------------------------------------------------------------------------

    def make(self, packages):
        """Copies the base and installs what the given .deb files depend on, but not them."""
        self.root.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", "--reflink=auto", str(make_base(self.cache)), str(self.root)], check=True)
        self._install_needs(packages)

    def _install_needs(self, packages):
        archives = self.cache / "archives"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        shutil.copytree(packages, self.root / "debs")
        inside = self.root / "var/cache/apt/archives"
        with self.mounted("proc", "proc", "proc"), self._bound(archives, inside):
            self.chroot("apt-get", "update", "-q")
            simulated = self.chroot("sh", "-c", f"apt-get install -s --no-install-recommends systemd-sysv {BESIDE} /debs/*.deb")
            needs = [name for name in re.findall(r"^Inst (\S+)", simulated, re.M) if not name.startswith("loa-")]
            self.chroot("apt-get", "install", "-y", "-q", "--no-install-recommends", "-o",
                        "APT::Keep-Downloaded-Packages=true", *needs)

    @contextlib.contextmanager
    def _bound(self, source, place):
        subprocess.run(["mount", "--bind", str(source), str(place)], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", str(place)], check=True)

    @contextlib.contextmanager
    def mounted(self, kind, source, place):
        subprocess.run(["mount", "-t", kind, source, str(self.root / place)], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", "--lazy", str(self.root / place)], check=True)

    def chroot(self, *command):
        return _run(["chroot", str(self.root), *command])

    # --- running ----------------------------------------------------------------------------------

    def boot(self, timeout=60):
        self._nspawn = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--private-network", "--console=pipe",
             "--capability=CAP_SYS_TIME", "--directory", str(self.root)],
            stdin=subprocess.DEVNULL, stdout=self.log.open("ab"), stderr=subprocess.STDOUT)
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self._nspawn.poll() is not None:
                raise RuntimeError(f"systemd-nspawn ended with {self._nspawn.returncode}: {self.log.read_text()[-2000:]}")
            self._leader = self._find_leader()
            if self._leader and self.try_run("systemctl", "is-system-running", "--wait").stdout.strip() in ("running", "degraded"):
                return
            time.sleep(0.2)
        raise TimeoutError(f"no boot within {timeout} s; see {self.log}")

    def _find_leader(self):
        children = pathlib.Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text().split()
        return next((int(pid) for pid in children
                     if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() in ("systemd", "init")), None)

    def halt(self, timeout=30):
        if not self._nspawn:
            return
        self._nspawn.send_signal(signal.SIGTERM)
        try:
            self._nspawn.wait(timeout)
        except subprocess.TimeoutExpired:
            self._nspawn.kill()
            self._nspawn.wait()
        self._nspawn = self._leader = None

    @property
    def leader(self):
        """The system's first process, as this machine numbers it."""
        return self._leader

    def _enter(self, command):
        return ["nsenter", "--target", str(self._leader), "--mount", "--uts", "--ipc", "--net", "--pid", "--root",
                "--wdns=/", *map(str, command)]

    def run(self, *command, given=None):
        """Inside the booted system; gives what it said, both streams."""
        return _run(self._enter(command), given)

    def try_run(self, *command):
        return subprocess.run(self._enter(command), env=_NO_QUESTIONS, capture_output=True, text=True, stdin=subprocess.DEVNULL)

    @contextlib.contextmanager
    def network(self):
        """This thread sees the system's loopback instead of the machine's."""
        with open("/proc/thread-self/ns/net", "rb") as ours, open(f"/proc/{self._leader}/ns/net", "rb") as theirs:
            _setns(theirs)
            try:
                yield
            finally:
                _setns(ours)

    def path(self, path):
        """A file as the running system sees it (/run is not on the disk)."""
        place = pathlib.Path(f"/proc/{self._leader}/root") if self._leader else self.root
        return place / str(path).lstrip("/")

    def show(self, unit, name):
        return self.run("systemctl", "show", "--value", "--property", name, unit).strip()

    def journal(self, *words):
        return self.run("journalctl", "--no-pager", "--output=short-iso", *words)


def _setns(file):
    if _LIBC.setns(file.fileno(), _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def _run(command, given=None):
    done = subprocess.run(command, env=_NO_QUESTIONS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          input=given if given is not None else "")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout
