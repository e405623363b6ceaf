"""Fifty mistakes in a configuration file: each is named with its line and what would be right."""

import subprocess

import pytest

CONTROLLER = """[server]
people=127.0.0.1:8080
stations=127.0.0.1:8081
behind_proxy=false
data=/var/lib/loa/controller
panel=/usr/share/loa/panel
worker=/usr/libexec/loa/loa-content-worker

[retention]
papers_months=24
media_days=90
"""
PLAYER = """[station]
data=/var/lib/loa/player
controller=https://loa.example.vn
ca_file=
name=Nhà văn hóa
model=loa
serial=D1

[sound]
device=default
mixer=default
mixer_element=Master
decoder=/usr/libexec/loa/loa-decode

[board]
kind=simulated
state=/var/lib/loa/player/board.state
settle_ms=500
linger_ms=1000

[clock]
source=ntp
"""
C, P = "controller", "player"

# whose file, what stands there, what is written instead, the line that is named, the hint
MISTAKES = [
    # slips of the pen in a key
    (C, "people=", "poeple=", 2, 'did you mean "people"?'),
    (C, "stations=", "station=", 3, 'did you mean "stations"?'),
    (C, "behind_proxy=", "behind-proxy=", 4, 'did you mean "behind_proxy"?'),
    (C, "data=", "Data=", 5, 'did you mean "data"?'),
    (C, "panel=", "pannel=", 6, 'did you mean "panel"?'),
    (C, "worker=", "wroker=", 7, 'did you mean "worker"?'),
    (C, "worker=", "colour=red\nworker=", 7, "known: behind_proxy, data, panel, people, stations, worker"),
    (P, "controller=", "controler=", 3, 'did you mean "controller"?'),
    (P, "ca_file=", "cafile=", 4, 'did you mean "ca_file"?'),
    (P, "mixer_element=", "mixer-element=", 12, 'did you mean "mixer_element"?'),
    (P, "settle_ms=", "settle=", 18, 'did you mean "settle_ms"?'),
    (P, "linger_ms=", "lingerms=", 19, 'did you mean "linger_ms"?'),
    (P, "source=", "sources=", 22, 'did you mean "source"?'),
    # a key in the wrong group, a group that is none
    (P, "serial=D1", "serial=D1\ndevice=hw:0", 8, "it belongs to [sound]"),
    (P, "source=ntp", "source=ntp\ncontroller=https://a", 23, "it belongs to [station]"),
    (C, "[server]", "[sever]", 1, "did you mean [server]?"),
    (C, "[server]", "[station]", 1, "known: retention, server"),
    (P, "[clock]", "[clocks]", 21, "did you mean [clock]?"),
    (P, "[sound]", "[Sound]", 9, "did you mean [sound]?"),
    (P, "[clock]", "[garden]\n[clock]", 21, "known: board, clock, relay, sound, station"),
    (C, "media_days=", "media_day=", 11, 'did you mean "media_days"?'),
    (C, "[retention]", "[retentions]", 9, "did you mean [retention]?"),
    # missing
    (P, "data=/var/lib/loa/player\n", "", 1, "write data=... below [station]"),
    (P, "controller=https://loa.example.vn\n", "", 1, "write controller=... below [station]"),
    # an address
    (C, "127.0.0.1:8080", "127.0.0.1", 2, "an IP address and a port such as 127.0.0.1:8080"),
    (C, "127.0.0.1:8080", "8080", 2, "an IP address and a port"),
    (C, "127.0.0.1:8080", "localhost:8080", 2, "an IP address and a port"),
    (C, "127.0.0.1:8081", "127.0.0.1:99999", 3, "an IP address and a port"),
    (C, "127.0.0.1:8081", "127.0.0.256:8081", 3, "an IP address and a port"),
    (C, "127.0.0.1:8081", "127.0.0.1:8080", 3, "another port than that of people"),
    (C, "people=127.0.0.1:8080", "people=", 2, "an IP address and a port"),
    (P, "https://loa.example.vn", "", 3, "the controller's address such as https://loa.example.vn"),
    (P, "https://loa.example.vn", "loa.example.vn", 3, "the controller's address"),
    (P, "https://loa.example.vn", "htps://loa.example.vn", 3, "the controller's address"),
    (P, "https://loa.example.vn", "https://", 3, "the controller's address"),
    (P, "https://loa.example.vn", "https://me:secret@loa.example.vn", 3, "the controller's address"),
    (P, "https://loa.example.vn", "https://loa.example.vn # ours", 3, "the controller's address"),
    # a path
    (C, "/var/lib/loa/controller", "var/lib/loa", 5, "a full path, from / on"),
    (C, "/var/lib/loa/controller", '"/var/lib/loa"', 5, "without quotation marks"),
    (C, "/usr/share/loa/panel", "/usr/share/loa/panel # built", 6, "comments have lines of their own"),
    (C, "/usr/libexec/loa/loa-content-worker", "", 7, "a full path, from / on"),
    (P, "ca_file=", "ca_file=ca.pem", 4, "a full path, from / on"),
    # a choice, a number, a truth
    (C, "false", "yes", 4, "true or false"),
    (C, "false", "True", 4, "true or false"),
    (P, "simulated", "cardboard", 16, "one of simulated"),
    (P, "=ntp", "=sun", 22, "one of ntp, rtc, host"),
    (P, "=500", "=half a second", 18, "a whole number from 0 to 60000"),
    (P, "=500", "=-1", 18, "a whole number from 0 to 60000"),
    (P, "=1000", "=60001", 19, "a whole number from 0 to 60000"),
    (C, "=24", "=two years", 10, "a whole number from 0 to 1200"),
    (C, "=90", "=-1", 11, "a whole number from 0 to 36500"),
    (P, "device=default", "device=", 10, "the name of an ALSA device such as default"),
    # the syntax itself
    (C, "panel=", "panel /", 6, "neither [group] nor key=value"),
    (C, "[server]\n", "", 1, "a key before the first [group]"),
    (C, "[server]", "[server", 1, "a group is written [name]"),
    (C, "panel=", "; the panel\npanel=", 6, "a comment begins with #"),
    (C, "panel=", "// the panel\npanel=", 6, "a comment begins with #"),
    (C, "worker=", "data=/other\nworker=", 7, "was already set in line 5"),
    (P, "[sound]", "[station]\nname=x\n[sound]", 10, "was already set in line 5"),
    (C, "panel=", "=", 6, "the name of the key is empty"),
]


def check(build, text, tmp_path, *more):
    path = tmp_path / "a.conf"
    path.write_text(text)
    return path, subprocess.run([str(build / "tools" / "loa"), "config", "check", str(path), *more],
                                capture_output=True, text=True)


@pytest.fixture(scope="module")
def build(new):
    from conftest import ROOT

    return ROOT / "build" / "release"


def test_there_are_fifty():
    assert len(MISTAKES) >= 50


@pytest.mark.parametrize("text, daemon", [(CONTROLLER, C), (PLAYER, P)])
def test_a_file_in_order_passes(build, tmp_path, text, daemon):
    path, done = check(build, text, tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{path}: in order for loa-{daemon}\n"), done.stderr


@pytest.mark.parametrize("daemon, right, wrong, line, hint", MISTAKES)
def test_a_mistake_gets_its_line_and_a_hint(build, tmp_path, daemon, right, wrong, line, hint):
    text = {C: CONTROLLER, P: PLAYER}[daemon]
    assert right in text
    path, done = check(build, text.replace(right, wrong, 1), tmp_path, "--of", daemon)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{path}:{line}: "), done.stderr
    assert hint in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr


def test_all_mistakes_of_a_file_are_named_at_once(build, tmp_path):
    text = PLAYER.replace("ca_file=", "cafile=").replace("=500", "=x").replace("=ntp", "=sun")
    path, done = check(build, text, tmp_path)
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == [f"{path}:{n}" for n in (4, 18, 22)]


def test_a_file_of_neither_daemon_is_not_judged(build, tmp_path):
    _, done = check(build, "hello\n", tmp_path)
    assert done.returncode == 2
    assert "say which" in done.stderr
