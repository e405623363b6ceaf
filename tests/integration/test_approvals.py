"""Approval: what it covers, who gives it, and what the signed plan of a station then holds."""

import time

import pytest
from client import Client, Problem
from commune import Commune
from conftest import BUILD
from desk import Desk, password, speak, wait_for
from paper_station import PaperStation


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("approvals")) as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        made.people = {}
        for login, role in (("second", "commune_leader"), ("head", "village_head")):
            made.memory["accounts"][login] = password()
            area = made.memory["village" if login == "head" else "commune"]
            made.admin.post("/api/users", {"name": f"Người {login}", "login": login,
                                           "password": made.memory["accounts"][login],
                                           "grants": [{"role": role, "area": area}]})
            made.people[login] = made.person(login)
        made.stations = {}
        for name in ("commune", "village"):
            station = PaperStation(desk.link)
            station.announce()
            station.id = made.admin.post(f"/api/enrolments/{station.code}",
                                         {"area": made.memory[name], "name": f"Trạm {name}"})["id"]
            station.poll()
            made.stations[name] = station
        made.wav = desk.place / "source.wav"
        speak("Mời bà con đi họp.", made.wav)
        yield made


def in_an_hour():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))


def bulletin(commune, title, submit=True):
    made = commune.upload_bulletin(title, commune.wav, "audio/wav", approve=False)["id"]
    if submit:
        commune.operator.post(f"/api/bulletins/{made}/submit")
    return made


def order(commune, who, made, area, **more):
    return who.post("/api/broadcasts", {
        "bulletin": made, "area": commune.memory["commune"],
        "targets": [{"kind": "area", "id": commune.memory[area]}],
        "when": {"kind": "once", "at": in_an_hour()}, **more})["id"]


def planned(commune, station, broadcast):
    return any(a["broadcast"] == broadcast for a in commune.stations[station].plan()[2]["airings"])


def state(commune, broadcast):
    return commune.operator.get(f"/api/broadcasts/{broadcast}")["state"]


def waiting(person, kind):
    return [row["id"] for one in person.get("/api/inbox")["kinds"] if one["kind"] == kind for row in one["items"]]


def approve(person, made):
    return person.post(f"/api/bulletins/{made}/approve")


def refused(person, method, path, body=None):
    with pytest.raises(Problem) as caught:
        person.call(method, path, {} if body is None else body)
    return caught.value.slug


def test_a_wider_broadcast_waits_for_a_word_of_its_own(commune):
    made = bulletin(commune, "Họp thôn Đông")
    narrow = order(commune, commune.operator, made, "village")
    assert made in waiting(commune.leader, "approval")
    answer = approve(commune.leader, made)
    assert (answer["approval"]["scope"], answer["approval"]["class"]) == (commune.memory["village"], "normal")
    wait_for(lambda: planned(commune, "village", narrow), 5)
    wide = order(commune, commune.operator, made, "commune")
    assert (state(commune, narrow), state(commune, wide)) == ("active", "waiting_approval")
    assert waiting(commune.leader, "wider") == [made] and waiting(commune.operator, "wider") == []
    assert not planned(commune, "commune", wide) and planned(commune, "village", narrow)
    approve(commune.leader, made)
    wait_for(lambda: planned(commune, "commune", wide), 5)
    assert waiting(commune.leader, "wider") == [] and state(commune, wide) == "active"


def test_a_wider_order_is_refused_with_a_reason_that_its_author_reads(commune):
    made = bulletin(commune, "Họp thôn Tây")
    narrow = order(commune, commune.operator, made, "village")
    approve(commune.leader, made)
    wait_for(lambda: planned(commune, "village", narrow), 5)
    wide = order(commune, commune.operator, made, "commune")
    assert waiting(commune.leader, "wider") == [made]
    assert refused(commune.operator, "POST", f"/api/bulletins/{made}/reject", {"reason": "x"}) == "forbidden"
    answer = commune.leader.post(f"/api/bulletins/{made}/reject", {"reason": "Chỉ thôn Tây họp"})
    assert (answer["state"], answer["approval"]["covered"]) == ("approved", True)
    said = commune.operator.get(f"/api/broadcasts/{wide}")
    assert (said["state"], said["rejection"]["reason"]) == ("rejected", "Chỉ thôn Tây họp")
    assert said["rejection"]["by"]["name"].startswith("Bà Lan")
    assert state(commune, narrow) == "active" and planned(commune, "village", narrow)
    rows = [row for one in commune.operator.get("/api/inbox")["kinds"] if one["kind"] == "returned" for row in one["items"]]
    assert [(row["id"], row["object"]["reason"]) for row in rows] == [(wide, "Chỉ thôn Tây họp")]
    assert waiting(commune.leader, "wider") == [] and waiting(commune.people["head"], "returned") == []
    assert refused(commune.leader, "POST", f"/api/bulletins/{made}/reject", {"reason": "nữa"}) == "bulletin-state"
    acts = [row["verb"] for row in commune.admin.get("/api/audit", verb="bulletin")["items"] if row["object"] == made]
    assert acts[0] == "bulletin.reject_wider"
    # Asked again and approved: the one that was refused stays silent.
    again = order(commune, commune.operator, made, "commune")
    assert waiting(commune.leader, "wider") == [made]
    approve(commune.leader, made)
    wait_for(lambda: planned(commune, "commune", again), 5)
    assert state(commune, wide) == "rejected" and not planned(commune, "commune", wide)
    commune.operator.call("DELETE", f"/api/broadcasts/{wide}")
    assert waiting(commune.operator, "returned") == []


def test_a_higher_class_waits_and_who_may_approve_approves_by_ordering(commune):
    made = bulletin(commune, "Thông báo khẩn trương")
    approve(commune.leader, made)
    urgent = order(commune, commune.operator, made, "commune", **{"class": "priority"})
    assert state(commune, urgent) == "waiting_approval"
    ordered = order(commune, commune.leader, made, "commune", **{"class": "priority"})
    assert (state(commune, ordered), state(commune, urgent)) == ("active", "active")
    steps = commune.leader.get(f"/api/bulletins/{made}/versions")["items"][0]["steps"]
    assert [(step["act"], step["class"]) for step in steps] == [
        ("submit", "normal"), ("approve", "normal"), ("approve", "priority")]


def test_another_stand_in_waits_for_approval_and_the_approved_one_stands_in_meanwhile(commune):
    made, first, second = (bulletin(commune, title) for title in ("Có dự phòng", "Dự phòng một", "Dự phòng hai"))
    aired = order(commune, commune.operator, made, "commune")
    urgent = order(commune, commune.operator, first, "commune", **{"class": "priority"})

    def chain(broadcast=aired):
        (airing,) = [a for a in commune.stations["commune"].plan()[2]["airings"] if a["broadcast"] == broadcast]
        return [one["sha256"] for one in airing["items"][0].get("fallback", [])]

    def change(of, *stand_ins):
        commune.operator.call("PATCH", f"/api/bulletins/{of}", {"fallback": list(stand_ins)})
        return commune.operator.post(f"/api/bulletins/{of}/submit")

    sounds = [approve(commune.leader, one)["sha256"] for one in (made, first, second)]
    wait_for(lambda: planned(commune, "commune", aired) and chain() == [], 5)
    answer = change(made, second)
    assert (answer["state"], answer["airs"]["number"], answer["airs"]["same_sound"], answer["airs"]["fallback"]) == ("submitted", 1, True, [])
    assert answer["fallback"][0]["stands_in"] and answer["number"] == 2
    assert made in waiting(commune.leader, "approval") and chain() == [] and state(commune, aired) == "active"
    answer = approve(commune.leader, made)
    assert answer["airs"]["number"] == 2 and answer["airs"]["fallback"] == answer["fallback"]
    wait_for(lambda: chain() == [sounds[2]], 5)
    # What is returned changes nothing of what airs.
    change(made)
    answer = commune.leader.post(f"/api/bulletins/{made}/reject", {"reason": "Cần dự phòng"})
    assert (answer["state"], [one["bulletin"] for one in answer["airs"]["fallback"]]) == ("rejected", [second])
    assert chain() == [sounds[2]] and state(commune, aired) == "active"
    change(made, second)
    approve(commune.leader, made)
    # Approved as something plain, it does not stand in for what is urgent: said, and left out of the plan.
    change(first, second)
    answer = approve(commune.leader, first)
    assert [(one["state"], one["stands_in"]) for one in answer["fallback"]] == [("approved", False)]
    wait_for(lambda: planned(commune, "commune", urgent), 5)
    assert chain(urgent) == []


def test_the_second_of_two_people_opens_the_air(commune):
    policy = f"/api/areas/{commune.memory['province']}/policy"
    # PUT states the whole policy: without `quiet` the usual hours of the night would count again.
    commune.admin.call("PUT", policy, {"approvers": 2, "quiet": []})
    try:
        made = bulletin(commune, "Hai người duyệt")
        broadcast = order(commune, commune.operator, made, "commune")
        first = approve(commune.leader, made)
        assert (first["state"], first["approval"]["needed"], len(first["approval"]["given"])) == ("submitted", 2, 1)
        assert refused(commune.leader, "POST", f"/api/bulletins/{made}/approve") == "already-approved"
        assert made not in waiting(commune.leader, "approval")
        assert made in waiting(commune.people["second"], "approval")
        assert not planned(commune, "commune", broadcast)
        second = approve(commune.people["second"], made)
        assert second["state"] == "approved"
        assert second["approver"]["name"] == "Bà Lan (lãnh đạo xã), Người second"
        wait_for(lambda: planned(commune, "commune", broadcast), 5)
    finally:
        commune.admin.call("PUT", policy, {"quiet": []})


def test_nobody_approves_the_own_unless_the_area_lets_one_person_do_it(commune):
    upload = commune.leader.upload(commune.wav.read_bytes(), "a.wav", "audio/wav")
    made = commune.leader.post("/api/bulletins", {"area": commune.memory["commune"], "title": "Tự viết",
                                                  "upload": upload})["id"]
    commune.wait_audio(made)
    commune.leader.post(f"/api/bulletins/{made}/submit")
    assert refused(commune.leader, "POST", f"/api/bulletins/{made}/approve") == "own-bulletin"
    assert made not in waiting(commune.leader, "approval") and made in waiting(commune.people["second"], "approval")
    area = f"/api/areas/{commune.memory['commune']}"
    commune.admin.call("PATCH", area, {"one_person_approves": True})
    assert approve(commune.leader, made)["state"] == "approved"
    commune.admin.call("PATCH", area, {"one_person_approves": False})


def test_versions_tell_who_did_what_and_each_can_be_heard(commune):
    made = bulletin(commune, "Bản đầu")
    commune.leader.post(f"/api/bulletins/{made}/reject", {"reason": "Sai giờ họp"})
    (row,) = [row for one in commune.operator.get("/api/inbox")["kinds"] if one["kind"] == "sent_back" for row in one["items"]]
    assert (row["id"], row["object"]["reject_reason"], row["by"]) == (made, "Sai giờ họp", "Bà Lan (lãnh đạo xã)")
    assert waiting(commune.leader, "sent_back") == []
    commune.operator.call("PATCH", f"/api/bulletins/{made}", {"title": "Bản sửa"})
    assert waiting(commune.operator, "sent_back") == []
    commune.operator.post(f"/api/bulletins/{made}/submit")
    approve(commune.leader, made)
    versions = commune.leader.get(f"/api/bulletins/{made}/versions")["items"]
    assert [(one["number"], one["title"], one["state"], one["airs"]) for one in versions] == [
        (2, "Bản sửa", "approved", True), (1, "Bản đầu", "rejected", False)]
    assert versions[1]["steps"][-1]["reason"] == "Sai giờ họp"
    assert all(step["by"] and step["at"] for one in versions for step in one["steps"])
    status, _, content = commune.leader.raw("GET", f"/api/bulletins/{made}/audio?version={versions[1]['version']}")
    assert status == 200 and content[:4] == b"OggS"
    other = commune.leader.get("/api/bulletins")["items"][-1]
    status, _, _ = commune.leader.raw("GET", f"/api/bulletins/{made}/audio?version={other['version']}")
    assert status == 404


def test_a_village_head_submits_and_the_commune_decides(commune):
    head = commune.people["head"]
    upload = head.upload(commune.wav.read_bytes(), "a.wav", "audio/wav")
    made = head.post("/api/bulletins", {"area": commune.memory["village"], "title": "Thôn tôi", "upload": upload})["id"]
    commune.wait_audio(made)
    head.post(f"/api/bulletins/{made}/submit")
    assert head.get("/api/inbox")["total"] == 0
    assert refused(head, "POST", f"/api/bulletins/{made}/approve") == "forbidden"
    assert made in waiting(commune.leader, "approval")
    assert commune.leader.get("/api/inbox")["kinds"][0]["items"][0]["object"]["approval"]["may_approve"]


def test_the_table_of_roles_is_the_one_that_decides(commune):
    table = Client(commune.desk.people)
    table.log_in("head", commune.memory["accounts"]["head"])
    roles = {one["role"]: set(one["verbs"]) for one in table.get("/api/roles")["roles"]}
    assert roles["village_head"] == set(table.get("/api/me")["may"])
    assert "approve_content" not in roles["village_head"] and "approve_content" in roles["commune_leader"]
