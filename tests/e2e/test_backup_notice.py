"""The home page tells those who can do something about it that the last backup is too long ago, and nobody else."""

import json
import os
import pathlib
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("LOA_BUILD", ROOT / "build" / "dev"))
sys.path[:0] = [str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]

from commune import Commune  # noqa: E402
from desk import Desk  # noqa: E402


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("notice"), panel=ROOT / "web-admin" / "dist") as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        yield made


def seen(commune, login, expect, shot=None):
    done = subprocess.run(["node", str(ROOT / "tests/e2e/notice.mjs"), json.dumps({
        "url": f"http://{commune.desk.people}/", "login": login, "password": commune.memory["accounts"][login], "expect": expect,
        "shot": shot})], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def backed_up(commune, hours_ago):
    (commune.desk.place / "controller" / "last-backup.json").write_text(json.dumps(
        {"made_us": int((time.time() - hours_ago * 3600) * 1e6), "file": "x", "bytes": 1, "sha256": "0" * 64}))


def test_an_administrator_is_told_and_an_operator_is_not(commune):
    assert "Chưa có bản sao lưu nào." in seen(commune, "admin", "shown", os.environ.get("LOA_SHOTS") and f"{os.environ['LOA_SHOTS']}/backup.png")
    assert seen(commune, "operator", None) is None
    backed_up(commune, 27)
    assert "27 giờ trước" in seen(commune, "admin", "shown")
    backed_up(commune, 25)
    assert seen(commune, "admin", "hidden") is None
