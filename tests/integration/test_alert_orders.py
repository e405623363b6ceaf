"""Orders of emergencies, without a sound: who hears of them, in which order, and what is refused."""

import base64
import http.client
import json
import time

import pytest
from client import Problem
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for
from paper_station import PaperStation, open_envelope

COMMAND = "application/vnd.loa.command+json;v=1"


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("orders")) as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        made.here, made.there = paired(made, made.memory["commune"]), paired(made, made.memory["province"])
        bulletin = made.speak_bulletin("Lũ khẩn cấp", "Lũ về.")["id"]
        made.clip = made.leader.call("POST", "/api/alert-clips", {
            "area": made.memory["commune"], "bulletin": bulletin, "button": 3, "severity": 5})
        made.bulletin = bulletin
        yield made


def paired(commune, area):
    station = PaperStation(commune.desk.link)
    station.announce()
    commune.admin.post(f"/api/enrolments/{station.code}", {"area": area, "name": "Trạm giấy"})
    station.poll()
    return station


def issue(commune, person=None, **more):
    area = commune.memory["commune"]
    return (person or commune.operator).call("POST", "/api/alerts", {
        "area": area, "clip": commune.clip["id"], "targets": [{"kind": "area", "id": area}], **more})


def commands(station):
    """What is in force for a station, each proven by a key that the root grants."""
    status, _, answer = station.send("GET", "/commands")
    assert status == 200
    keys = station.root_keys()
    for envelope in answer["commands"]:
        assert envelope["payloadType"] == COMMAND
    return [json.loads(open_envelope(envelope, keys)) for envelope in answer["commands"]]


def streamed(station, count, seconds=5):
    """The first `count` events of the stream, as (event, data)."""
    path = station.prefix + "/events"
    connection = http.client.HTTPConnection(station.address, timeout=seconds)
    connection.request("GET", path, headers=station.sign("GET", path))
    answer, events, event = connection.getresponse(), [], None
    while len(events) < count:
        line = answer.readline().decode().rstrip("\n")
        if line.startswith("event: "):
            event = line[7:]
        elif line.startswith("data: "):
            events.append((event, json.loads(line[6:])))
    connection.close()
    return events


def test_only_stations_in_scope_hear_of_it_and_all_get_the_same_envelope(commune):
    second = paired(commune, commune.memory["village"])
    alert = issue(commune, every_minutes=30)
    heard = commands(commune.here)
    assert [c["id"] for c in heard] == [alert["id"]] == [c["id"] for c in commands(second)]
    assert commands(commune.there) == []
    command = heard[0]
    assert (command["kind"], command["every_us"], command["level"]) == ("alert", 1800 * 10**6, 1)
    assert command["expires_us"] - command["issued_us"] == 6 * 3600 * 10**6
    events = streamed(commune.here, 2)
    assert [kind for kind, _ in events] == ["hello", "command"]
    assert json.loads(base64.b64decode(events[1][1]["payload"])) == command
    rows = commune.airings(alert["id"])
    assert len(rows) == 2 and {row["class"] for row in rows} == {"emergency"}
    commune.admin.post(f"/api/stations/{second.id}/retire")


def test_a_group_sounds_where_it_was_accepted_and_its_end_is_heard_there_too(commune):
    admin, own = commune.admin, commune.memory["commune"]
    beside = admin.post("/api/areas", {"parent": commune.memory["province"], "name": "Xã bên", "kind": "commune"})["id"]
    far = paired(commune, beside)
    group = commune.operator.post("/api/groups", {"area": own, "name": "Dọc sông", "members": [
        {"kind": "area", "id": own}, {"kind": "area", "id": beside}]})
    everywhere = {"targets": [{"kind": "group", "id": group["id"]}]}
    quiet = issue(commune, **everywhere)
    assert quiet["progress"]["stations"] == 1 and commands(far) == []
    admin.post(f"/api/groups/{group['id']}/members/{beside}/accept", {})
    alert = issue(commune, **everywhere)
    assert alert["progress"]["stations"] == 2 and [c["id"] for c in commands(far)] == [alert["id"]]
    assert alert["id"] in {one["id"] for one in admin.get(f"/api/alerts?area={beside}")["items"]}
    admin.post(f"/api/groups/{group['id']}/members/{beside}/withdraw", {})
    commune.leader.call("POST", f"/api/alerts/{alert['id']}/cancel", {})
    assert [c["kind"] for c in commands(far)] == ["alert", "cancel"]
    with pytest.raises(Problem) as refused:
        issue(commune, targets=[{"kind": "group", "id": "0" * 16}])
    assert (refused.value.status, refused.value.slug) == (422, "invalid")
    admin.post(f"/api/stations/{far.id}/retire")


def test_an_order_leaves_room_for_the_end_of_it(commune):
    """What the end could not name could not be stopped: one place more than an order may have."""
    admin, own = commune.admin, commune.memory["commune"]
    areas = [admin.post("/api/areas", {"parent": own, "name": f"Xóm {n}", "kind": "village"})["id"] for n in range(200)]
    group = commune.operator.post("/api/groups", {"area": own, "name": "Mọi xóm", "members": [
        {"kind": "area", "id": area} for area in areas]})
    before = commands(commune.here)
    with pytest.raises(Problem) as refused:
        issue(commune, targets=[{"kind": "group", "id": group["id"]}])
    assert (refused.value.status, refused.value.slug) == (422, "too-many-targets")
    assert commands(commune.here) == before


def test_a_cancel_follows_its_alert_and_both_outlive_a_restart(commune):
    alert = issue(commune)
    commune.leader.call("POST", f"/api/alerts/{alert['id']}/cancel", {})
    last = commands(commune.here)[-2:]
    assert [(c["kind"], c.get("cancels", c["id"])) for c in last] == [("alert", alert["id"]), ("cancel", alert["id"])]
    assert last[1]["expires_us"] == last[0]["expires_us"]
    with pytest.raises(Problem) as refused:
        commune.leader.call("POST", f"/api/alerts/{alert['id']}/cancel", {})
    assert (refused.value.status, refused.value.slug) == (409, "alert-over")
    commune.desk.controller.kill()
    commune.desk.start_controller()
    commune.log_in()
    assert commands(commune.here)[-2:] == last


def test_a_correction_ends_what_it_corrects_in_the_same_breath(commune):
    wrong = issue(commune)
    right = issue(commune, corrects=wrong["id"], reason="Nhầm thôn")
    assert [c["kind"] for c in commands(commune.here)[-2:]] == ["cancel", "alert"]
    assert commune.operator.get(f"/api/alerts/{wrong['id']}")["state"] == "cancelled"
    assert (right["corrects"], right["reason"]) == (wrong["id"], "Nhầm thôn")
    with pytest.raises(Problem) as refused:
        issue(commune, corrects=wrong["id"])
    assert refused.value.slug == "alert-not-in-force"


def test_the_seventh_alert_within_an_hour_is_refused_and_sends_nothing(commune):
    while len(commands(commune.here)) < 12:
        try:
            issue(commune)
        except Problem as refused:
            assert (refused.status, refused.slug) == (429, "too-many-alerts")
            break
    assert sum(c["kind"] == "alert" for c in commands(commune.here)) == 6
    before = commands(commune.here)
    with pytest.raises(Problem):
        issue(commune)
    assert commands(commune.here) == before


def test_it_says_who_has_to_look_at_it_afterwards(commune):
    kinds = {kind["kind"]: kind["items"] for kind in commune.leader.get("/api/inbox")["kinds"]}
    waiting = {item["id"] for item in kinds["review"]}
    alert = commune.leader.get("/api/alerts")["items"][0]
    assert alert["id"] in waiting and alert["may_review"]
    with pytest.raises(Problem) as refused:
        commune.operator.call("POST", f"/api/alerts/{alert['id']}/review", {"verdict": "right", "reason": "x"})
    assert refused.value.status == 403
    commune.leader.call("POST", f"/api/alerts/{alert['id']}/review", {"verdict": "wrong", "reason": "Chưa tới mức"})
    kinds = {kind["kind"]: kind["items"] for kind in commune.leader.get("/api/inbox")["kinds"]}
    assert alert["id"] not in {item["id"] for item in kinds["review"]}


def test_stations_hold_the_message_and_the_words_of_a_drill(commune):
    wait_for(lambda: len(commune.here.plan()[2].get("clips", [])) == 2, 20)
    clips = commune.here.plan()[2]["clips"]
    assert [(c["button"], c["drill"]) for c in clips] == [(3, False), (0, True)]
    urgent = {m["sha256"] for m in commune.here.plan()[2]["media"] if m["needed_by_us"] == 0}
    assert {c["sha256"] for c in clips} == urgent
    with pytest.raises(Problem) as refused:
        commune.leader.call("POST", "/api/alert-clips", {
            "area": commune.memory["commune"], "bulletin": commune.bulletin, "button": 3})
    assert refused.value.slug == "button-taken"


@pytest.mark.parametrize("change, status", [
    ({"expires_minutes": 1441}, 422), ({"every_minutes": -1}, 422), ({"targets": []}, 422), ({"clip": "nothing"}, 404),
    ({"targets": [{"kind": "station", "id": "nowhere"}]}, 422), ({"loudly": True}, 422),
])
def test_a_wrong_order_sends_nothing(commune, change, status):
    before = commands(commune.here)
    with pytest.raises(Problem) as refused:
        issue(commune, **change)
    assert refused.value.status == status
    assert commands(commune.here) == before


def test_where_two_steps_are_asked_nobody_orders_with_one(commune):
    commune.admin.call("PATCH", "/api/access-policy", {"totp_for_alerts": True})
    with pytest.raises(Problem) as refused:
        issue(commune)
    assert (refused.value.status, refused.value.slug) == (403, "totp-needed-for-alerts")
    commune.admin.call("PATCH", "/api/access-policy", {"totp_for_alerts": False})


def test_a_station_may_not_invent_plays(commune):
    invented = {"id": "0" * 32, "broadcast": "1" * 32, "start_us": int(time.time() * 1e6)}
    envelope = commune.here.receipt(invented, kind="alert", repeat=4)
    _, _, answer = commune.here.send("POST", "/receipts", {"receipts": [envelope]})
    assert answer["results"][0]["why"] == "unknown-airing"


def test_rights_end_where_the_area_ends(commune):
    other = commune.admin.post("/api/areas", {"parent": commune.memory["province"], "name": "Xã Bên", "kind": "commune"})["id"]
    people = {}
    for role, area in (("commune_operator", other), ("viewer", commune.memory["commune"])):
        secret = commune.memory["accounts"][role] = commune.memory["accounts"]["leader"]
        commune.admin.post("/api/users", {"name": role, "login": f"x-{role.split('_')[-1]}", "password": secret,
                                          "grants": [{"role": role, "area": area}]})
        people[role] = commune.desk.client()
        people[role].log_in(f"x-{role.split('_')[-1]}", secret)
    alert = commune.operator.get("/api/alerts")["items"][0]["id"]
    airing = commune.airings(alert)[0]["id"]
    asked = [("GET", f"/api/alerts/{alert}", None, 200), ("POST", f"/api/alerts/{alert}/cancel", {}, 403),
             ("POST", f"/api/alerts/{alert}/review", {"verdict": "right", "reason": "x"}, 403),
             ("POST", f"/api/airings/{airing}/stop", {}, 403)]
    before = commands(commune.here)
    for role, person in people.items():
        for method, path, body, status in asked:
            content = json.dumps(body).encode() if body is not None else None
            headers = {"Content-Type": "application/json"} if content else {}
            wanted = status if role == "viewer" else 404
            assert person.raw(method, path, content, headers)[0] == wanted, (role, path)
    assert commands(commune.here) == before
