"""A station that nobody has accepted says its pairing code through the horn, and stops once somebody has."""

import base64
import json
import os
import sqlite3
import subprocess

import pytest
import sound
from commune import EVER, Commune
from conftest import BUILD, ROOT
from desk import wait_for

SECOND = sound.RATE


def loud_seconds(recording):
    """How many whole seconds of the recording hold sound."""
    if not recording.exists() or recording.stat().st_size <= 44:
        return 0
    samples = sound.load(recording)[1]
    return sum(sound.level_dbfs(samples[at:at + SECOND]) > -50 for at in range(0, len(samples) - SECOND, SECOND))


def test_the_code_is_spoken_until_somebody_types_it(desk):
    desk.station_settings[1] = {"speaker": ROOT / "player" / "loa-speak"}
    desk.start_controller()
    commune = Commune(desk)
    commune.found()
    commune.log_in()
    desk.make_cards(1)
    desk.start_station(1)
    clip = desk.station_dir(1) / "pairing-code.opus"
    wait_for(lambda: loud_seconds(desk.recording(1)) >= 2, 30)
    whole = len(sound.decode(clip)) / SECOND
    commune.pair(1, "Trạm 1")
    commune.wait_online(1)
    desk.stations[1].wait_line("at work")
    wait_for(lambda: '"close"' in desk.stamps(1).read_text(), 30)
    assert 2 <= loud_seconds(desk.recording(1)) < whole - 3  # cut short, and nothing after it
    assert not clip.exists()
    board = (desk.station_dir(1) / "board.state").read_text()
    assert "on" not in board.split("amplifier")[1].split()[0]


def test_a_button_silences_it_and_lets_it_speak_again(desk):
    socket = desk.place / "b.sock"
    desk.station_settings[1] = {"speaker": ROOT / "player" / "loa-speak", "socket": socket}
    desk.start_controller()
    desk.make_cards(1)
    desk.start_station(1)
    press = [str(BUILD / "hw" / "loa-simboard"), str(socket), "press", "stop"]
    wait_for(lambda: loud_seconds(desk.recording(1)) >= 1, 30)
    subprocess.run(press, check=True, stdout=subprocess.DEVNULL)
    wait_for(lambda: '"close"' in desk.stamps(1).read_text(), 30)
    said = loud_seconds(desk.recording(1))
    assert said < 8
    subprocess.run(press, check=True, stdout=subprocess.DEVNULL)
    wait_for(lambda: loud_seconds(desk.recording(1)) > said, 30)


def set_aside(desk):
    with sqlite3.connect(f"file:{desk.place}/controller/loa.db?mode=ro", uri=True) as database:
        return database.execute("SELECT why, envelope FROM quarantine").fetchall()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's own files are believed")
def test_a_button_sounds_roots_own_message_before_anybody_accepts_the_station(desk):
    """No controller, no plan; what others could have written stays silent. Its receipt comes with the name."""
    clips = desk.place / "clips"
    clips.mkdir(mode=0o755)
    for number in (1, 2):
        clip = clips / f"{number}.opus"
        subprocess.run([ROOT / "player" / "loa-speak", clip, "Chú ý. Nước lên."], check=True)
        clip.chmod(0o644 if number == 1 else 0o666)
    desk.station_settings[1] = {"clips": clips, "clock": "ntp"}
    desk.make_cards(1)
    desk.start_station(1)
    desk.pairing_code(1)
    wait_for(desk.board_socket(1).exists, 5, 0.05)
    desk.press(1, "alert2")
    desk.stations[1].wait_line("only root may be able to write it", 5)
    assert loud_seconds(desk.recording(1)) == 0
    desk.press(1, "alert1")
    desk.stations[1].wait_line("the station's own message", 5)
    desk.stations[1].wait_line(r"airing \w+: played", 15)
    whole = len(sound.decode(clips / "1.opus")) // SECOND
    assert loud_seconds(desk.recording(1)) >= whole - 1

    tone = loud_seconds(desk.recording(1))
    desk.press(1, "test")
    desk.stations[1].wait_line(r"airing \w+: played", 15)
    wait_for(lambda: loud_seconds(desk.recording(1)) > tone, 5, 0.1)

    desk.start_controller()
    commune = Commune(desk)
    commune.found()
    commune.log_in()
    desk.stations[1].stop()
    assert (desk.station_dir(1) / "local.db").exists()
    desk.start_station(1)  # it would ask again only after a while
    desk.stations[1].wait_line("PAIRING CODE")
    desk.press(1, "alert1")
    commune.pair(1, "Trạm 1")  # while it sounds, which ends in its own time
    (station,) = commune.admin.get("/api/stations")["items"]
    rows = wait_for(lambda: len(rows := [a for a in commune.admin.get("/api/airings", station=station["id"], **EVER)["items"]
                                         if a["receipt"]]) == 2 and rows, 15)
    assert {(row["outcome"], row["class"], row["title"]) for row in rows} == {
        ("played", "emergency", "Nút khẩn 1 bấm tại trạm, trước khi ghép")}
    for row in rows:
        detail = commune.admin.get(f"/api/airings/{row['id']}", planned_start=row["planned_start"])
        assert [(one["signature"], one["counts"]) for one in detail["receipts"]] == [("good", True)]
    assert set_aside(desk) == []
    assert "on" not in (desk.station_dir(1) / "board.state").read_text().split("amplifier")[1].split()[0]
    assert not (desk.station_dir(1) / "local.db").exists()
