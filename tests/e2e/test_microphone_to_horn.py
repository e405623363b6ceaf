"""Speech goes into the browser's microphone and comes out of three sound cards at the second that was
chosen in the panel; the recordings are compared with what was said and with what was ordered.

As a province has it: HTTPS through the shipped nginx site under a name, with an authority made by `loa tls` that
browser and stations trust and nobody else does. In the long layer also plain HTTP on loopback, as in the demo.

getUserMedia is asked with echoCancellation, noiseSuppression and autoGainControl off (the panel's own
choice: horns want the voice as it is), so the microphone's WAV can be found again in the recording.
"""

import contextlib
import json
import math
import os
import pathlib
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import numpy
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("LOA_BUILD", ROOT / "build" / "dev"))
sys.path[:0] = [str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]

import sound  # noqa: E402
from commune import SPEECH, Commune  # noqa: E402
from desk import Desk, speak  # noqa: E402
from evidence import hear  # noqa: E402
from proxy import NAME, Proxy  # noqa: E402

STATIONS = 3
VIETNAM = timezone(timedelta(hours=7))
AGAINST_CANONICAL, AGAINST_MICROPHONE = 0.98, 0.9
MAX_LAG_SHIFT_MS, SILENCE_DBFS = 5.0, -60.0


def way_in(desk, place, kind):
    """How people and stations reach the controller: gives what is to be closed, Chromium's order and its environment."""
    if kind == "http":
        return contextlib.nullcontext(), {"url": f"http://{desk.people}/"}, {}
    desk.front = Proxy(BUILD, place / "nginx", desk.people, desk.link)
    port = desk.front.address.rsplit(":", 1)[1]
    return desk.front, {"url": f"https://{NAME}:{port}/", "resolve": f"MAP {NAME} 127.0.0.1"}, {"HOME": str(place / "home")}


def trust(authority, home):
    """Puts the authority where Chromium on Linux looks for what a person has installed."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for words in (["-N", "--empty-password"], ["-A", "-n", "loa", "-t", "C,,", "-i", str(authority)]):
        subprocess.run(["certutil", "-d", f"sql:{store}", *words], check=True)


@pytest.fixture(scope="module", params=["https", "http"] if os.environ.get("LOA_LONG") else ["https"])
def aired(request, tmp_path_factory):
    """One bulletin from microphone to sound cards; gives what the checks need."""
    place = tmp_path_factory.mktemp("e2e")
    shots = pathlib.Path(os.environ["LOA_SHOTS"]) if "LOA_SHOTS" in os.environ else place
    with Desk(BUILD, place, panel=ROOT / "web-admin" / "dist") as desk, contextlib.ExitStack() as stack:
        front, order, environment = way_in(desk, place, request.param)
        stack.enter_context(front)
        if desk.front:
            trust(desk.front.authority, place / "home")
        desk.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        desk.make_cards(STATIONS)
        for number in range(1, STATIONS + 1):
            desk.start_station(number)
            commune.pair(number, f"Trạm {number}")
        commune.wait_online(STATIONS)

        microphone, seconds = microphone_file(place)
        at = soon(seconds + 45)
        done = subprocess.run(["node", str(ROOT / "tests/e2e/record.mjs"), json.dumps({
            **order, "microphone": str(microphone), "seconds": seconds, "title": "Họp thôn tối nay",
            "at": at.strftime("%H:%M:%S"), "date": at.strftime("%d/%m/%Y"), "shots": str(shots),
            **{login: {"login": login, "password": commune.memory["accounts"][login]} for login in ("operator", "leader")}})],
            capture_output=True, text=True, timeout=180, check=False, env={**os.environ, **environment})
        assert done.returncode == 0, done.stdout + done.stderr
        assert datetime.now(VIETNAM) < at, "approved too late to be ahead of its time"

        broadcast = commune.operator.get("/api/broadcasts")["items"][0]
        airings = commune.wait_receipts(broadcast["id"])
        canonical = place / "canonical.opus"
        canonical.write_bytes(commune.operator.raw("GET", f"/api/bulletins/{broadcast['bulletin']}/audio")[2])
        yield {"place": place, "kind": request.param, "sound": desk.sound, "commune": commune, "at": at, "airings": airings,
               "browser": json.loads(done.stdout.splitlines()[-1]), "microphone": microphone, "canonical": canonical}


def microphone_file(place):
    """Speech as a WAV that Chromium can loop, with a pause behind it; and how long to record."""
    speech, padded = place / "speech.wav", place / "microphone.wav"
    speak(SPEECH, speech)
    subprocess.run(["sox", str(speech), "-r", "48000", "-c", "1", "-b", "16", str(padded), "pad", "1", "3"], check=True)
    length = float(subprocess.run(["soxi", "-D", str(padded)], check=True, capture_output=True, text=True).stdout)
    return padded, math.ceil(length)


def soon(seconds_ahead):
    """The first tenth of a minute that is at least so far away, in the commune's own time. The page takes seconds, too."""
    at = datetime.now(VIETNAM).replace(microsecond=0) + timedelta(seconds=seconds_ahead)
    return at + timedelta(seconds=-at.second % 10)


def station_numbers(aired):
    return {aired["commune"].station_number(airing["station"]): airing for airing in aired["airings"]}


def test_every_station_says_played(aired):
    assert sorted(airing["outcome"] for airing in aired["airings"]) == ["played"] * STATIONS


def test_it_sounds_at_the_time_that_was_chosen(aired):
    reference = sound.decode(aired["canonical"])
    for number, airing in station_numbers(aired).items():
        assert datetime.fromisoformat(airing["planned_start"]) == aired["at"]
        found = hear(aired["sound"], number, reference, airing["planned_start"])
        assert found and found["correlation"] >= AGAINST_CANONICAL
        assert abs(found["start_error_ms"]) < 5
        assert found["max_lag_shift_ms"] <= MAX_LAG_SHIFT_MS


def test_nothing_but_silence_lies_outside_the_item(aired):
    reference = sound.decode(aired["canonical"])
    for number in station_numbers(aired):
        _, samples = sound.load(aired["sound"] / f"station-{number}.wav")
        found = sound.correlate(samples, reference)
        assert sound.silence_outside(samples, found.frame, found.frame + len(reference), SILENCE_DBFS)


def test_what_left_the_horn_is_what_was_said_into_the_microphone(aired):
    """The panel's recording may begin anywhere in Chromium's loop, so the speech itself is looked for."""
    speech = sound.decode(aired["place"] / "speech.wav")
    for number in station_numbers(aired):
        _, samples = sound.load(aired["sound"] / f"station-{number}.wav")
        found = sound.correlate(samples, speech)
        assert found.correlation >= AGAINST_MICROPHONE
        assert sound.max_lag_shift(samples, speech, found.frame) <= MAX_LAG_SHIFT_MS


def test_the_microphone_was_asked_for_the_voice_as_it_is(aired):
    audio = aired["browser"]["constraints"][0]["audio"]
    assert [audio[name] for name in ("echoCancellation", "noiseSuppression", "autoGainControl")] == [False] * 3


def test_the_page_was_what_the_browser_calls_secure(aired):
    assert aired["browser"]["secure"] == [f"{aired['kind']}: true"] * 2


def test_the_page_broke_no_policy_of_its_own(aired):
    assert aired["browser"]["csp"] == []
    assert aired["browser"]["errors"] == []


# --- controls: the same measurements on what must not pass ----------------------------------------


def test_control_another_speech_does_not_correlate(aired, tmp_path):
    speak("Đài tiếng nói Việt Nam, phát thanh từ Hà Nội, thủ đô nước Cộng hòa xã hội chủ nghĩa Việt Nam.", tmp_path / "other.wav")
    other = sound.decode(tmp_path / "other.wav")
    _, samples = sound.load(aired["sound"] / "station-1.wav")
    assert sound.correlate(samples, other).correlation < 0.5


def test_control_a_muted_recording_is_no_match(aired):
    _, samples = sound.load(aired["sound"] / "station-1.wav")
    assert sound.correlate(samples * 0, sound.decode(aired["canonical"])).frame is None


def test_control_a_second_voice_outside_the_item_is_heard(aired):
    reference = sound.decode(aired["canonical"])
    _, samples = sound.load(aired["sound"] / "station-1.wav")
    found = sound.correlate(samples, reference)
    disturbed = samples.copy()
    disturbed[max(int(found.frame) - 24000, 0):][:4800] += 0.01
    assert not sound.silence_outside(disturbed, found.frame, found.frame + len(reference), SILENCE_DBFS)


def test_control_a_gap_of_twenty_milliseconds_moves_the_lag(aired):
    reference = sound.decode(aired["canonical"])
    _, samples = sound.load(aired["sound"] / "station-1.wav")
    found = sound.correlate(samples, reference)
    middle = int(found.frame + len(reference) / 2)

    gapped = numpy.concatenate([samples[:middle], numpy.zeros((960, samples.shape[1])), samples[middle:]])
    assert sound.max_lag_shift(gapped, reference, found.frame) > MAX_LAG_SHIFT_MS
