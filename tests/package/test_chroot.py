"""The same installation where nothing can be booted: a chroot, and the daemons by their units' own command lines.

Runs only on a machine that lets nobody boot a system; test_life.py tells the whole story there where one can.
"""

import os
import re
import shlex
import shutil
import subprocess

import pytest

from client import Client
from commune import Commune
from conftest import CACHE
from desk import Process, wait_for
from system import System
from test_life import KEYS, PLAYER_CONF, SETTINGS, SOUND, Installed, keeper

pytestmark = pytest.mark.skipif(os.geteuid() != 0 or System.can_boot(), reason="a system can be booted: test_life.py")


class Rooted(Installed):
    """Processes in a chroot, on this machine's own loopback, with the files of one directory."""

    def __init__(self, system, place):
        super().__init__(system, place)
        self.running = {}

    def client(self):
        return Client(self.people)

    def start(self, daemon, **environment):
        unit = self.system.path(f"/lib/systemd/system/loa-{daemon}.service").read_text()
        command = shlex.split(re.search(r"^ExecStart=(.*)$", unit, re.M).group(1))
        user = re.search(r"^User=(.*)$", unit, re.M).group(1)
        group = {"player": "audio"}.get(daemon, user)
        self.running[daemon] = Process(f"loa-{daemon}", ["chroot", f"--userspec={user}:{group}", str(self.system.root), *command],
                                       self.place / f"{daemon}.log", environment)
        return self.running[daemon]

    def set_up(self, organisation, accounts):
        token = self.running["controller"].wait_line(r"Set-up token: (\S+)").group(1)
        admin = self.client()
        admin.post("/api/setup", {"token": token, "organisation": organisation, **accounts})
        return admin

    def stop(self):
        for process in self.running.values():
            process.stop()


def answers():
    try:
        return Client("127.0.0.1:8080").raw("GET", "/healthz")[0] == 200
    except OSError:
        return False


def test_in_a_chroot_it_is_installed_plays_is_lost_comes_back_and_plays(old, tmp_path):
    place = CACHE / "chroot"
    shutil.rmtree(place, ignore_errors=True)
    system = System(place, CACHE)
    system.make(old)
    shutil.copytree(old, system.root / "old")
    rooted = Rooted(system, tmp_path)
    with system.mounted("proc", "proc", "proc"):
        system.chroot("sh", "-c", "dpkg -i /old/*.deb")
        try:
            story(system, rooted, tmp_path)
        finally:
            rooted.stop()


def story(system, rooted, tmp_path):
    rooted.start("controller")
    wait_for(answers, 30)
    commune = Commune(rooted)
    commune.found()
    commune.log_in()
    system.chroot("mkdir", "-p", SOUND)
    system.chroot("loa-simcard", "config", "--dir", SOUND, "--modules", "/usr/lib/loa/simcard", "1")
    system.chroot("chown", "-R", "loa-player:", SOUND)
    text = system.path(PLAYER_CONF).read_text()
    for key, value in {**SETTINGS, "controller": "http://127.0.0.1:8081"}.items():
        text = re.sub(rf"^{key}=.*$", f"{key}={value}", text, flags=re.M)
    system.path(PLAYER_CONF).write_text(text)
    system.chroot("loa", "config", "check", PLAYER_CONF)
    rooted.start("player", ALSA_CONFIG_PATH=f"{SOUND}/asound.conf")
    commune.pair(1, "Loa Nhà văn hóa")
    commune.wait_online(1)
    bulletin = commune.speak_bulletin("Họp thôn")["id"]
    assert commune.wait_receipts(commune.broadcast(bulletin)["id"], 120)[0]["outcome"] == "played"

    secret, public = keeper(tmp_path)
    system.path("/etc/loa/backup-recipients").write_text(public)
    shutil.copy(secret, system.path("/root/keeper.secret"))
    system.chroot("loa", "backup", "/var/lib/loa/controller", "/root/copy.tar.age", "--recipients", "/etc/loa/backup-recipients")
    rooted.running["controller"].kill()
    system.chroot("sh", "-c", f"rm -rf {os.path.dirname(os.path.dirname(KEYS[0]))}; install -d -m 700 -o loa-controller -g loa-controller /var/lib/loa/controller")
    system.chroot("loa", "restore", "/root/copy.tar.age", "/var/lib/loa/controller", "--identity", "/root/keeper.secret")
    rooted.start("controller")
    wait_for(answers, 30)
    commune.log_in()
    commune.wait_online(1, 90)
    assert commune.wait_receipts(commune.broadcast(bulletin)["id"], 120)[0]["outcome"] == "played"
