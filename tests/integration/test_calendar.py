"""The calendar through a real controller: rules that change, holidays by name, minutes of a year, what goes out as
iCalendar read by another program, and hostile files that come in."""

import datetime
import socket
import threading
import time

import pytest
import vobject
from client import Problem
from commune import SPEECH, Commune
from conftest import BUILD
from desk import Desk
from paper_station import PaperStation

MIB = 1024 * 1024
GROWTH_KIB = 96 * 1024  # of the controller over all hostile files; one alone is a MiB of text


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("calendar")) as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        made.bulletin = made.speak_bulletin("Bản tin, sáng; xã", "Xin chào bà con.")["id"]
        yield made


VIETNAM = datetime.timezone(datetime.timedelta(hours=7))


def day(days, hour):
    """An instant so many days after today, at an hour; both in Vietnam, where it is tomorrow from 17:00 UTC on."""
    date = datetime.datetime.now(VIETNAM).date() + datetime.timedelta(days=days)
    return f"{date.isoformat()}T{hour:02}:00:00+07:00"


def instants(items):
    return [datetime.datetime.fromisoformat(one.replace("Z", "+00:00")) for one in items]


def occurrences(commune, broadcast, days):
    found = commune.operator.get(f"/api/broadcasts/{broadcast}/occurrences", from_=day(0, 0), to=day(days, 0))["items"]
    return found, instants(one["start"] for one in found if one["plays"])


def change(commune, broadcast, **body):
    return commune.operator.call("PATCH", f"/api/broadcasts/{broadcast}", body, {"Idempotency-Key": f"k{time.time_ns()}"})


def accept(commune, area, name):
    station = PaperStation(commune.desk.link)
    station.announce()
    return commune.admin.post(f"/api/enrolments/{station.code}", {"area": commune.memory[area], "name": name})["id"]


def test_a_series_changes_its_holidays_and_says_them_by_name(commune):
    tomorrow = day(1, 17)
    commune.admin.call("PUT", "/api/holidays/hoi", {"name_vi": "Lễ hội", "name_en": "Feasts", "rows": []})
    year, feast = day(5, 0)[:4], day(5, 0)[:10]
    listed = commune.admin.call("PUT", f"/api/holidays/hoi/years/{year}", {"days": [
        {"date": feast, "name_vi": "Hội làng", "name_en": "Village feast"}]})
    assert [one["from_year"] for one in listed["rows"]] == [int(year)]
    rule = {"kind": "rule", "start": tomorrow, "rrule": "FREQ=DAILY;COUNT=60"}
    made = commune.broadcast(commune.bulletin, rule)["id"]
    place = accept(commune, "commune", "Trạm xã")
    said = change(commune, made, scope="following", recurrence_id=day(3, 17),
                  when={**rule, "start": day(3, 17), "holidays": {"calendar": "hoi", "mode": "except"}})
    assert said["id"] == made and said["later"][0]["when"]["holidays"]["calendar"] == "hoi"
    skipped = [one for one in occurrences(commune, made, 10)[0] if not one["plays"]]
    assert [(one["start"][:10], one["holiday"]) for one in skipped] == [(feast, "Village feast")]
    silent = commune.operator.get(f"/api/stations/{place}/agenda", from_=day(5, 0), to=day(6, 0))["silent"]
    assert [(one["why"]["code"], "Hội làng" in one["why"]["vi"], "Village feast" in one["why"]["en"])
            for one in silent] == [("holiday", True, True)]
    check = commune.operator.post("/api/broadcasts/check", {
        "bulletin": commune.bulletin, "area": commune.memory["commune"],
        "targets": [{"kind": "area", "id": commune.memory["commune"]}],
        "when": {**rule, "start": day(2, 9), "holidays": {"calendar": "hoi", "mode": "except"}}})
    assert [(one["code"], "Village feast" in one["en"]) for one in check["skipped"]] == [("holiday", True)]
    with pytest.raises(Problem) as used:
        commune.admin.call("DELETE", "/api/holidays/hoi")
    assert used.value.slug == "holidays-in-use"


def test_a_lunar_rule_is_made_and_changed(commune):
    lunar = {"kind": "rule", "start": day(1, 6), "lunar": {"days": [1, 15]}}
    made = commune.broadcast(commune.bulletin, lunar)
    assert made["when"]["lunar"] == {"days": [1, 15], "leap": True}
    first = made["next_start"]
    said = change(commune, made["id"], scope="following", recurrence_id=first,
                  when={"kind": "rule", "start": first, "lunar": {"days": [1, -1], "months": [1, 12], "leap": False}})
    assert said["later"][0]["when"]["lunar"] == {"days": [1, -1], "months": [1, 12], "leap": False}


def test_minutes_of_next_year_refuse_an_order_and_a_change(commune):
    policy = f"/api/areas/{commune.memory['village']}/policy"
    commune.admin.call("PUT", policy, {"day_min": 1})
    village = [{"kind": "area", "id": commune.memory["village"]}]
    accept(commune, "village", "Trạm thôn")
    speech = commune.speak_bulletin("Bản tin, sáng; xã", SPEECH, commune.desk.place / "long.wav")
    fill = {"count": int(60000 / speech["duration_ms"]), "gap_s": 0}
    assert fill["count"] >= 1
    commune.broadcast(speech["id"], {"kind": "once", "at": day(200, 7)}, village, repeat=fill)
    daily = {"kind": "daily", "at": day(30, 12)}
    with pytest.raises(Problem) as refused:
        commune.broadcast(speech["id"], daily, village)
    text = refused.value.document["errors"][0]["detail"]
    assert refused.value.slug == "policy" and "of at most 1:00" in text and "The nearest time that fits" in text
    early = commune.broadcast(speech["id"], {**daily, "until": day(190, 12)[:10]}, village)
    with pytest.raises(Problem) as changed:
        change(commune, early["id"], scope="following", recurrence_id=day(40, 12), when={**daily, "at": day(40, 12)})
    assert changed.value.slug == "policy"
    commune.admin.call("PUT", policy, {})


def test_another_program_reads_the_calendar_and_finds_the_same_starts(commune):
    area = commune.memory["commune"]
    status, headers, text = commune.operator.raw("GET", f"/api/areas/{area}/calendar.ics")
    assert status == 200 and headers["Content-Type"].startswith("text/calendar")
    assert all(len(line) <= 75 for line in text.split(b"\r\n")) and b"\n" not in text.replace(b"\r\n", b"")
    calendar = vobject.readOne(text.decode())
    until = instants([day(50, 0)])[0]
    found = {}
    for event in calendar.vevent_list:
        identity = event.uid.value.split("@")[0].rsplit("-", 1)[0]
        moved = hasattr(event, "recurrence_id")
        rules = None if moved else event.getrruleset(addRDate=True)
        starts = [event.dtstart.value] if rules is None else list(rules)
        found.setdefault(identity, set()).update(at for at in starts if at < until)
        assert event.summary.value == "Bản tin, sáng; xã"
    for broadcast in commune.operator.get("/api/broadcasts", area=area)["items"]:
        _, starts = occurrences(commune, broadcast["id"], 50)
        assert found.get(broadcast["id"], set()) == set(starts), broadcast["when"]


def rss_kib(commune):
    status = open(f"/proc/{commune.desk.controller.pid}/status").read()
    return int(status.split("VmRSS:")[1].split()[0])


def event(*lines):
    return "\r\n".join(["BEGIN:VEVENT", "UID:x", "SUMMARY:x", "DTSTART:20300101T100000Z", *lines, "END:VEVENT", ""])


def file_of(body):
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + body + "END:VCALENDAR\r\n").encode()


HOSTILE = {  # name: (body, statuses)
    "nested": (file_of("BEGIN:VEVENT\r\n" * 10000 + "END:VEVENT\r\n" * 10000), (413,)),
    "never closed": (file_of("BEGIN:VALARM\r\n" * 60000), (413,)),
    "a line folded to the end": (file_of(event("DESCRIPTION:" + "\r\n ".join(["a" * 70] * 13000))), (200, 413)),
    "one byte in each fold": (file_of(event("DESCRIPTION:" + "\r\n a" * 200000)), (413,)),
    "10,000 extra dates": (file_of(event("RDATE:" + ",".join(["20300102T100000Z"] * 10000))), (200,)),
    "60,000 extra dates": (file_of(event("RDATE:" + ",".join(["20300102T100000Z"] * 60000))), (200, 413)),
    "rules that explode": (file_of(event("RRULE:FREQ=SECONDLY;BYHOUR=" + ",".join(map(str, range(24)))) * 900), (200,)),
    "rules of a billion": (file_of(event("RRULE:FREQ=DAILY;COUNT=1000000000") * 900), (200,)),
    "rules that never happen": (file_of(event("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30") * 900), (200,)),
    "UTF-16": ("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".encode("utf-16"), (422,)),
    "Latin-1": (b"BEGIN:VCALENDAR\r\nX-A:\xe9\r\nEND:VCALENDAR\r\n", (422,)),
    "NULs": (b"BEGIN:VCALENDAR\r\n" + bytes(1000) + b"END:VCALENDAR\r\n", (422,)),
    "a picture": (bytes(range(256)) * 1000, (422,)),
    "2 MiB": (b"BEGIN:VCALENDAR\r\n" + b"X-A:" + b"a" * 2 * MIB, (413,)),
}


def test_hostile_calendars_are_refused_and_memory_stays(commune):
    address = f"/api/areas/{commune.memory['commune']}/calendar.ics"
    kind = {"Content-Type": "text/calendar"}
    commune.operator.raw("POST", address, file_of(event("RDATE:20300102T100000Z")), kind)
    before = rss_kib(commune)
    stored = len(commune.operator.get("/api/broadcasts", limit=200)["items"])
    for name, (body, statuses) in HOSTILE.items():
        status, headers, answer = commune.operator.raw("POST", address, body, kind)
        assert status in statuses, (name, status, answer[:300])
        if status >= 400:
            assert headers["Content-Type"] == "application/problem+json", name
    assert rss_kib(commune) - before < GROWTH_KIB
    assert len(commune.operator.get("/api/broadcasts", limit=200)["items"]) == stored


def test_a_hundred_mebibytes_are_refused_by_their_announcement(commune):
    host, port = commune.operator.address.split(":")
    before = rss_kib(commune)
    with socket.create_connection((host, int(port)), timeout=20) as wire:
        wire.sendall((f"POST /api/areas/{commune.memory['commune']}/calendar.ics HTTP/1.1\r\nHost: {host}\r\nX-Loa: 1\r\n"
                      f"Cookie: {commune.operator.cookie}\r\nContent-Type: text/calendar\r\n"
                      f"Content-Length: {100 * MIB}\r\n\r\nBEGIN:VCALENDAR\r\n").encode())
        wire.sendall(b"X" * 2 * MIB)
        answer = wire.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413"), answer[:200]
    assert rss_kib(commune) - before < 8 * 1024


def orders_that_meet(commune, days):
    """One that asks to be dropped when a higher rank comes in, and one that comes in while it sounds."""
    half = max(1, commune.operator.get(f"/api/bulletins/{commune.bulletin}")["duration_ms"] // 2000)
    own = commune.memory["commune"]
    order = {"bulletin": commune.bulletin, "area": own, "targets": [{"kind": "area", "id": own}]}
    first, second = day(days, 10), day(days, 10).replace(":00:00+", f":00:{half:02}+")
    return ({**order, "when": {"kind": "once", "at": first}, "on_preempt": "drop"},
            {**order, "when": {"kind": "once", "at": second}, "class": "priority"})


def test_what_falls_silent_is_confirmed_and_told_to_its_owner(commune):
    accept(commune, "commune", "Trạm bị lấn")
    loses, wins = orders_that_meet(commune, 20)
    loser = commune.operator.post("/api/broadcasts", loses)["id"]
    asked = commune.admin.post("/api/broadcasts/check", wins)
    with pytest.raises(Problem) as refused:
        commune.admin.post("/api/broadcasts", wins)
    said = refused.value.document
    assert (refused.value.status, refused.value.slug) == (409, "clash-unconfirmed")
    assert [(one["broadcast"], one["outcome"], one["starts"]) for one in said["losses"]] == [(loser, "partial", 1)]
    assert (asked["losses_total"], asked["confirm"]) == (1, said["confirm"])
    assert said["errors"][0]["pointer"] == "/confirm" and "Bản tin, sáng; xã" in said["errors"][0]["detail"]
    winner = commune.admin.post("/api/broadcasts", {**wins, "confirm": said["confirm"]})["id"]
    waiting = {kind["kind"]: kind["items"] for kind in commune.operator.get("/api/inbox")["kinds"]}["displaced"]
    assert [(one["id"], one["object"]["displaced_by"]) for one in waiting] == [(loser, winner)]
    verbs = [(one["verb"], one["object"]) for one in commune.admin.get("/api/audit", verb="broadcast")["items"]]
    assert ("broadcast.displaced", loser) in verbs and ("broadcast.displace", winner) in verbs
    commune.operator.post(f"/api/broadcasts/{loser}/losses/{winner}/seen", {})
    assert {kind["kind"]: kind["items"] for kind in commune.operator.get("/api/inbox")["kinds"]}["displaced"] == []


def test_two_orders_at_the_same_moment_see_each_other(commune):
    orders, answers = orders_that_meet(commune, 21), []

    def send(client, order):
        try:
            client.post("/api/broadcasts", order)
            answers.append(201)
        except Problem as problem:
            answers.append(problem.status)

    threads = [threading.Thread(target=send, args=pair) for pair in zip((commune.operator, commune.admin), orders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409]


def test_a_calendar_program_reads_by_an_address_that_can_be_taken_away(commune):
    stranger = commune.desk.client()
    own, identity = commune.memory["commune"], commune.operator.get("/api/me")["id"]

    def made(key):
        return commune.operator.call("POST", "/api/me/calendar-links", {"area": own, "name": "Điện thoại"}, {"Idempotency-Key": key})

    def status(link):
        return stranger.raw("GET", link["path"])[0]

    lost, link, second = made("first"), made("first"), made("second")
    assert (status(lost), lost["id"]) == (404, link["id"])  # its answer was lost: the second took its place
    commune.broadcast(commune.bulletin, {"kind": "once", "at": day(30, 9)})
    code, headers, content = stranger.raw("GET", link["path"])
    assert (code, headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    events = [one.summary.value for one in vobject.readOne(content.decode()).vevent_list]
    assert "Bản tin, sáng; xã" in events
    secret = link["path"].split("/")[3]
    assert stranger.raw("GET", f"/api/areas/{own}/calendar.ics", None, {"Authorization": f"Bearer {secret}"})[0] == 401
    listed = commune.operator.get("/api/me/calendar-links")["items"]
    assert {one["id"] for one in listed} == {link["id"], second["id"]} and secret not in str(listed)
    assert [bool(one["used_at"]) for one in listed if one["id"] == link["id"]] == [True]
    with pytest.raises(Problem) as foreign:
        commune.admin.delete(f"/api/me/calendar-links/{link['id']}")
    assert foreign.value.status == 404
    with pytest.raises(Problem) as beyond:
        commune.operator.post("/api/me/calendar-links", {"area": commune.memory["province"], "name": "x"})
    assert beyond.value.status in (403, 404)
    commune.operator.delete(f"/api/me/calendar-links/{link['id']}")
    assert (status(link), status(second)) == (404, 200)
    grants = [{"role": one["role"], "area": one["area"]} for one in commune.operator.get("/api/me")["grants"]]
    elsewhere = commune.admin.post("/api/areas", {"parent": commune.memory["province"], "name": "Xã khác", "kind": "commune"})
    commune.admin.call("PATCH", f"/api/users/{identity}", {"grants": [{"role": "viewer", "area": elsewhere["id"]}]})
    assert status(second) == 404
    commune.admin.call("PATCH", f"/api/users/{identity}", {"grants": grants})
    assert status(second) == 200
    verbs = {one["verb"] for one in commune.admin.get("/api/audit", verb="calendar_link")["items"]}
    assert verbs == {"calendar_link.create", "calendar_link.delete"}
