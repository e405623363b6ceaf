"""New keys: the tool makes the next root, the controller takes it, a station follows and plays by it."""

import json
import signal
import subprocess

import pytest
from commune import Commune
from conftest import BUILD
from desk import wait_for
from evidence import export_papers
from paper_station import PaperStation


def check_the_papers_of_both_keys(commune, folder):
    """Papers signed before the change hold by the root of their time, which the root after it vouches for."""
    folder.mkdir()
    export_papers(commune.admin, folder)
    verify = [str(BUILD / "tools" / "loa"), "audit", "verify", str(folder), "--json"]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    (folder / "roots.jsonl").unlink()
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "no key with the role" in done.stdout


def test_stations_follow_the_controllers_new_keys(desk):
    desk.start_controller()
    commune = Commune(desk)
    commune.found()
    commune.log_in()
    desk.make_cards(1)
    desk.start_station(1)
    commune.pair(1, "Trạm 1")
    commune.wait_online(1)
    old = PaperStation(desk.link)
    old.announce()
    commune.admin.post(f"/api/enrolments/{old.code}", {"area": commune.memory["commune"], "name": "Giấy"})
    old.poll()
    assert old.plan()[0] == 200

    spoken = commune.speak_bulletin("Lũ khẩn cấp", "Lũ về.")["id"]
    clip = commune.leader.call("POST", "/api/alert-clips", {
        "area": commune.memory["commune"], "bulletin": spoken, "severity": 5})["id"]
    wait_for(lambda: all(one["state"] == "ready" for one in commune.admin.get("/api/alert-clips")["items"]), 20, 0.1)
    own = f"/api/stations/{commune.memory['stations']['1']}"
    wait_for(lambda: (lambda now: now["plan"]["current"] and not now["media"]["missing"])(commune.admin.get(own)), 20, 0.1)
    desk.stations[1].signal(signal.SIGSTOP)  # away, and with the first root when it is back
    keys = desk.place / "controller" / "keys"
    carried_away = desk.place / "carried-away.key"
    (keys / "root.key").rename(carried_away)
    loa = [str(BUILD / "tools" / "loa"), "root", "rotate", str(keys)]
    assert subprocess.run(loa, capture_output=True).returncode == 1  # no root key here
    subprocess.run([*loa, "--root-key", str(carried_away), "--new-root-key", str(desk.place / "root-2.key")], check=True)
    desk.controller.stop()
    desk.start_controller()
    commune.log_in()

    alert = commune.operator.call("POST", "/api/alerts", {"area": commune.memory["commune"], "clip": clip, "targets": [
        {"kind": "station", "id": commune.memory["stations"]["1"]}]})
    desk.stations[1].signal(signal.SIGCONT)
    desk.stations[1].wait_line("root document 2 is in force")
    desk.stations[1].wait_line(r"plan \d+\.\d+ accepted")
    assert json.loads((desk.station_dir(1) / "root-2.json").read_text())
    with pytest.raises(ValueError, match="no signature"):
        old.plan()  # it still holds the first root
    station = commune.memory["stations"]["1"]
    codes = wait_for(lambda: [one["code"] for one in commune.admin.get(f"/api/stations/{station}")["refusals"]], 60)
    assert "command.key-unknown" in codes and set(codes) <= {"command.key-unknown", "plan.key-unknown"}  # came first
    desk.stations[1].wait_line(rf"alert {alert['id']} by .*: sounds")
    wait_for(lambda: commune.admin.get(f"/api/stations/{station}")["plan"]["current"], 30)
    check_the_papers_of_both_keys(commune, desk.place / "evidence")
