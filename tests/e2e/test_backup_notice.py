"""The home page tells those who can do something about it that the last backup is too long ago, and nobody else."""

import json
import time


def seen(world, login, expect):
    return world.walk("notice.mjs", login=login, expect=expect)["saw"]["notice"]


def backed_up(world, hours_ago):
    (world.desk.place / "controller" / "last-backup.json").write_text(json.dumps(
        {"made_us": int((time.time() - hours_ago * 3600) * 1e6), "file": "x", "bytes": 1, "sha256": "0" * 64}))


def test_an_administrator_is_told_and_an_operator_is_not(world):
    assert "Chưa có bản sao lưu nào." in seen(world, "admin", "shown")
    assert seen(world, "operator", None) is None
    backed_up(world, 27)
    assert "cách đây 27 giờ" in seen(world, "admin", "shown")
    backed_up(world, 25)
    assert seen(world, "admin", "hidden") is None
