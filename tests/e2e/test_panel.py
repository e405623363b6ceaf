"""The panel in a real browser against a real controller and real players: what people come for, counted in taps."""

import json

import pytest

from commune import SPEECH
from desk import speak

LISTED = 300
TEMPLATES = 31  # one more than a page
RULED = {"quiet": [], "roles": {"village_head": ["normal"]}}  # no quiet hours at all, and what the form does not show
TAPS = {"schedule": 4, "approve": 3, "import": 1, "pair": 2, "move by keys": 4, "why missed": 2, "stop": 2}


def make_lists(place):
    good, wrong, outlines = place / "stations.csv", place / "wrong.csv", place / "outlines.geojson"
    rows = ["số máy;tên;đơn vị;vĩ độ;kinh độ"]
    rows += [f"D{n:04};Trạm {n};Thôn Đông;20,8{n:03};105,3{n:03}" for n in range(1, LISTED + 1)]
    good.write_text("\n".join(rows), encoding="utf-8-sig")
    wrong.write_text("\n".join(rows[:3] + ["D9999;Trạm lạc;Thôn Không Có;;"]))
    ring = [[105.2, 20.7], [105.7, 20.7], [105.7, 21.2], [105.2, 21.2], [105.2, 20.7]]
    outlines.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "Xã Phú Xuân"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}]}))
    return {"listed": str(good), "wrong": str(wrong), "outlines": str(outlines)}


def with_templates(commune, act):
    path, area = "/api/programme-templates", commune.memory["commune"]
    made = [commune.operator.post(path, {"area": area, "title": f"Mẫu {n:02}", "items": [{"kind": "bulletin"}]})["id"] for n in range(TEMPLATES)]
    try:
        return act()
    finally:
        for one in made:
            commune.operator.delete(f"{path}/{one}")


@pytest.fixture(scope="module")
def seen(world):
    commune, place = world.commune, world.place
    commune.admin.call("PUT", f"/api/areas/{commune.memory['province']}/policy", RULED)
    told = world.walk("panel.mjs", part="day", **make_lists(place))
    rights = with_templates(commune, lambda: world.walk("panel.mjs", part="rights"))
    world.aired()
    speak(" ".join([SPEECH] * 4), place / "long.wav")
    long = commune.upload_bulletin("Bản tin dài", place / "long.wav", "audio/wav")
    stopped = commune.broadcast(long["id"])
    later = world.walk("panel.mjs", part="evening")
    airings = commune.wait_receipts(stopped["id"])
    yield {"day": told, "rights": rights, "evening": later, "stopped": airings, "stations": commune.admin.get("/api/stations", limit=100)["items"]}


def test_no_flow_needs_more_taps_than_it_may(seen):
    taps = {**seen["day"]["taps"], **seen["evening"]["taps"]}
    assert {name: count for name, count in taps.items() if count > TAPS[name]} == {}
    assert set(taps) == set(TAPS)


@pytest.mark.parametrize("what", ["csp", "errors"])
def test_the_pages_kept_their_rules(seen, what):
    assert seen["day"][what] + seen["rights"][what] + seen["evening"][what] == []


def test_an_address_without_the_right_to_it_says_so_and_shows_no_form(seen):
    barred = seen["rights"]["saw"]["barred"]
    assert "Quản lý người dùng và vai trò" in barred["users"] and "Ghép, sửa và ngừng dùng trạm loa" in barred["stations/add"]
    assert "Quản trị, Kỹ thuật viên" in barred["stations/add"] and barred["policies"] == barred["stations"] == ""


def test_more_templates_than_a_page_are_a_button_away(seen):
    assert seen["rights"]["saw"]["templates"] == [TEMPLATES - 1, TEMPLATES, 0]


def test_a_list_with_a_mistake_names_its_row(seen):
    assert "Dòng 4" in seen["day"]["saw"]["refused"] and "Trạm lạc" in seen["day"]["saw"]["refused"]


def test_a_listed_station_is_paired_by_its_label_alone(seen):
    assert seen["day"]["saw"]["paired"] == "Trạm 3"
    paired = next(station for station in seen["stations"] if station["serial"] == "D0003")
    assert (paired["area_name"], paired["lat"]) == ("Thôn Đông", 20.8003)
    assert seen["day"]["saw"]["map"][0] == "1"


def test_the_schedule_is_changed_by_keys_and_asked_by_dragging(seen):
    assert seen["day"]["saw"]["moved"]
    assert seen["day"]["saw"]["dragged"] not in ("", "18:15")


def test_what_was_typed_stays_beside_its_mistake(seen):
    assert seen["day"]["saw"]["kept"] == "rất nhiều"


def test_a_form_of_rules_changes_nothing_else(seen, world):
    own = world.commune.admin.get(f"/api/areas/{world.commune.memory['province']}/policy")["own"]
    assert (own["day_min"], own["quiet"], own["roles"]) == (90, RULED["quiet"], RULED["roles"])
    assert "ban đêm cũng phát được" in seen["day"]["saw"]["rules"]


def test_a_ceiling_may_be_for_one_class_alone(seen, world):
    own = world.commune.admin.get(f"/api/areas/{world.commune.memory['province']}/policy")["own"]
    assert [(one["gain_db"], one["class"]) for one in own["ceilings"]] == [(-9, "priority")]
    assert "ưu tiên" in seen["day"]["saw"]["loud"] and seen["day"]["saw"]["chosen"] == "priority"


def test_help_answers_without_accents_and_the_system_log_finds_people(seen):
    assert seen["day"]["saw"]["help"] == "missed"
    assert seen["day"]["saw"]["audit"] > 0


def test_no_network_is_said_and_is_not_green(seen):
    assert seen["day"]["saw"]["offline"] == "offline"


def test_why_it_was_missed_is_said_in_words(seen):
    assert seen["evening"]["saw"]["why"]


def test_stopping_in_the_browser_stops_the_horn(seen):
    outcomes = {airing["station_name"]: airing["outcome"] for airing in seen["stopped"]}
    assert outcomes["Trạm 1"] == "cancelled", outcomes
