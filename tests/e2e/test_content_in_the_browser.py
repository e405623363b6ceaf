"""The library, approvals, clashes, templates and undo, in the real browser against real daemons: what the page
says happened is what the station's card let out and what the log holds."""

import json
import os
import pathlib
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("LOA_BUILD", ROOT / "build" / "dev"))
sys.path[:0] = [str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]

import sound  # noqa: E402
from commune import Commune  # noqa: E402
from desk import Desk, speak  # noqa: E402

VIETNAM = timezone(timedelta(hours=7))


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    place = tmp_path_factory.mktemp("content")
    shots = pathlib.Path(os.environ.get("LOA_SHOTS", place))
    with Desk(BUILD, place, panel=ROOT / "web-admin" / "dist") as desk:
        desk.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        desk.make_cards(2)
        for number in (1, 2):
            desk.start_station(number)
            commune.pair(number, f"Trạm {number}")
        commune.wait_online(2)
        made = commune.speak_bulletin("Họp thôn tối nay")["id"]
        tomorrow = datetime.now(VIETNAM) + timedelta(days=1)
        taken = tomorrow.replace(hour=11, minute=30, second=0, microsecond=0)
        commune.broadcast(made, {"kind": "once", "at": taken.isoformat()})
        last = tomorrow + timedelta(days=3)
        wav = place / "new.wav"
        speak("Mời các gia đình đưa trẻ đi tiêm phòng.", wav)
        done = subprocess.run(["node", str(ROOT / "tests/e2e/content.mjs"), json.dumps({
            "url": f"http://{desk.people}/", "wav": str(wav), "clash": "11:30", "date": tomorrow.strftime("%d/%m/%Y"),
            "until": last.strftime("%d/%m/%Y"),
            "shots": str(shots),
            **{login: {"login": login, "password": commune.memory["accounts"][login]} for login in ("operator", "leader")}})],
            capture_output=True, text=True, timeout=180, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        yield {"commune": commune, "desk": desk, "said": json.loads(done.stdout.splitlines()[-1]), "last": last}


def test_undo_says_what_the_cards_and_the_log_say(used):
    undo, commune = used["said"]["undo"], used["commune"]
    assert (undo["unsure"], undo["played"]) == ("0", "0"), undo
    assert "Phát lúc" not in undo["beside"], "what was taken back is still announced"
    airings = commune.admin.get("/api/airings", outcome="cancelled", limit=50)["items"]
    assert len(airings) == 2
    for number in (1, 2):
        recording = used["desk"].recording(number)
        assert not recording.exists() or sound.level_dbfs(sound.load(recording)[1]) < -60


def test_a_clash_is_told_and_one_tap_finds_free_air(used):
    assert "Họp thôn tối nay" in used["said"]["clash"] or "Bản tin này" in used["said"]["clash"]
    assert used["said"]["moved"] != "11:30"
    assert used["said"]["template"] == {"time": used["said"]["moved"], "priority": True}


def test_what_was_approved_in_the_panel_airs_as_it_was_ordered(used):
    assert "ưu tiên" in used["said"]["covers"]
    (order,) = [one for one in used["commune"].operator.get("/api/broadcasts")["items"] if one["title"].startswith("Tiêm phòng")]
    assert (order["title"], order["state"], order["class"]) == ("Tiêm phòng cho trẻ, 8 giờ", "active", "priority")


def test_what_was_returned_is_told_corrected_and_sent_again(used):
    said, commune = used["said"], used["commune"]
    assert "Thiếu giờ tiêm" in said["told"] and "Bà Lan" in said["told"] and "Thiếu giờ tiêm" in said["reason"]
    assert said["untold"] == 0
    (order,) = [one for one in commune.operator.get("/api/broadcasts")["items"] if one["title"].startswith("Tiêm phòng")]
    bulletin = commune.operator.get(f"/api/bulletins/{order['bulletin']}")
    assert [one["title"] for one in bulletin["fallback"]] == ["Họp thôn tối nay"], "the stand-in was lost on the way"
    versions = commune.operator.get(f"/api/bulletins/{order['bulletin']}/versions")["items"]
    assert versions[0]["state"] == "approved" and "rejected" in {one["state"] for one in versions[1:]}


def test_the_author_hears_the_new_sound_before_it_is_sent_again(used):
    assert used["said"]["heard"] > 0


def test_an_approved_bulletin_gets_another_stand_in_once_that_is_approved(used):
    said, commune = used["said"], used["commune"]
    assert "gửi duyệt" in said["standIn"] and "Bản 1" in said["meanwhile"] and said["still"] == 1
    assert "không có" in said["only"] and "Tiêm phòng cho trẻ, 8 giờ" in said["only"]
    assert "Tiêm phòng cho trẻ, 8 giờ" in said["standsIn"] and "chưa" not in said["standsIn"]
    (bulletin,) = [one for one in commune.operator.get("/api/bulletins")["items"] if one["title"] == "Họp thôn tối nay"]
    assert bulletin["airs"]["number"] == 3 and [one["title"] for one in bulletin["airs"]["fallback"]] == ["Tiêm phòng cho trẻ, 8 giờ"]


def test_a_validity_is_given_shown_and_shortened_in_the_area_s_days(used):
    said, commune, day = used["said"], used["commune"], used["last"].strftime("%d/%m/%Y")
    end = used["last"].replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert said["wrongEnd"]["kept"] == "1/1/2020" and any("đã qua" in text for text in said["wrongEnd"]["error"]), said["wrongEnd"]
    assert all(f"Hiệu lực đến hết {day}" in said[where] for where in ("sentence", "approverSees", "validity")), said
    for bulletin in commune.operator.get("/api/bulletins", airs="true")["items"]:
        assert datetime.fromisoformat(bulletin["airs"]["valid_until"].replace("Z", "+00:00")) == end, bulletin["title"]


def test_ending_sooner_is_at_once_and_a_longer_validity_can_be_dropped(used):
    said, commune = used["said"], used["commune"]
    assert "rút ngắn" in said["sooner"] and "gửi duyệt" in said["longer"]
    assert "rút ngắn hiệu lực" in said["steps"][-1] and said["validity"] in said["steps"][-1], said["steps"]
    assert "không giới hạn" in said["otherValidity"]
    assert said["reverted"] == ["approved", said["validity"]]
    acts = [row["verb"] for row in commune.admin.get("/api/audit", verb="bulletin")["items"]]
    assert "bulletin.shorten" in acts and "bulletin.revert" in acts


def test_the_pages_are_accessible_quiet_and_narrow_enough(used):
    assert used["said"]["axe"] == []
    assert used["said"]["csp"] == []
    assert used["said"]["errors"] == []
    assert used["said"]["wide"] == []
