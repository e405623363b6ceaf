"""What is in the packages, and what their units are allowed to do."""

import gzip
import hashlib
import re
import subprocess

import pytest

from conftest import ROOT

DAEMONS = ("controller", "player")
UNITS = ("loa-controller", "loa-player", "loa-backup", "loa-tls-renew")
MOST_EXPOSED = 2.0


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)


def digests(packages):
    return {package.name: hashlib.sha256(package.read_bytes()).hexdigest() for package in packages.glob("*.deb")}


def test_lintian_finds_neither_errors_nor_warnings(new):
    done = run("lintian", "--fail-on", "error,warning", "--tag-display-limit", "0", *sorted(new.glob("*.deb")))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("unit", UNITS)
def test_the_unit_is_exposed_little(unpacked, unit):
    file = unpacked / f"usr/lib/systemd/system/{unit}.service"
    done = run("systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED * 10:.0f}", "--no-pager", file)
    exposure = re.search(r"exposure level for .*: ([\d.]+)", done.stdout)
    assert exposure and float(exposure.group(1)) <= MOST_EXPOSED, done.stdout
    assert done.returncode == 0, done.stdout


def test_the_same_sources_give_the_same_packages(new):
    from conftest import NEW, build

    before = digests(new)  # of whole packages pytest would print the difference for hours
    assert digests(build(NEW)) == before


def test_the_panel_is_inside_and_no_node_is_needed(new, unpacked):
    for name in ("index.html", "sw.js", "sw.js.br", "loa.webmanifest", "icon-192.png"):
        assert (unpacked / "usr/share/loa/panel" / name).is_file(), name
    assert list((unpacked / "usr/share/loa/panel/assets").glob("*.js"))
    for package in new.glob("*.deb"):
        depends = run("dpkg-deb", "--field", package, "Depends", "Recommends", "Suggests").stdout
        assert not re.search(r"\b(nodejs|npm|python3)", depends), depends


def test_no_secret_and_no_place_of_the_build_is_in_a_package(unpacked):
    for path in unpacked.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            assert b"loa-ed25519-v1 " not in content or path.name in ("loa", "loa-controller", "loa-player"), path
            assert b"PRIVATE KEY-----" not in content, path
            assert not re.search(rb"(?<!/api)/(work|home)/", content), path
            assert not re.search(rb"loa-ed25519-v1 [0-9a-f]{64}", content), path


@pytest.mark.parametrize("daemon", DAEMONS)
def test_every_key_of_the_configuration_has_a_comment(unpacked, daemon):
    lines = (unpacked / f"etc/loa/{daemon}.conf").read_text().splitlines()
    keys = [number for number, line in enumerate(lines) if re.match(r"[a-z_0-9]+ *=", line)]
    assert keys
    for number in keys:
        assert lines[number - 1].startswith("#"), f"{daemon}.conf:{number + 1}: {lines[number]}"


@pytest.mark.parametrize("daemon", DAEMONS)
def test_the_daemon_knows_every_key_of_the_file_and_the_file_every_key_of_the_daemon(unpacked, daemon, tmp_path):
    text = (unpacked / f"etc/loa/{daemon}.conf").read_text()
    known = set(re.findall(r"^([a-z_0-9]+)=", text, re.M))
    said = set()
    for group in re.findall(r"^\[([a-z]+)\]", text, re.M):
        wrong = tmp_path / "wrong.conf"
        wrong.write_text(f"[{group}]\nnothing-like-any-key-there-is=1\n")
        answer = run(unpacked / f"usr/sbin/loa-{daemon}", "--check", "--config", wrong).stderr
        said |= set(re.search(r"; known: (.*)", answer).group(1).split(", "))
    assert said == known


def test_manual_pages_are_in_order(unpacked):
    pages = {path.name: gzip.decompress(path.read_bytes()).decode() for path in (unpacked / "usr/share/man").rglob("*.gz")}
    assert set(pages) == {"loa.1.gz", "loa-simcard.1.gz", "loa-simboard.1.gz", "loa-controller.8.gz", "loa-player.8.gz", "controller.conf.5.gz", "player.conf.5.gz"}
    for name, page in pages.items():
        done = run("mandoc", "-Tlint", "-Wwarning", input=page)
        complaints = [line for line in done.stdout.splitlines() if "new sentence, new line" not in line and "referenced manual not found" not in line]
        assert not complaints, f"{name}: {complaints}"
    for daemon in DAEMONS:
        keys = re.findall(r"^([a-z_0-9]+)=", (unpacked / f"etc/loa/{daemon}.conf").read_text(), re.M)
        for key in keys:
            assert f".It Ic {key}" in pages[f"{daemon}.conf.5.gz"]


def commands(unpacked):
    """Every word of the tool with its options, as it says them itself."""
    said = run(unpacked / "usr/bin/loa", "help").stdout
    found = re.findall(r"^  loa ([a-z]+) ([a-z]*)(.*)$", said, re.M)
    assert len(found) > 8
    return [([first, second] if second else [first], set(re.findall(r"--[a-z-]+", rest))) for first, second, rest in found]


def complete(unpacked, typed):
    script = f"""
        PATH={unpacked}/usr/bin:$PATH
        . {unpacked}/usr/share/bash-completion/completions/loa
        COMP_WORDS=({' '.join(f"'{word}'" for word in typed)}); COMP_CWORD={len(typed) - 1}
        _loa; printf '%s\\n' "${{COMPREPLY[@]}}" """
    return set(run("bash", "-c", script).stdout.split())


def test_bash_completes_every_word_and_every_option(unpacked):
    known = commands(unpacked)
    assert complete(unpacked, ["loa", ""]) == {words[0] for words, _ in known} | {"help"}
    for words, options in known:
        if len(words) > 1:
            assert words[1] in complete(unpacked, ["loa", words[0], ""])
        assert complete(unpacked, ["loa", *words, "a-file", "--"]) == options, words
    assert complete(unpacked, ["loa", "config", "check", "--of", "p"]) == {"player"}
    assert complete(unpacked, ["loa", "tls", "m"]) == {"make"}


def test_the_manual_page_has_every_word_and_every_option(unpacked):
    page = gzip.decompress((unpacked / "usr/share/man/man1/loa.1.gz").read_bytes()).decode()
    synopsis, description = page.split(".Sh DESCRIPTION")
    for words, options in commands(unpacked):
        part = re.search(rf"^\.Cm {' '.join(words)}$(.*?)(?=^\.Nm$|\Z)", synopsis, re.M | re.S)
        assert part, words
        assert {f"--{option}" for option in re.findall(r"Fl -([a-z-]+)", part.group(1))} == options, words
        assert f".It Cm {' '.join(words)}" in description, words


def test_cmake_install_never_overwrites_a_configuration(new, tmp_path):
    ours = tmp_path / "etc/loa/player.conf"
    ours.parent.mkdir(parents=True)
    ours.write_text("mine\n")
    done = run("cmake", "--install", ROOT / "build/release", env={"DESTDIR": str(tmp_path), "PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    assert ours.read_text() == "mine\n"
    assert (tmp_path / "etc/loa/player.conf.new").is_file()
    assert (tmp_path / "etc/loa/controller.conf").is_file()
    assert (tmp_path / "usr/sbin/loa-player").is_file()


def test_timers_udev_rules_and_site_are_well_formed(unpacked):
    folder = unpacked / "usr/lib/systemd/system"
    for timer in sorted(folder.glob("*.timer")):
        calendar = re.search(r"^OnCalendar=(.*)$", timer.read_text(), re.M).group(1)
        assert run("systemd-analyze", "calendar", calendar).returncode == 0
        assert timer.with_suffix(".service").is_file()
    assert len(list(folder.glob("*.timer"))) == 2
    for line in (unpacked / "usr/lib/udev/rules.d/60-loa-player.rules").read_text().splitlines():
        assert line.startswith("#") or re.fullmatch(r'(\w+(\{\w+\})?(==|=|\+=)"[^"]*"(, |$))+', line), line
    assert (unpacked / "etc/nginx/sites-available/loa").read_text() == (ROOT / "packaging/nginx/loa").read_text()
