"""The life of an installation, in order: first start, first broadcast, upgrade, removal, purge.

Everything runs in one booted Debian by the shipped units; each test goes on where the one before
left off.
"""

import contextlib
import hashlib
import json
import pathlib
import re
import resource
import shutil
import ssl
import subprocess
import time
import wave

import pytest

from client import Client, Problem
from commune import Commune
from conftest import NEW, OLD, ROOT
from desk import wait_for

PEOPLE = "127.0.0.1:8080"
CONSOLE = "/run/loa/controller.console"
KEYS = ("/var/lib/loa/controller/keys/root.key", "/var/lib/loa/controller/keys/online.key", "/var/lib/loa/player/station.key")
PLAYER_CONF = "/etc/loa/player.conf"
SOUND = "/var/lib/loa/player/sound"
SIMULATED = f"[Service]\nEnvironment=ALSA_CONFIG_PATH={SOUND}/asound.conf\n"
SETTINGS = {"device": "station1", "mixer": "station1", "mixer_element": "", "source": "host"}


class Installed:
    """What a Commune needs of a desk, with a booted system behind it."""

    def __init__(self, system, place):
        self.system = system
        self.place = place
        self.people = PEOPLE

    def client(self):
        """As a browser on the LAN: HTTPS, by the authority that was made here."""
        context = ssl.create_default_context(cadata=self.system.path("/etc/loa/tls/ca.crt").read_text())
        return Client("127.0.0.1:443", tls=context)

    def set_up(self, organisation, accounts):
        token = re.search(r"Set-up token: (\S+)", self.system.path(CONSOLE).read_text()).group(1)
        admin = self.client()
        admin.post("/api/setup", {"token": token, "organisation": organisation, **accounts})
        return admin

    def accept_station(self, client, number, area, name):
        code = self.system.path("/var/lib/loa/player/pairing-code")
        wait_for(lambda: code.exists() and code.read_text().strip(), 20)

        def accept():
            try:
                return client.post(f"/api/enrolments/{code.read_text().strip()}", {"area": area, "name": name})
            except Problem as problem:
                if problem.status != 404:
                    raise
                return None

        return wait_for(accept, 30)


@pytest.fixture(scope="module")
def story(system, tmp_path_factory):
    """What one test leaves for the next."""
    commune = Commune(Installed(system, tmp_path_factory.mktemp("commune")))
    return {"commune": commune}


def answers(client=None):
    try:
        return (client or Client(PEOPLE)).raw("GET", "/healthz")[0] == 200
    except OSError:
        return False


def mode(system, path):
    return oct(system.path(path).stat().st_mode & 0o777)


def fingerprint(system, path):
    return hashlib.sha256(system.path(path).read_bytes()).hexdigest()


@contextlib.contextmanager
def drop_in(system, unit, lines):
    """The unit runs with these lines of [Service] for a while."""
    place = system.path(f"/run/systemd/system/{unit}.service.d")
    place.mkdir(parents=True)
    (place / "for-a-while.conf").write_text(f"[Service]\n{lines}\n")
    system.run("systemctl", "daemon-reload")
    system.run("systemctl", "restart", unit)
    try:
        yield
    finally:
        shutil.rmtree(place)
        system.run("systemctl", "daemon-reload")
        system.run("systemctl", "restart", unit)


def may_raise_limits():
    """CAP_SYS_RESOURCE (24), which some containers and virtual machines withhold even from root."""
    effective = re.search(r"^CapEff:\s+([0-9a-f]+)$", pathlib.Path("/proc/self/status").read_text(), re.M).group(1)
    return bool(int(effective, 16) >> 24 & 1)


def broadcast_now(story, bulletin):
    """The outcome of one airing, as the log shows it once the receipt is there."""
    commune = story["commune"]
    commune.log_in()
    commune.wait_online(1)
    airings = commune.wait_receipts(commune.broadcast(bulletin["id"])["id"], timeout=120)
    assert len(airings) == 1
    return airings[0]


def ten_commands():
    """Those of docs/install.md, for a network that is one machine."""
    chapter = (ROOT / "docs/install.md").read_text().split("## Ten commands", 1)[1].split("\n## ", 1)[0]
    lines = [line for block in re.findall(r"```sh\n(.*?)```", chapter, re.S) for line in block.splitlines()]
    return [line.replace("192.168.1.10", "127.0.0.1") for line in lines]


def test_the_ten_commands_are_ten():
    assert len(ten_commands()) == 10


def test_installing_starts_the_controller_behind_https(system):
    """The first six, word for word."""
    said = [system.run("sh", "-c", f"cd /old && {command}") for command in ten_commands()[:6]]
    warnings = [line for line in said[0].splitlines() if "warning" in line.lower() and "stable CLI" not in line]
    assert "Setting up loa-controller" in said[0] and warnings == []
    assert "Set-up token: " in said[5]
    for unit in ("loa-controller", "nginx", "loa-backup.timer", "loa-tls-renew.timer"):
        assert system.show(unit, "ActiveState") == "active", unit
    with system.network():
        assert wait_for(answers, 20)
        status, headers, page = Installed(system, None).client().raw("GET", "/")
    assert status == 200 and b"<html" in page.lower() and headers["Strict-Transport-Security"]


def test_an_unconfigured_player_is_left_alone(system):
    """The seventh, on the same machine."""
    system.run("sh", "-c", f"cd /old && {ten_commands()[6]}")
    assert system.show("loa-player", "ActiveState") == "inactive"
    assert system.show("loa-player", "Result") == "exec-condition"
    assert system.run("systemctl", "--failed", "--plain", "--no-legend").strip() == ""


def test_nothing_that_is_secret_is_readable_or_known_beforehand(system):
    for path in KEYS[:2]:
        assert mode(system, path) == "0o600"
    assert mode(system, "/var/lib/loa/controller") == "0o700"
    assert mode(system, "/var/lib/loa/player") == "0o700"
    assert mode(system, CONSOLE) == "0o600" and system.path(CONSOLE).stat().st_uid == 0
    token = re.search(r"Set-up token: (\S+)", system.path(CONSOLE).read_text()).group(1)
    assert token not in system.journal() and "started" in system.journal("-u", "loa-controller")
    shadow = system.path("/etc/shadow").read_text()
    for user in ("loa-controller", "loa-player"):
        assert re.search(rf"^{user}:[!*]", shadow, re.M), "nobody logs in as a daemon"


def test_a_station_is_configured_enrolled_and_plays(system, story, tmp_path):
    for command in ten_commands()[7:9]:
        system.run("sh", "-c", command)
    system.run("mkdir", "-p", SOUND, "/etc/systemd/system/loa-player.service.d")
    system.run("loa-simcard", "config", "--dir", SOUND, "--modules", "/usr/lib/loa/simcard", "1")
    system.run("chown", "-R", "loa-player:", SOUND)
    system.path("/etc/systemd/system/loa-player.service.d/simulated.conf").write_text(SIMULATED)
    text = system.path(PLAYER_CONF).read_text()
    for key, value in SETTINGS.items():
        text, count = re.subn(rf"^{key}=.*$", f"{key}={value}", text, flags=re.M)
        assert count == 1, key
    system.path(PLAYER_CONF).write_text(text)
    system.run("loa", "config", "check", PLAYER_CONF)
    system.run("systemctl", "daemon-reload")
    code = system.run("sh", "-c", ten_commands()[9]).split()[-1]
    assert re.fullmatch("[0-9A-Z]{4}-?[0-9A-Z]{4}", code), code
    assert system.show("loa-player", "ActiveState") == "active"
    assert mode(system, KEYS[2]) == "0o600"
    with system.network():
        commune = story["commune"]
        commune.found()
        commune.log_in()
        commune.pair(1, "Loa Nhà văn hóa")
        story["bulletin"] = commune.speak_bulletin("Họp thôn")
        airing = broadcast_now(story, story["bulletin"])
    assert airing["outcome"] == "played", airing
    recording = tmp_path / "station-1.wav"
    shutil.copy(system.path(f"{SOUND}/station-1.wav"), recording)
    with wave.open(str(recording)) as sound:
        assert sound.getnframes() > 48000 * 5


@pytest.mark.parametrize("name, kind, options", [
    ("a.mp3", "audio/mpeg", []), ("a.m4a", "audio/mp4", []), ("a.webm", "audio/webm", ["-c:a", "libopus"]),
    ("a.ogg", "audio/ogg", ["-c:a", "libvorbis"]),
    ("a.flac", "audio/flac", [])])
def test_the_caged_worker_reads_every_type_under_the_unit(system, story, tmp_path, name, kind, options):
    subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "sine=440:duration=3", "-ar", "48000", *options,
                    str(tmp_path / name)], check=True)
    with system.network():
        bulletin = story["commune"].upload_bulletin(name, tmp_path / name, kind, approve=False)
    assert bulletin["audio"] == "ready"


def test_the_daemons_have_what_they_need_and_no_more(system):
    for daemon in ("controller", "player"):
        pid = system.show(f"loa-{daemon}", "MainPID")
        status = system.path(f"/proc/{pid}/status").read_text()
        assert re.search(r"^CapEff:\s+0+$", status, re.M) and re.search(r"^CapBnd:\s+0+$", status, re.M)
        assert re.search(r"^NoNewPrivs:\s+1$", status, re.M) and re.search(r"^Seccomp:\s+2$", status, re.M)


def writer_policy(system):
    """proc(5): fields 40 and 41 are real-time priority and policy (1 = SCHED_FIFO); the split begins at field 3."""
    def found():
        tasks = system.path(f"/proc/{system.show('loa-player', 'MainPID')}/task")
        stats = ((task / "stat").read_text() for task in tasks.iterdir() if (task / "comm").read_text().strip() == "writer")
        return next((stat.rsplit(")", 1)[1].split()[37:39] for stat in stats), None)

    return wait_for(found, 10)


def test_the_thread_that_feeds_the_card_is_real_time(system):
    assert system.show("loa-player", "LimitRTPRIO") == "20"
    if resource.prlimit(system.leader, resource.RLIMIT_RTPRIO)[1] < 20 and not may_raise_limits():
        # This machine lets nobody raise the limit. With the capability in its stead everything else of the
        # sandbox, the list of system calls above all, still has to let the thread through.
        with drop_in(system, "loa-player", "PrivateUsers=no\nCapabilityBoundingSet=CAP_SYS_NICE\nAmbientCapabilities=CAP_SYS_NICE"):
            assert writer_policy(system) == ["20", "1"]
    else:
        assert writer_policy(system) == ["20", "1"]


# Inside the player's own sandbox: Perl is in every Debian. 159 = adjtimex, 164 = settimeofday (x86-64).
PROBE = r"""
my $timex = pack("x208"); print "adjtimex ", syscall(159, $timex) >= 0 ? "yes" : "no", "\n";
my $time = pack("q2", 1, 0); print "settimeofday ", syscall(164, $time, 0) == 0 ? "yes" : "no", "\n";
print "boot_id ", (open(my $a, "<", "/proc/sys/kernel/random/boot_id") ? "yes" : "no"), "\n";
print "write_etc ", (open(my $b, ">", "/etc/loa/x") ? "yes" : "no"), "\n";
print "write_own ", (open(my $c, ">", "/var/lib/loa/player/probe") ? "yes" : "no"), "\n";
print "read_others ", (opendir(my $d, "/var/lib/loa/controller") ? "yes" : "no"), "\n";
print "namespace ", (syscall(272, 0x10000000) == 0 ? "yes" : "no"), "\n";
"""


def test_the_players_sandbox_reads_the_clock_and_cannot_set_it(system):
    system.path("/usr/local/bin/probe").write_text("#!/usr/bin/perl\n" + PROBE)
    system.run("chmod", "755", "/usr/local/bin/probe")
    unit = system.path("/lib/systemd/system/loa-player.service").read_text()
    unit = re.sub(r"^(ExecCondition|ExecStart|Type|Restart|StandardOutput|WatchdogSec)=.*\n", "", unit, flags=re.M)
    unit = unit.replace("[Service]\n", "[Service]\nType=oneshot\nExecStart=/usr/local/bin/probe\nStandardOutput=truncate:/run/probe\n")
    system.path("/run/systemd/system/probe.service").write_text(unit)
    system.run("systemctl", "daemon-reload")
    system.run("systemctl", "start", "probe")
    found = dict(line.split() for line in system.path("/run/probe").read_text().splitlines())
    assert found == {"adjtimex": "yes", "settimeofday": "no", "boot_id": "yes", "write_etc": "no", "write_own": "yes",
                     "read_others": "no", "namespace": "no"}


@pytest.mark.parametrize("daemon", ["controller", "player"])
def test_a_daemon_that_hangs_is_started_again_and_one_that_works_is_not(system, daemon):
    unit = f"loa-{daemon}"
    with drop_in(system, unit, "WatchdogSec=2"):
        before = system.show(unit, "MainPID")
        time.sleep(5)
        assert system.show(unit, "MainPID") == before and system.show(unit, "NRestarts") == "0"
        system.run("kill", "-STOP", before)
        wait_for(lambda: system.show(unit, "NRestarts") == "1" and system.show(unit, "ActiveState") == "active", 30)
        assert system.show(unit, "MainPID") != before


def test_a_mistake_in_the_configuration_stops_the_unit_with_its_line(system):
    text = system.path(PLAYER_CONF).read_text()
    system.path(PLAYER_CONF).write_text(text.replace("settle_ms=500", "settle=500"))
    line = text[:text.index("settle_ms=500")].count("\n") + 1
    assert system.try_run("systemctl", "restart", "loa-player").returncode != 0
    assert system.show("loa-player", "ActiveState") == "failed" and system.show("loa-player", "ExecMainStatus") == "78"
    assert f'{PLAYER_CONF}:{line}: unknown key "settle" in [board]; did you mean "settle_ms"?' in system.journal("-u", "loa-player")
    system.path(PLAYER_CONF).write_text(text)
    system.run("systemctl", "restart", "loa-player")
    assert system.show("loa-player", "ActiveState") == "active"


def test_an_upgrade_keeps_everything_and_runs_the_new_one(system, story):
    conf = system.path(PLAYER_CONF).read_text()
    keys = {path: fingerprint(system, path) for path in KEYS}
    pids = {daemon: system.show(daemon, "MainPID") for daemon in ("loa-controller", "loa-player")}
    with system.network():
        before = story["commune"].admin.get("/api/airings", limit=200, from_="2020-01-01T00:00:00Z", to="2100-01-01T00:00:00Z")["items"]
    assert before
    system.run("sh", "-c", "dpkg -i /new/*.deb")
    assert system.run("dpkg-query", "-W", "-f", "${Version}", "loa-controller") == NEW != OLD
    for daemon, pid in pids.items():
        assert system.show(daemon, "ActiveState") == "active" and system.show(daemon, "MainPID") != pid
    assert system.path(PLAYER_CONF).read_text() == conf
    assert {path: fingerprint(system, path) for path in KEYS} == keys
    with system.network():
        wait_for(answers, 20)
        assert not re.search("Set-up token", system.path(CONSOLE).read_text()), "the accounts are known"
        story["commune"].log_in()
        after = story["commune"].admin.get("/api/airings", limit=200, from_="2020-01-01T00:00:00Z", to="2100-01-01T00:00:00Z")["items"]
        assert {airing["id"]: airing["outcome"] for airing in before}.items() <= {airing["id"]: airing["outcome"] for airing in after}.items()
        assert broadcast_now(story, story["bulletin"])["outcome"] == "played"


def keeper(place):
    """A key pair as it is made on another machine: the secret file and the public line."""
    secret = place / "keeper.secret"
    subprocess.run(["age-keygen", "-o", str(secret)], check=True, capture_output=True)
    return secret, subprocess.run(["age-keygen", "-y", str(secret)], check=True, capture_output=True, text=True).stdout


def test_the_nightly_unit_waits_for_a_recipient_and_then_makes_a_copy(system, story, tmp_path):
    system.run("systemctl", "start", "loa-backup.service")
    assert system.show("loa-backup.service", "ConditionResult") == "no"
    with system.network():
        assert json.loads(Client(PEOPLE).raw("GET", "/healthz")[2])["backup_age_s"] is None

    secret, public = keeper(tmp_path)
    story["secret"] = secret.read_text()
    system.path("/etc/loa/backup-recipients").write_text(public)
    system.run("systemctl", "start", "loa-backup.service")
    story["backup"] = system.run("sh", "-c", "ls /var/backups/loa/*.tar.age").split()[-1]
    assert mode(system, story["backup"]) == "0o600" and mode(system, "/var/backups/loa") == "0o700"
    with system.network():
        assert json.loads(Client(PEOPLE).raw("GET", "/healthz")[2])["backup_age_s"] < 600
    certificate = fingerprint(system, "/etc/loa/tls/server.crt")
    system.run("systemctl", "start", "loa-tls-renew.service")
    assert fingerprint(system, "/etc/loa/tls/server.crt") == certificate, "there was time yet"
    with drop_in(system, "loa-tls-renew", "ExecStart=\nExecStart=/usr/bin/loa tls renew --now --reload"):
        assert system.show("loa-tls-renew", "Result") == "success"
    assert fingerprint(system, "/etc/loa/tls/server.crt") != certificate
    assert "Reloaded" in system.journal("-u", "nginx")
    said = system.try_run("loa", "doctor")
    assert said.returncode == 0, said.stdout
    for line in ("ok    Certificate for HTTPS, until", "ok    Last backup, hours ago: 0", "ok    Database"):
        assert line in said.stdout, said.stdout


def test_a_machine_that_was_lost_comes_back_and_plays(system, story):
    data = "/var/lib/loa/controller"
    before = fingerprint(system, KEYS[1])
    system.run("systemctl", "stop", "loa-controller")
    system.run("sh", "-c", f"rm -rf {data}; mkdir -m 700 {data}; chown loa-controller: {data}")  # a new machine, with the package
    system.path("/root/keeper.secret").write_text(story["secret"])
    said = system.run("loa", "restore", "--check", story["backup"], "--identity", "/root/keeper.secret")
    assert "made 20" in said
    system.run("loa", "restore", story["backup"], data, "--identity", "/root/keeper.secret")
    assert fingerprint(system, KEYS[1]) == before and mode(system, KEYS[1]) == "0o600"
    system.run("systemctl", "start", "loa-controller")
    with system.network():
        wait_for(answers, 20)
        assert broadcast_now(story, story["bulletin"])["outcome"] == "played"


def test_purge_keeps_the_data_unless_somebody_says_yes(system, story):
    keys = {path: fingerprint(system, path) for path in KEYS}
    said = system.run("dpkg", "--purge", "loa-controller", "loa-player")
    assert "was kept" in said
    assert not system.path("/etc/loa/player.conf").exists() and not system.path("/usr/sbin/loa-player").exists()
    assert system.try_run("pgrep", "-f", "loa-").stdout == ""
    assert {path: fingerprint(system, path) for path in KEYS} == keys

    system.run("sh", "-c", "dpkg -i /new/*.deb")
    with system.network():
        wait_for(answers, 20)
        story["commune"].log_in()
        assert len(story["commune"].admin.get("/api/stations", limit=10)["items"]) == 1

    for part in ("controller", "player"):
        system.run("debconf-set-selections", given=f"loa-{part} loa-{part}/remove-data boolean true\n")
    system.run("dpkg", "--purge", "loa-controller", "loa-player")
    assert not system.path("/var/lib/loa").exists()
