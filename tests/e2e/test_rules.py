"""The rules of a broadcast in the real browser against a real controller: what people set is what is stored, what they
are told is what the controller says, and what hurts is asked before or can be taken back."""

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

from commune import Commune  # noqa: E402
from desk import Desk, speak  # noqa: E402

VIETNAM = timezone(timedelta(hours=7))
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//elsewhere//VI
BEGIN:VEVENT
UID:monday@elsewhere
DTSTART;TZID=Asia/Ho_Chi_Minh:{monday}T060000
RRULE:FREQ=WEEKLY;BYDAY=MO
SUMMARY:Bản tin đầu tuần
END:VEVENT
BEGIN:VEVENT
UID:day@elsewhere
DTSTART;VALUE=DATE:{monday}
SUMMARY:Ngày hội
END:VEVENT
BEGIN:VEVENT
UID:night@elsewhere
DTSTART;TZID=Asia/Ho_Chi_Minh:{monday}T233000
SUMMARY:Phát đêm
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def next_weekday(day, weekday):
    return day + timedelta(days=(weekday - day.weekday()) % 7 or 7)


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    place = tmp_path_factory.mktemp("rules")
    with Desk(BUILD, place, panel=ROOT / "web-admin" / "dist") as desk:
        desk.start_controller()
        one = Commune(desk)
        one.found()
        one.log_in()
        desk.make_cards(1)
        desk.start_station(1)
        one.pair(1, "Trạm 1", one.memory["village"])
        one.admin.call("PUT", f"/api/areas/{one.memory['commune']}/policy", {"quiet": [{"from": "22:00", "until": "04:45"}]})
        elsewhere = one.admin.post("/api/areas", {"parent": one.memory["province"], "name": "Xã Phú Lâm", "kind": "commune"})["id"]
        one.operator.post("/api/groups", {"area": one.memory["commune"], "name": "Ven sông", "members": [
            {"kind": "area", "id": one.memory["village"]}, {"kind": "area", "id": elsewhere}]})
        meeting = one.speak_bulletin("Họp thôn tối nay")["id"]
        doctor = one.speak_bulletin("Tiêm phòng")["id"]
        speak("Nhạc hiệu.", place / "tune.wav")
        tune = one.upload_bulletin("Nhạc hiệu xã", place / "tune.wav", "audio/wav")["id"]
        one.operator.call("PUT", f"/api/areas/{one.memory['commune']}/lead-in-tune", {"bulletin": tune})
        # A Monday: the day that a phone shows first of a week to come.
        one.day = next_weekday(datetime.now(VIETNAM).date() + timedelta(days=7), 0)
        start = datetime(one.day.year, one.day.month, one.day.day, 17, 0, tzinfo=VIETNAM).isoformat()
        one.daily = one.broadcast(meeting, {"kind": "daily", "at": start})["id"]
        one.single = one.broadcast(doctor, {"kind": "once", "at": start})["id"]
        # The leader's, and it cannot wait: what comes at its minute silences it.
        one.hasty = one.leader.post("/api/broadcasts", {
            "bulletin": doctor, "area": one.memory["commune"], "targets": [{"kind": "area", "id": one.memory["commune"]}],
            "when": {"kind": "once", "at": start.replace("T17:00", "T18:30")}, "tolerance_s": 0})["id"]
        yield one


def use(commune, flow, login="operator", **more):
    place = commune.desk.place
    shots = pathlib.Path(os.environ.get("LOA_SHOTS", place))
    done = subprocess.run(["node", str(ROOT / "tests/e2e/rules.mjs"), json.dumps({
        "flow": flow, "url": f"http://{commune.desk.people}/", "shots": str(shots), "date": commune.day.strftime("%d/%m/%Y"),
        "wav": str(place / "source.wav"), "person": {"login": login, "password": commune.memory["accounts"][login]},
        **more})], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert (said["axe"], said["csp"], said["errors"], said["wide"]) == ([], [], [], [])
    return said


def test_options_are_stored_as_they_were_said_and_a_breach_is_mended_in_one_tap(commune):
    said = use(commune, "order")
    assert "Xã Phú Lâm" in said["waiting"]
    assert "22:00–04:45" in said["breach"] and "giờ yên tĩnh" in said["breach"]
    assert said["moved"] < "22:00" and "mùng 1, rằm và cuối tháng âm lịch" in said["sentence"]
    order = commune.operator.get(f"/api/broadcasts/{said['broadcast']}")
    assert order["when"]["lunar"]["days"] == [1, 15, -1] or sorted(order["when"]["lunar"]["days"]) == [-1, 1, 15]
    assert order["when"]["holidays"] == {"calendar": "vn", "mode": "except"}
    assert (order["repeat"], order["tolerance_s"]) == ({"count": 3, "gap_s": 600}, 1800)
    assert [target["kind"] for target in order["targets"]] == ["group"]
    local = datetime.fromisoformat(order["next_start"].replace("Z", "+00:00")).astimezone(VIETNAM)
    assert local.strftime("%H:%M") == said["moved"] and local.strftime("%d/%m/%Y") in said["next"] + said["sentence"]


def test_a_calendar_of_holidays_has_a_year_of_its_own_and_can_be_brought_back(commune):
    festival = commune.day + timedelta(days=1)
    said = use(commune, "holidays", "admin", lines=f"{festival:%d/%m} Hội làng")
    assert [festival.strftime("%d/%m/%Y") in line and "Hội làng" in line for line in said["dates"]] == [True]
    (calendar,) = [one for one in commune.admin.get("/api/holidays", year=festival.year)["items"] if one["id"] == "le-hoi-cua-xa"]
    assert [(one["date"], one["name"]) for one in calendar["dates"]] == [(festival.isoformat(), "Hội làng")]


def test_a_series_changes_its_time_its_days_and_its_place_among_equals(commune):
    exception, festival = next_weekday(commune.day, 2), commune.day + timedelta(days=1)
    commune.admin.call("PUT", "/api/holidays/le-hoi-cua-xa", {"name_vi": "Lễ hội của xã", "name_en": "Feasts", "rows": [
        {"name_vi": "Hội làng", "name_en": "Feast", "month": festival.month, "day": festival.day}]})
    said = use(commune, "change", exception=exception.strftime("%d/%m/%Y"))
    assert "giờ yên tĩnh" in said["breach"] and "Họp thôn tối nay" in said["changed"]
    assert "Họp thôn tối nay" in said["restored"]
    assert "Dời đến ngay sau" in said["before"] and "Phát đúng giờ" in said["after"]
    days = commune.operator.get(f"/api/areas/{commune.memory['commune']}/precedence")["days"]
    assert [(day["date"], [one["id"] for one in day["broadcasts"]]) for day in days] == [
        (commune.day.isoformat(), [commune.single, commune.daily])]
    assert "Hằng ngày" in said["confirm"] and "nghỉ ngày lễ" in said["confirm"]
    assert "Tiêm phòng" in said["verdict"], "the verdict forgot what the same time holds"
    assert "Hội làng" in said["skipped"] and festival.strftime("%d/%m/%Y") in said["skipped"]
    assert any("Hội làng" in line and festival.strftime("%d/%m/%Y") in line for line in said["dates"])
    assert "Họp thôn tối nay" in use(commune, "inUse", "admin")["used"]
    span = {"from_": f"{commune.day}T00:00:00+07:00", "to": f"{commune.day + timedelta(days=9)}T00:00:00+07:00"}
    span = {key.rstrip("_"): text for key, text in span.items()}
    listed = commune.operator.get(f"/api/broadcasts/{commune.daily}/occurrences", **span)["items"]
    plays = [datetime.fromisoformat(one["start"].replace("Z", "+00:00")).astimezone(VIETNAM) for one in listed if one["plays"]]
    assert {play.strftime("%H:%M") for play in plays} == {"17:00"}, "the undone move left a trace"
    assert {play.weekday() for play in plays} <= {0, 1, 2, 3, 4}
    assert {exception, festival}.isdisjoint({play.date() for play in plays}) and commune.day in {play.date() for play in plays}


def test_what_would_silence_another_is_asked_and_its_owner_is_told(commune):
    said = use(commune, "losses")
    assert said["focus"] == "loss-keep" and said["kept"] == 0
    assert "Tiêm phòng" in said["asked"] and f"18:30 {commune.day:%d/%m/%Y}" in said["asked"] and "1 trạm" in said["asked"]
    assert said["free"] != "18:30"
    order = commune.operator.get(f"/api/broadcasts/{said['broadcast']}")
    assert order["title"] == "Tin bão" and "18:30" in datetime.fromisoformat(order["next_start"].replace("Z", "+00:00")).astimezone(VIETNAM).isoformat()
    told = use(commune, "displaced", "leader")["told"]
    assert "Tiêm phòng" in told and "Tin bão" in told and "Ông Minh" in told
    assert [row for one in commune.leader.get("/api/inbox")["kinds"] if one["kind"] == "displaced" for row in one["items"]] == []


def test_a_programme_is_put_together_and_a_calendar_file_plays_it(commune):
    monday = next_weekday(commune.day, 0)
    ics = commune.desk.place / "elsewhere.ics"
    ics.write_bytes(ICS.format(monday=monday.strftime("%Y%m%d")).encode())
    said = use(commune, "programme", ics=str(ics))
    assert said["items"] == ["tune", "bulletin", "bulletin"] and said["length"] > 10000
    made = commune.operator.get("/api/programmes")["items"][0]
    assert [(item["kind"], item["gain_db"]) for item in made["items"]] == [("tune", 0), ("bulletin", 0), ("bulletin", -6)]
    assert sum(item["duration_ms"] for item in made["items"]) == said["length"]
    (template,) = commune.operator.get("/api/programme-templates", area=commune.memory["commune"])["items"]
    assert [item["bulletin"] is None for item in template["items"]] == [True, False, True]
    assert "BEGIN:VCALENDAR" in said["calendar"] and f"{commune.single}@loa" in said["calendar"]
    assert f"{commune.single}@loa" in said["followed"] and said["ended"] in (401, 403, 404), "an ended address still answers"
    assert (said["understood"], said["stored"]) == (["2", "1"], "1")
    assert any("Phát đêm" in event and "giờ yên tĩnh" in event for event in said["events"])
    assert any(one["programme"] == made["id"] and one["when"]["rrule"] == "FREQ=WEEKLY;BYDAY=MO"
               for one in commune.operator.get("/api/broadcasts")["items"] if one["when"]["kind"] == "rule")


def test_how_a_series_sounds_is_said_and_changed_from_one_occurrence_on(commune):
    first = datetime(commune.day.year, commune.day.month, commune.day.day, 9, 0, tzinfo=VIETNAM)
    turn = first + timedelta(days=7)
    series = commune.broadcast(commune.speak_bulletin("Nước sạch")["id"], {"kind": "daily", "at": first.isoformat()}, gain_db=-3)["id"]
    said = use(commune, "manner", date=turn.strftime("%d/%m/%Y"))
    assert [text.split(": ", 1)[1] for text in said["before"]][1:4] == ["Chờ tối đa 10 phút", "1 lượt", "Phát tiếp phần còn lại"]
    assert said["before"][0] == "Giữ như cũ: Nhỏ hơn 3 dB" and all(text.startswith("Giữ như cũ: ") for text in said["before"])
    assert [text.split(": ", 1)[1] for text in said["after"]][2:4] == ["3 lượt", "Phát lại từ đầu"] and "10 phút" in said["gap"]
    assert "Nước sạch" in said["changed"] and said["same"] == "Chưa có gì thay đổi."
    listed = commune.operator.get(f"/api/broadcasts/{series}/occurrences", **{
        "from": first.isoformat(), "to": (turn + timedelta(days=7)).isoformat()})["items"]
    manner = [(one["repeat"]["count"], one["repeat"]["gap_s"], one["on_preempt"], one["filler"], one["gain_db"], one["tolerance_s"]) for one in listed]
    assert manner == [(1, 0, "resume", False, -3, 600)] * 7 + [(3, 600, "restart", False, -3, 600)] * 7
