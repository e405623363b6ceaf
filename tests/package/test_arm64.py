"""The same packages for 64-bit ARM, cross-compiled; the pure unit tests run under qemu.

The compiler's packages are of two architectures at once, so they live in a Debian root of their own
and this machine's packages stay as they are.
"""

import contextlib
import os
import re
import subprocess

import pytest

from conftest import CACHE, ROOT
from system import _NO_QUESTIONS, make_base

TOOLS = ("gcc-aarch64-linux-gnu", "libc6-dev-arm64-cross", "cmake", "ninja-build", "pkg-config", "git", "ca-certificates",
         "libglib2.0-dev-bin", "dpkg-dev", "file", "qemu-user")
PURE = "unit/(common|wire|timeline)"
SELF_STARTING = "check_|/log$|mutants"  # these start their own program again, which takes more than qemu-user


def chroot(root, command, timeout=900):
    done = subprocess.run(["chroot", str(root), "sh", "-ec", command], env=_NO_QUESTIONS, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout)
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


def make_root():
    root = CACHE / "arm64"
    if not (root / "ready-arm64").exists():
        subprocess.run(["rm", "-rf", str(root)], check=True)
        subprocess.run(["cp", "-a", "--reflink=auto", str(make_base(CACHE)), str(root)], check=True)
        listed = subprocess.run([str(ROOT / "tools/install-packages"), "--list", "build"], capture_output=True, text=True, check=True)
        libraries = [f"{name}:arm64" for name in listed.stdout.split() if re.fullmatch(r"(lib|zlib)\S*-dev", name) and name != "libc6-dev"]
        chroot(root, "dpkg --add-architecture arm64; apt-get update -q")
        chroot(root, f"apt-get install -y -q --no-install-recommends {' '.join(TOOLS)} {' '.join(libraries)}")
        (root / "ready-arm64").touch()
    return root


@contextlib.contextmanager
def mounted(root):
    mounts = (["-t", "proc", "proc", root / "proc"], ["--bind", "-o", "ro", ROOT, root / "src"])
    (root / "src").mkdir(exist_ok=True)
    for words in mounts:
        subprocess.run(["mount", *map(str, words)], check=True)
    try:
        yield root
    finally:
        for words in reversed(mounts):
            subprocess.run(["umount", "--lazy", str(words[-1])], check=True)


@pytest.fixture(scope="module")
def built():
    if os.geteuid() != 0:
        pytest.skip("a Debian root is made by root only")
    with mounted(make_root()) as root:
        chroot(root, "cmake --preset arm64 -S /src -B /build -Wno-dev && ninja -C /build loa_installed")
        yield root


def test_the_packages_are_of_that_architecture(built):
    said = chroot(built, "cpack --config /build/CPackConfig.cmake -B /debs; for deb in /debs/*.deb; do dpkg -f $deb Package Architecture Depends; done")
    assert re.findall(r"^Package: (.*)\nArchitecture: (.*)\n", said, re.M) == [("loa-controller", "arm64"), ("loa-player", "arm64"), ("loa-tools", "arm64")]
    assert "libasound2" in said and "libmicrohttpd12" in said
    assert "in order" in chroot(built, "qemu-aarch64 /build/controller/loa-controller --check -c /src/docs/controller.conf && echo in order")


def test_the_pure_unit_tests_pass_under_qemu(built):
    chroot(built, "ninja -C /build $(ninja -C /build -t targets all | "
                  "sed -nE 's#^(tests/unit/(common|wire|wire_root|timeline)/test_[a-z0-9_]+):.*#\\1#p')")
    said = chroot(built, f"ctest --test-dir /build -R '{PURE}' -E '{SELF_STARTING}' --output-on-failure --timeout 600")
    passed = int(re.search(r"(\d+)$", re.search(r"100% tests passed, 0 tests failed out of \d+", said).group()).group(1))
    assert passed > 10
