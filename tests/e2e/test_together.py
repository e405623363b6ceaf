"""What people do with each other, in the browser, held against what the controller keeps: a bulletin returned and sent
again, a neighbour's word, an emergency for a group, a test tone, holidays by year, a radio from its address to the air."""

import pytest
from paper_station import PaperStation
from radio import Radio

from desk import password, wait_for


@pytest.fixture(scope="module")
def seen(world, tmp_path_factory):
    commune = world.commune
    memory, admin = commune.memory, commune.admin
    world.aired()
    beside = admin.post("/api/areas", {"parent": memory["province"], "name": "Xã Bên Sông", "kind": "commune"})["id"]
    memory["accounts"].update(neighbour=password(), tester=password())
    for login, name, role, area in (("neighbour", "Ông Sơn", "commune_leader", beside), ("tester", "Anh Hùng", "technician", memory["commune"])):
        admin.post("/api/users", {"name": name, "login": login, "password": memory["accounts"][login], "grants": [{"role": role, "area": area}]})
    group = commune.operator.post("/api/groups", {"area": memory["commune"], "name": "Hai xã", "members": [
        {"kind": "area", "id": memory["commune"]}, {"kind": "area", "id": beside}]})["id"]
    commune.leader.call("POST", "/api/alert-clips", {"area": memory["commune"], "bulletin": world.bulletin, "title": "Vỡ đê", "severity": 5, "every_minutes": 30})
    deaf = PaperStation(world.desk.link)
    deaf.announce()
    admin.post(f"/api/enrolments/{deaf.code}", {"area": memory["village"], "name": "Loa cũ"})
    deaf.poll()
    assert deaf.send("POST", "/health", {"boot_id": deaf.boot, "software": "paper/1", "protocol": 1, "full": True, "formats": ["ogg-opus"]})[0] == 204
    wait_for(lambda: all(clip["state"] == "ready" for clip in admin.get("/api/alert-clips")["items"]), 30)
    tower = Radio(tmp_path_factory.mktemp("radio"))
    try:
        told = world.walk("together.mjs", neighbour="neighbour", tester="tester", deaf="Loa cũ", louder=memory["stations"]["1"], commune=memory["commune"], village=memory["village"], radio=tower.url())
    finally:
        tower.close()
    yield {**told, "group": group, "beside": beside}


def test_what_was_returned_is_mended_sent_again_and_airs(seen, world):
    saw = seen["saw"]
    assert saw["first"] == "Lịch tiêm phòng", "its author finds it on top"
    assert "tám giờ mới tiêm" in saw["because"]
    assert (saw["words"], saw["mended"]) == ("Tiêm phòng lúc bảy giờ.", "Tiêm phòng lúc tám giờ.")
    assert saw["typed"] > 0.2, "the author could not hear what was typed"
    order = world.commune.operator.get(f"/api/broadcasts/{saw['order']}")
    assert order["state"] == "active"
    bulletin = world.commune.operator.get(f"/api/bulletins/{order['bulletin']}")
    assert (bulletin["state"], bulletin["number"], bulletin["text"]) == ("approved", 2, "Tiêm phòng lúc tám giờ.")


def test_a_group_is_renamed_and_who_is_taken_out_is_asked_about_first(seen):
    saw = seen["saw"]
    assert "Xã Bên Sông" in saw["takeOut"] and "Hai xã" in saw["takeOut"]
    assert len(saw["changed"]) == 3 and any("Cột 1" in place for place in saw["changed"]), saw["changed"]
    assert any("Xã Bên Sông" in place and "chờ đồng ý" in place for place in saw["changed"])
    assert saw["back"] == 2


def test_a_neighbour_accepts_and_takes_it_back(seen, world):
    saw = seen["saw"]
    assert (saw["asked"], saw["accepted"], saw["withdrawn"]) == (["requested", "chờ đồng ý"], "đã đồng ý", 0)
    (group,) = [one for one in world.commune.operator.get("/api/groups", area=world.commune.memory["commune"])["items"] if one["id"] == seen["group"]]
    assert [member["state"] for member in group["members"] if member["id"] == seen["beside"]] == ["withdrawn"]


def test_an_emergency_goes_to_a_group_and_says_where_it_does_not_sound(seen, world):
    assert seen["saw"]["nobody"] is True
    assert "Xã Bên Sông" in seen["saw"]["refused"]
    alert = next(one for one in world.commune.admin.get("/api/alerts")["items"] if one["title"] == "Vỡ đê")
    assert [(target["kind"], target["id"]) for target in alert["targets"]] == [("group", seen["group"])]


def test_a_technician_hears_from_the_card_what_it_let_out(seen):
    state, words = seen["saw"]["tone"]
    assert state == "heard" and "Anh Hùng" in words


def test_holidays_differ_by_year_and_the_page_counts_like_the_controller(seen, world):
    saw = seen["saw"]
    year = saw["year"]
    calendar = next(one for one in world.commune.admin.get("/api/holidays", year=year)["items"] if one["name_vi"] == "Lễ hội làng")
    full = ["/".join(reversed(one["date"].split("-"))) for one in calendar["dates"]]
    assert full[1:] == [f"30/04/{year}", f"01/05/{year}", f"02/05/{year}"] and len(full) == 4
    assert [line for day in full for line in saw["nextYear"] if day in line] == saw["nextYear"] and len(saw["nextYear"]) == 4
    assert len(saw["thisYear"]) == 1, "what was decided for a year holds in that year alone"
    assert f"/{year - 1}" in saw["thisYear"][0]
    assert saw["general"] == [1, True], "the year did not go by the general days again"
    assert full[0] in saw["falls"], "the page's own moon"


def test_a_radio_is_saved_once_heard_and_is_relayed_with_its_stand_in(seen, world):
    saw, operator = seen["saw"], world.commune.operator
    assert saw["unheard"] is True and "MP3" in saw["heard"]
    assert [one for one in saw["wrong"] if len(one[1]) < 9 or not one[2]] == [] and len(saw["wrong"]) == 4
    assert "1 trong" in saw["unheardBySome"] and "Loa cũ" in saw["unheardBySome"] and "MP3" in saw["unheardBySome"]
    words, orders = saw["unheardByAll"]
    assert "Không trạm nào" in words and orders == 0, "what nobody can play is still offered"
    words, takes = saw["noRelay"]
    assert "Chưa có trạm nào" in words and takes == 0
    assert "có trạm không phát được loại luồng này" in saw["unheardOption"]
    relay = next(one for one in operator.get("/api/bulletins", area=world.commune.memory["commune"], limit=100)["items"] if (one["relay"] or {}).get("minutes") == 7)
    assert [one["bulletin"] for one in relay["fallback"]] == [world.bulletin] and relay["state"] == "approved"
    assert saw["places"] == 2, "one more place behind the last that is filled"
    assert "7 phút" in saw["stream"] and "Bản tin sáng" in saw["stream"]
    programme = next(one for one in operator.get("/api/programmes")["items"] if one["title"] == "Buổi có tiếp âm")
    assert [item["kind"] for item in programme["items"]] == ["relay", "bulletin"]
    assert saw["length"] == sum(item["duration_ms"] for item in programme["items"]) > 180_000


def test_a_template_with_a_relay_is_kept_back_where_nobody_can_play_it(seen):
    saw = seen["saw"]
    assert "Buổi có tiếp âm" in saw["mute"] and "Loa cũ" in saw["mute"]
    assert (saw["held"], saw["unused"]) == ("true", 0)
    assert "Tiếp âm Đài tỉnh" in saw["on"]


def test_a_template_is_renamed_taken_away_and_brought_back(seen, world):
    saw = seen["saw"]
    assert len(saw["nameless"]) > 8
    assert "Sáng có tiếp âm" in saw["gone"][0] and saw["gone"][1:] == [0, 0], "the order around it was sent, or still follows it"
    (one,) = world.commune.operator.get("/api/programme-templates", area=world.commune.memory["commune"])["items"]
    assert (one["title"], [item["kind"] for item in one["items"]]) == ("Sáng có tiếp âm", ["relay", "bulletin"])


def test_the_pages_kept_their_rules(seen):
    assert (seen["csp"], seen["errors"], seen["axe"], seen["cut"]) == ([], [], [], [])
