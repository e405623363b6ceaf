"""A station that no network reaches gets its plan and its sound on a stick, and takes nothing else from one."""

import json
import os
import shutil
import subprocess
from datetime import datetime, timedelta, timezone

import pytest
import sound
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for


@pytest.fixture
def commune(tmp_path):
    with Desk(BUILD, tmp_path / "desk") as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        desk.make_cards(2)
        for number in (1, 2):
            desk.station_settings[number] = {"carry": desk.place / f"mount-{number}"}
            (desk.place / f"mount-{number}").mkdir()
            desk.start_station(number)
            made.pair(number, f"Trạm {number}")
        made.wait_online(2)
        yield made


def export(commune, number, into):
    token = commune.desk.place / "token"
    token.write_text(commune.admin.post("/api/tokens", {"name": "USB", "expires_at": "2100-01-01T00:00:00Z"})["token"])
    token.chmod(0o600)
    subprocess.run([str(BUILD / "tools" / "loa"), "station", "export", commune.memory["stations"][str(number)], str(into),
                    "--controller", f"http://{commune.desk.people}", "--token-file", str(token)],
                   check=True, stdout=subprocess.DEVNULL)
    return into / "loa-carry"


def insert(commune, number, stick):
    """As a mount does: all of it appears at once."""
    mount = commune.desk.station_dir(number).parent / f"mount-{number}" / "loa-carry"
    shutil.rmtree(mount, ignore_errors=True)
    shutil.copytree(stick, mount.with_suffix(".new"))
    os.rename(mount.with_suffix(".new"), mount)


def test_a_stick_brings_plan_and_sound_and_nothing_that_is_not_right(commune):
    desk = commune.desk
    for number in (1, 2):
        desk.stations[number].stop()
    bulletin = commune.speak_bulletin("Thông báo", "Xin chào bà con thôn Đông.")["id"]
    soon = datetime.now(timezone.utc) + timedelta(seconds=15)
    commune.broadcast(bulletin, {"kind": "once", "at": soon.strftime("%Y-%m-%dT%H:%M:%SZ")},
                      [{"kind": "station", "id": commune.memory["stations"]["1"]}])
    stick = wait_for(lambda: next((made for made in [export(commune, 1, desk.place / "stick")]
                                   if any(made.joinpath("media").glob("*"))), None), 10)
    desk.controller.stop()  # from here on there is no network
    desk.start_station(1)
    desk.start_station(2)

    forged = desk.place / "forged"
    shutil.copytree(stick, forged)
    envelope = json.loads((stick / "plan.json").read_text())
    envelope["signatures"][0]["sig"] = ("B" if envelope["signatures"][0]["sig"][0] == "A" else "A") + envelope["signatures"][0]["sig"][1:]
    (forged / "plan.json").write_text(json.dumps(envelope))
    insert(commune, 1, forged)
    desk.stations[1].wait_line(r"the stick's plan is refused \(bad-signature\)")
    insert(commune, 2, stick)
    desk.stations[2].wait_line(r"the stick's plan is refused \(not-mine\)")

    damaged = desk.place / "damaged"
    shutil.copytree(stick, damaged)
    file = next(damaged.joinpath("media").glob("*"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    insert(commune, 1, damaged)
    desk.stations[1].wait_line(r"plan \d+\.\d+ came on a stick")
    desk.stations[1].wait_line("not what was announced")
    insert(commune, 1, stick)
    desk.stations[1].wait_line(r"1 file\(s\) came on a stick")

    wait_for(lambda: desk.recording(1).exists() and
             sound.level_dbfs(sound.load(desk.recording(1))[1]) > -45, 30)
    desk.stations[1].wait_line("played")
    codes = {one["code"]: one["count"] for one in json.loads((desk.station_dir(1) / "refusals.json").read_text())}
    assert codes["import.bad-signature"] == 1 and codes["import.wrong-hash"] == 1
