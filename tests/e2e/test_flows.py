"""The rest of what people come for, in the browser: counted in taps, and held against what horns, files and paper say."""

import re
import subprocess

import pytest

TAPS = {"record and schedule": 4, "play again": 1, "volume": 3, "enrol by code": 3, "monthly report": 3, "new colleague": 3}
A4_POINTS = (595, 842)


@pytest.fixture(scope="module")
def seen(world):
    commune = world.commune
    world.aired()
    uncovered = commune.admin.post("/api/areas", {"parent": commune.memory["province"], "name": "Xã Không Loa", "kind": "commune"})["id"]
    before = {order["id"] for order in commune.operator.get("/api/broadcasts")["items"]}
    order = {"louder": commune.memory["stations"]["1"], "uncovered": uncovered, "commune": commune.memory["commune"]}
    work = world.walk("flows.mjs", part="work", **order)
    again = next(one for one in commune.operator.get("/api/broadcasts")["items"] if one["id"] not in before and one["when"]["kind"] == "now")
    look = world.walk("flows.mjs", part="look", **order)
    yield {"taps": {**work["taps"], **look["taps"]}, "saw": {**work["saw"], **look["saw"]}, "csp": work["csp"] + look["csp"],
           "errors": work["errors"] + look["errors"], "again": commune.wait_receipts(again["id"]), "order": again}


def test_no_flow_needs_more_taps_than_it_may(seen):
    assert {name: count for name, count in seen["taps"].items() if count > TAPS[name]} == {}
    assert set(seen["taps"]) == set(TAPS)


def test_the_pages_kept_their_rules(seen):
    assert (seen["csp"], seen["errors"]) == ([], [])


def test_what_was_recorded_waits_for_the_leader(seen):
    assert seen["saw"]["scheduled"] == "waiting_approval"


def test_one_tap_airs_yesterdays_bulletin_at_the_same_places(seen, world):
    assert seen["order"]["bulletin"] == world.bulletin
    assert {airing["station_name"]: airing["outcome"] for airing in seen["again"]} == {"Cột 1": "played", "Cột 2": "missed"}


def test_the_volume_is_the_stations(seen, world):
    assert world.commune.admin.get(f"/api/stations/{world.commune.memory['stations']['1']}")["volume_db"] == -6


def test_a_station_is_paired_by_its_code(seen):
    assert seen["saw"]["enrolled"] == "Trạm gõ mã"


def test_a_colleague_may_do_what_the_role_says(seen):
    assert seen["saw"]["offered"] == {"approvals": 0, "emergency": 1}


def test_a_bulletin_can_be_sent_by_keys_alone(seen):
    assert seen["saw"]["keys"].endswith("17:15:00+07:00") or "10:15:00" in seen["saw"]["keys"]


def test_the_log_proves_and_its_files_are_whole(seen):
    saw = seen["saw"]
    assert saw["signature"] == "good" and saw["way"] >= 6
    assert saw["all"] == 0 and "1 biên nhận" in saw["more"]
    assert "SHA-256" in saw["columns"] and saw["airings"] >= 2
    assert saw["book"] == "PK"


def test_the_chart_shows_what_the_table_says(seen):
    saw = seen["saw"]
    assert saw["sheet"] == "PK" and len(saw["figures"]) == 4
    assert saw["bars"] == saw["rows"] > 0


def test_two_targets_of_coverage(seen):
    assert (seen["saw"]["before"], seen["saw"]["after"]) == (["false", "true"], ["true", "true"])


@pytest.mark.parametrize("name,signed,number", [("reports", True, "/BC"), ("coverage", True, "/BC"), ("log", False, "Số:")])
def test_paper_has_the_official_head(seen, world, name, signed, number):
    paper = seen["saw"][f"paper {name}"]
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ỦY BAN NHÂN DÂN XÃ PHÚ XUÂN", number, "Phú Xuân, ngày "):
        assert words in paper["head"], paper["head"]
    assert (paper["signs"], paper["tabs"], paper["button"]) == (signed, False, 0)
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", (world.shots / f"{name}.pdf").read_bytes())
    assert (round(float(box[1])), round(float(box[2]))) == A4_POINTS


def test_nothing_is_signed_on_a_sheet_of_its_own(seen):
    assert len(seen["saw"]["signed"]) == 9 and min(seen["saw"]["signed"]) > 0, seen["saw"]["signed"]
