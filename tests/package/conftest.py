"""The packages, built twice under two versions, and one booted system for the story of their life."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
for folder in ("tools/demo", "tests/support", "tests/package"):
    sys.path.insert(0, str(ROOT / folder))

CACHE = ROOT / "build" / "package"
OLD, NEW = "0.0.9", "0.0.10"  # in Debian's order, not in the alphabet's


def build(version):
    """Gives a directory with the three packages of that version."""
    place = CACHE / version
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    done = subprocess.run([str(ROOT / "loa"), "package", "--version", version, "--yes"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for package in (ROOT / "build/release/packages").glob("*.deb"):
        shutil.copy(package, place)
    return place


@pytest.fixture(scope="session")
def old():
    return build(OLD)


@pytest.fixture(scope="session")
def new(old):
    return build(NEW)


@pytest.fixture(scope="session")
def unpacked(new, tmp_path_factory):
    """Every file of the three packages in one tree."""
    tree = tmp_path_factory.mktemp("unpacked")
    for package in sorted(new.glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", str(package), str(tree)], check=True)
    return tree


@pytest.fixture(scope="session")
def system(old, new):
    """A booted Debian with nothing of Loa's in it yet; /old and /new hold the packages."""
    from system import System

    if os.geteuid() != 0:
        pytest.skip("a system is booted by root only")
    if not System.can_boot():
        pytest.skip("this machine lets nobody boot a system (systemd-nspawn failed); test_chroot.py runs instead")
    place = CACHE / "system"
    shutil.rmtree(place, ignore_errors=True)
    made = System(place, CACHE)
    made.make(old)
    shutil.copytree(old, made.root / "old")
    shutil.copytree(new, made.root / "new")
    made.boot()
    yield made
    made.halt()
