"""A station that nobody has accepted says its pairing code through the horn, and stops once somebody has."""

import subprocess

import sound
from commune import Commune
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
