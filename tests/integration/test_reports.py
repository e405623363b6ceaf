"""The log, its files and the reports, from receipts that a station signed to what an official downloads."""

import base64
import csv
import datetime
import hashlib
import io
import json
import re
import subprocess
import time
import xml.etree.ElementTree
import zipfile
from urllib.parse import urlencode

import pytest
from client import Problem
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for
from paper_station import PaperStation

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TITLE = "=SUM(1;2) Thông báo tiêm phòng"  # what a spreadsheet would run


def near():
    """Whatever the hour, the day of the airings is in it."""
    return {"from": in_seconds(-3600), "to": in_seconds(3600)}


def in_seconds(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def enrol(commune, area, name):
    made = PaperStation(commune.desk.link)
    made.announce()
    commune.admin.post(f"/api/enrolments/{made.code}", {"area": area, "name": name})
    assert made.poll()[0] == 200
    return made


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    """Two stations, three broadcasts; one station says played, missed and partial, the other nothing."""
    with Desk(BUILD, tmp_path_factory.mktemp("reports")) as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        bulletin = made.speak_bulletin(TITLE, "Xin chào bà con.")["id"]
        made.east = enrol(made, made.memory["village"], "Thôn Đông 1")
        made.west = enrol(made, made.memory["commune"], "Trụ sở xã")
        made.orders = [made.broadcast(bulletin, {"kind": "once", "at": in_seconds(60 + 60 * i)},
                                      [{"kind": "area", "id": made.memory["commune"]}])["id"] for i in range(3)]
        planned = wait_for(lambda: (lambda all: all if len(all) == 3 else None)(made.east.plan()[2]["airings"]), 20)
        first, second, third = sorted(planned, key=lambda airing: airing["start_us"])
        item = {"bulletin_version": first["items"][0]["bulletin_version"], "sha256": first["items"][0]["sha256"],
                "segments": [{"first_us": first["start_us"] + 2_500_000, "last_us": first["start_us"] + 12_500_000,
                              "offset_frames": 0, "frames": 480_000, "ended": "complete"}]}
        made.envelopes = [made.east.receipt(first, late_by_ms=2500, items=[item]),
                          made.east.receipt(second, "missed", "device_fault"),
                          made.east.receipt(third, "partial", "local_stop")]
        status, answer = made.east.post_receipts(*made.envelopes)
        assert status == 200 and {one["status"] for one in answer["results"]} == {"stored"}
        yield made


def hashes(commune):
    return [hashlib.sha256(base64.b64decode(one["payload"])).hexdigest() for one in commune.envelopes]


def rows_of(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def book(content):
    """Pages of a book: name -> rows of texts."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = [sheet.get("name") for sheet in
                 xml.etree.ElementTree.fromstring(packed.read("xl/workbook.xml")).iter(f"{SHEET}sheet")]
        pages = {}
        for number, name in enumerate(names, 1):
            tree = xml.etree.ElementTree.fromstring(packed.read(f"xl/worksheets/sheet{number}.xml"))
            pages[name] = [["".join(cell.itertext()) for cell in row.iter(f"{SHEET}c")]
                           for row in tree.iter(f"{SHEET}row")]
    return pages


def test_a_file_of_airings_names_the_receipt_of_each_row(commune):
    commune.admin.call("PATCH", "/api/me", {"language": "en"})
    status, headers, content = commune.admin.raw("GET", "/api/airings.csv?" + urlencode(near()), None, {"Accept-Language": "en"})
    assert status == 200 and "attachment" in headers["Content-Disposition"]
    rows = rows_of(content)
    assert len(rows) == 6
    told = {row["SHA-256 of the receipt"]: row for row in rows if row["SHA-256 of the receipt"]}
    assert set(told) == set(hashes(commune))
    played = told[hashes(commune)[0]]
    assert (played["Outcome"], played["Late by (ms)"], played["Played (s)"]) == ("played", "2500", "10.0")
    assert played["Key id"] == commune.east.keyid and played["Receipt counter"] == "1"
    assert played["Title"] == "'" + TITLE, "a formula must not run"
    assert told[hashes(commune)[1]]["Reason code"] == "device_fault"
    _, _, export = commune.admin.raw("GET", "/api/ledger/export")
    papers = [json.loads(line) for line in export.splitlines()]
    exported = {hashlib.sha256(base64.b64decode(one["envelope"]["payload"])).hexdigest()
                for one in papers if one["type"] == "receipt"}
    assert set(told) <= exported


def test_filters_cut_the_file_as_they_cut_the_list(commune):
    for query, rows in (({}, 6), ({"outcome": "played"}, 1), ({"outcome": "upcoming"}, 3), ({"station": commune.east.id}, 3),
                        ({"area": commune.memory["village"]}, 3), ({"broadcast": commune.orders[0]}, 2),
                        ({"class": "priority"}, 0), ({"class": "normal"}, 6), ({"outcome": "missed", "class": "normal"}, 1)):
        asked = urlencode({**near(), **query})
        _, _, content = commune.admin.raw("GET", f"/api/airings.csv?{asked}")
        assert len(rows_of(content)) == rows, query
        assert len(commune.admin.get(f"/api/airings?{asked}")["items"]) == rows, query


def test_the_book_holds_what_the_text_holds(commune):
    status, headers, content = commune.admin.raw("GET", "/api/airings.xlsx?" + urlencode(near()))
    assert status == 200 and headers["Content-Type"].endswith("spreadsheetml.sheet")
    (name, rows), = book(content).items()
    assert len(rows) == 7
    flat = {cell for row in rows for cell in row}
    assert set(hashes(commune)) <= flat and TITLE in flat
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml"), "a title became a formula"


def test_groups_are_the_broadcasts_with_what_became_of_them(commune):
    groups = commune.admin.get("/api/airing-groups", **near())["items"]
    assert [group["stations"] for group in groups] == [2, 2, 2]
    assert groups[0]["planned_start"] > groups[-1]["planned_start"]
    assert groups[-1]["counts"] == {"upcoming": 1, "played": 1}
    assert [group["broadcast"] for group in commune.admin.get("/api/airing-groups", outcome="missed", **near())["items"]] == [
        commune.orders[1]]
    seen, after, fixed = [], None, near()
    while True:
        page = commune.admin.get("/api/airing-groups", limit=1, **fixed, **({"after": after} if after else {}))
        seen += [group["broadcast"] for group in page["items"]]
        after = page["next"]
        if not after:
            break
    assert seen == [group["broadcast"] for group in groups]


def test_one_airing_tells_its_way(commune):
    played = commune.admin.get("/api/airings", outcome="played", **near())["items"][0]
    def told():
        return commune.admin.get(f"/api/airings/{played['id']}", planned_start=played["planned_start"])

    # When a plan was fetched is written once a second.
    wait_for(lambda: "fetched" in {step["what"] for step in told()["timeline"]}, 10)
    way = told()
    assert [step["what"] for step in way["timeline"]] == [
        "approved", "ordered", "signed", "fetched", "due", "started", "ended", "told", "stored"]
    receipt, = way["receipts"]
    assert receipt["sha256"] == hashes(commune)[0] and receipt["signature"] == "good" and receipt["counts"]
    assert receipt["segments"][0]["frames"] == 480_000
    assert way["plan"]["version"] >= 1 and not way["conflict"]
    silent = next(one for one in commune.admin.get("/api/airings", **near())["items"] if one["station"] == commune.west.id)
    assert commune.admin.get(f"/api/airings/{silent['id']}", planned_start=silent["planned_start"])["receipts"] == []
    for wrong in ({}, {"planned_start": "2020-01-01T00:00:00Z"}):
        with pytest.raises(Problem) as refused:
            commune.admin.get(f"/api/airings/{played['id']}", **wrong)
        assert refused.value.status in (404, 422)


def test_the_month_adds_up(commune):
    report = commune.admin.get("/api/reports/monthly", month=month_of(commune))
    total = report["total"]
    assert (total["played"], total["missed"], total["partial"], total["due"]) == (1, 1, 1, 3)
    assert total["upcoming"] == 3 and total["late"] == 1 and total["late_ms"] == 2500
    assert total["success"] == pytest.approx(1 / 3) and total["played_ms"] == 10_000
    assert {row["reason"]: row["airings"] for row in report["reasons"]} == {"device_fault": 1, "local_stop": 1}
    assert [row["key"] for row in report["by_source"]] == ["audio"]
    assert [row["key"] for row in report["by_language"]] == ["vi"]
    assert sum(day["due"] for day in report["days"]) == 3
    assert sum(area["due"] for area in report["areas"]) == 3
    assert total["stations"] == 2
    below = commune.admin.get("/api/reports/monthly", month=month_of(commune), area=commune.memory["commune"])
    village = next(area for area in below["areas"] if area["area"] == commune.memory["village"])
    own = next(area for area in below["areas"] if area["is_own"])
    assert (village["due"], village["stations"], own["upcoming"], own["stations"]) == (3, 1, 3, 1)
    with pytest.raises(Problem) as refused:
        commune.admin.get("/api/reports/monthly", month="2026-13")
    assert refused.value.status == 422


def month_of(commune):
    """Of the airings, on the wall of the area."""
    planned = commune.admin.get("/api/airings", limit=1, **near())["items"][0]["planned_start"]
    at = datetime.datetime.fromisoformat(planned.replace("Z", "+00:00")) + datetime.timedelta(hours=7)
    return f"{at:%Y-%m}"


def test_the_month_as_a_file_holds_the_same_figures(commune):
    status, _, content = commune.admin.raw("GET", f"/api/reports/monthly.csv?month={month_of(commune)}")
    assert status == 200
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[1][3:7] == ["3", "1", "1", "1"]
    _, _, content = commune.admin.raw("GET", f"/api/reports/monthly.xlsx?month={month_of(commune)}")
    pages = book(content)
    assert len(pages) == 9 and all(rows for rows in pages.values())


def test_coverage_counts_communes_and_older_systems(commune):
    admin, top = commune.admin, commune.memory["province"]
    others = [admin.post("/api/areas", {"parent": top, "name": f"Xã Số {n}", "kind": "commune"})["id"] for n in range(3)]
    report = admin.get("/api/reports/coverage")
    assert report["communes"] == 4
    assert report["with_digital"] == {"communes": 1, "share": 0.25, "target": 0.2, "is_reached": True}
    assert report["with_station"]["share"] == 0.25 and not report["with_station"]["is_reached"]
    assert admin.call("PUT", f"/api/reports/coverage/{others[0]}", {"legacy": "fm"})["legacy"] == "fm"
    admin.call("PUT", f"/api/reports/coverage/{others[1]}", {"legacy": "wired"})
    report = admin.get("/api/reports/coverage")
    assert report["with_station"]["communes"] == 3 and report["with_digital"]["communes"] == 1
    admin.call("PUT", f"/api/reports/coverage/{others[1]}", {"legacy": "none"})
    assert admin.get("/api/reports/coverage")["with_station"]["communes"] == 2
    _, _, content = admin.raw("GET", "/api/reports/coverage.csv")
    assert len(rows_of(content)) == 4
    _, _, content = admin.raw("GET", "/api/reports/coverage.xlsx")
    assert len(next(iter(book(content).values()))) == 5


@pytest.mark.parametrize("path", [
    "/api/airings?area={province}", "/api/airing-groups?area={province}", "/api/airings.csv?area={province}",
    "/api/airings.xlsx?area={province}", "/api/reports/monthly?area={province}", "/api/reports/monthly.csv?area={province}",
    "/api/reports/monthly.xlsx?area={province}", "/api/reports/coverage?area={province}",
    "/api/reports/coverage.csv?area={province}", "/api/reports/coverage.xlsx?area={province}"])
def test_people_of_a_commune_see_nothing_of_the_province(commune, path):
    with pytest.raises(Problem) as refused:
        commune.operator.get(path.format(**commune.memory))
    assert refused.value.status in (403, 404)


def test_who_may_not_manage_areas_may_not_say_what_stands_there(commune):
    with pytest.raises(Problem) as refused:
        commune.operator.call("PUT", f"/api/reports/coverage/{commune.memory['commune']}", {"legacy": "fm"})
    assert refused.value.status == 403
    with pytest.raises(Problem) as refused:
        commune.admin.call("PUT", f"/api/reports/coverage/{commune.memory['commune']}", {"legacy": "satellite"})
    assert refused.value.status == 422


def test_the_counts_agree_with_the_log_when_the_controller_has_ended(commune):
    """Last: it ends the controller."""
    commune.desk.controller.stop()
    done = subprocess.run([BUILD / "controller" / "loa-controller", "--recount", "--data", commune.desk.place / "controller"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0 and re.search(r"\(0 wrong\)", done.stdout), done.stdout + done.stderr
