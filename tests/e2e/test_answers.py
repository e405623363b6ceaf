"""The panel in front of answers that are late, wrong, refused or missing: nothing old stands under a new name, nothing is
asked without end, and no act is lost or done because of it. No controller is needed; see answers.mjs."""

import json
import os
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
PANEL = HERE.parent.parent / "web-admin" / "dist"


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    shots = pathlib.Path(os.environ.get("LOA_SHOTS", tmp_path_factory.mktemp("answers")))
    done = subprocess.run(["node", str(HERE / "answers.mjs"), json.dumps({"url": "http://127.0.0.1/", "panel": str(PANEL), "accounts": {}, "shots": str(shots)})],
                          capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_seen_is_only_what_was_in_the_list(seen):
    assert seen["saw"]["seen"] <= seen["saw"]["looked"]  # what failed while the page stood open is told next time


def test_all_sounds_of_a_programme_can_be_heard(seen):
    assert seen["saw"]["sounds"] == ["Bản tin x1", "Bản tin x2"]


def test_the_hour_is_the_servers_when_the_phone_sets_its_clock(seen):
    assert seen["saw"]["clock"]["fits"], seen["saw"]["clock"]


def test_a_screen_that_does_not_come_disturbs_no_other(seen):
    assert seen["saw"]["wentOn"] == {"refused": 0, "home": 1}


def test_a_long_list_stays_as_long_when_a_station_speaks(seen):
    assert seen["saw"]["rows"] == 100


def test_an_empty_search_shows_all_again(seen):
    assert seen["saw"]["search"] == ""


def test_nothing_of_another_month_or_week_stands_under_a_new_one(seen):
    assert [seen["saw"][one] for one in ("month", "week", "paper")] == [0, 0, 0]


def test_a_ticking_clock_asks_for_nothing(seen):
    assert seen["saw"]["quiet"] == {"home": 1, "holidays": 1}


def test_a_changed_date_keeps_the_focus(seen):
    assert seen["saw"]["focus"] == "log-to"


def test_an_emergency_needs_no_list_of_places(seen):
    assert seen["saw"]["told"] == 1
    assert (seen["saw"]["unheld"], seen["saw"]["held"]) == (0, 1)


def test_what_could_not_be_heard_is_not_approved(seen):
    assert seen["saw"]["unheard"] == "true"


def test_what_was_not_stored_is_not_shown_as_chosen(seen):
    assert seen["saw"]["legacy"] == "none"


def test_another_unit_gets_words_and_sound_and_no_places(seen):
    assert seen["saw"]["unit"] == {"areas": ["a1", "a2"], "title": "Họp thôn", "everywhere": True}


def test_nothing_is_tried_again_without_a_pause(seen):
    assert seen["saw"]["posts"] <= 2
    assert seen["saw"]["unreadable"]["reads"] <= 2 and "Không đọc được" in seen["saw"]["unreadable"]["text"]


def test_who_was_logged_out_elsewhere_can_log_out(seen):
    assert seen["saw"]["person"] is None


def test_the_pages_kept_their_rules(seen):
    assert (seen["csp"], [one for one in seen["errors"] if "status of 503" not in one]) == ([], [])
