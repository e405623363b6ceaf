"""Lists out of spreadsheets, the map, the system log and the settings, asked of a real controller."""

import pytest
from client import Problem
from commune import Commune
from conftest import BUILD
from desk import Desk
from paper_station import PaperStation

CSV = {"Content-Type": "text/csv"}


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("lists")) as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        yield made


def send(person, path, text):
    return person.call_bytes("POST", path, text.encode(), CSV)


@pytest.fixture(autouse=True)
def bytes_call(monkeypatch):
    """Client.call for a body that is not JSON."""
    import json
    from client import Client

    def call_bytes(self, method, path, body, headers):
        status, _, content = self.raw(method, path, body, headers)
        document = json.loads(content) if content else None
        if not 200 <= status < 300:
            raise Problem(status, document, path)
        return document

    monkeypatch.setattr(Client, "call_bytes", call_bytes, raising=False)


def names(person):
    return [area["name"] for area in person.get("/api/areas")["items"]]


def test_areas_come_as_a_list_and_only_whole(commune):
    top = commune.memory["province"]
    good = "Tên;Loại;Thuộc\nXã Tân Lập;Xã;\nThôn Một;Thôn;xa tan lap\nThôn Hai;Ấp;Tân Lập / nowhere\nĐặc khu Cát Hải;Đặc khu;\n"
    with pytest.raises(Problem) as refused:
        send(commune.admin, f"/api/areas/import?area={top}", good)
    assert refused.value.status == 422 and refused.value.slug == "import-refused"
    assert [error["pointer"] for error in refused.value.document["errors"]] == ["/rows/4"]
    assert "Xã Tân Lập" not in names(commune.admin), "nothing of a list with a mistake is stored"

    good = good.replace("Tân Lập / nowhere", "Tỉnh Hòa Bình / Xã Tân Lập")
    report = send(commune.admin, f"/api/areas/import?area={top}&dry_run=true", good)
    assert (report["create"], report["refused"], report["stored"]) == (4, 0, False)
    assert "Xã Tân Lập" not in names(commune.admin)
    assert send(commune.admin, f"/api/areas/import?area={top}", good)["stored"]
    areas = {area["name"]: area for area in commune.admin.get("/api/areas")["items"]}
    assert areas["Thôn Hai"]["parent"] == areas["Xã Tân Lập"]["id"]
    assert [areas[name]["kind"] for name in ("Thôn Một", "Thôn Hai", "Đặc khu Cát Hải")] == ["village", "village", "commune"]
    assert send(commune.admin, f"/api/areas/import?area={top}", good)["same"] == 4, "twice makes nothing twice"


def test_stations_of_a_list_wait_for_their_code(commune):
    rows = ["serial,name,area,lat,lon,volume_db"]
    rows += [f'S-{n:03},Trạm {n},Thôn Đông,"20,5{n:03}",105.{n:03},-6' for n in range(300)]
    report = send(commune.admin, "/api/stations/import", "\n".join(rows))
    assert (report["create"], report["stored"]) == (300, True)

    station = PaperStation(commune.desk.link)
    station.serial = "S-007"
    station.announce()
    waiting = commune.admin.get("/api/enrolments")["items"]
    assert [one["expected"]["name"] for one in waiting if one["serial"] == "S-007"] == ["Trạm 7"]
    made = commune.admin.post(f"/api/enrolments/{station.code}", {})
    assert (made["name"], made["area_name"], made["lat"], made["volume_db"]) == ("Trạm 7", "Thôn Đông", 20.5007, -6)

    report = send(commune.admin, "/api/stations/import", "serial,name\nS-007,Nhà văn hóa\n")
    assert report["update"] == 1
    now = commune.admin.get(f"/api/stations/{made['id']}")
    assert (now["name"], now["lat"], now["volume_db"]) == ("Nhà văn hóa", 20.5007, -6), "what a row leaves empty stays"

    found = commune.admin.get("/api/map", area=commune.memory["commune"])
    assert [(one["name"], one["lon"], one["state"]) for one in found["stations"]] == [("Nhà văn hóa", 105.007, "never")]
    commune.admin.call("PATCH", f"/api/stations/{made['id']}", {"lat": None, "lon": None})
    assert commune.admin.get("/api/map")["unplaced"] == 1


@pytest.mark.parametrize("row, row_number", [
    ("S-1,Trạm,Thôn Tây,,,", 2), ("S-1,Trạm,Thôn Đông,91,0,", 2), ("S-1,Trạm,Thôn Đông,20,,", 2), ("S-1,Trạm,Thôn Đông,,,1", 2),
    (",Trạm,Thôn Đông,,,", 2), ("S-1,,Thôn Đông,,,", 2), ("S-1,A,Thôn Đông,,,\nS-1,B,Thôn Đông,,,", 3)])
def test_a_wrong_row_is_named_and_nothing_is_stored(commune, row, row_number):
    with pytest.raises(Problem) as refused:
        send(commune.admin, "/api/stations/import", "serial,name,area,lat,lon,volume_db\n" + row)
    assert refused.value.document["errors"][0]["pointer"] == f"/rows/{row_number}"
    assert refused.value.document["errors"][0]["detail"]


def test_what_is_no_table_is_said_so(commune):
    with pytest.raises(Problem) as refused:
        send(commune.admin, "/api/stations/import", "")
    assert refused.value.slug == "not-a-table"


def test_outlines_are_taken_over_whole(commune):
    def outline(name, *ring):
        return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [list(ring)]}}

    ring = [[105, 20], [106, 20], [106, 21], [105, 20]]
    bad = {"type": "FeatureCollection", "features": [outline("Xã Phú Xuân", *ring), outline("Thôn Đông", [200, 0])]}
    with pytest.raises(Problem) as refused:
        commune.admin.call("POST", "/api/areas/geojson", bad)
    assert refused.value.document["errors"][0]["pointer"] == "/rows/3"
    assert commune.admin.get("/api/map")["areas"]["features"] == []
    bad["features"].pop()
    assert commune.admin.call("POST", "/api/areas/geojson", bad)["stored"]
    feature, = commune.admin.get("/api/map")["areas"]["features"]
    assert feature["properties"]["name"] == "Xã Phú Xuân" and feature["geometry"]["coordinates"] == [ring]


@pytest.mark.parametrize("login", ["leader", "operator"])
def test_who_does_not_manage_may_not_send_lists(commune, login):
    person = commune.person(login)
    for path, body, headers in (("/api/areas/import", b"name\nX\n", CSV), ("/api/stations/import", b"serial\nX\n", CSV),
                                ("/api/areas/geojson", b'{"features":[]}', {"Content-Type": "application/json"}),
                                ):
        assert person.raw("POST", path, body, headers)[0] == 403
    assert person.raw("GET", "/api/audit.csv")[0] == 403
    assert person.raw("PATCH", "/api/settings", b"{}", {"Content-Type": "application/json"})[0] in (403, 404)
    for path in ("/api/map", "/api/schedule", "/api/home/since"):
        assert person.raw("GET", f"{path}?area={commune.memory['province']}")[0] == 404, "not even told that it is there"
        assert person.raw("GET", f"{path}?area={commune.memory['commune']}")[0] == 200


def test_the_system_log_is_searched_without_accents(commune):
    commune.admin.call("PATCH", f"/api/areas/{commune.memory['village']}", {"name": "Thôn Đoài"})
    found = commune.admin.get("/api/audit", q="thon doai")["items"]
    assert found and all(entry["area_name"] == "Thôn Đoài" for entry in found)
    assert {entry["verb"].split(".")[0] for entry in commune.admin.get("/api/audit", verb="area")["items"]} == {"area"}
    assert commune.admin.get("/api/audit", from_="2100-01-01T00:00:00Z")["items"] == []
    table = commune.admin.raw("GET", "/api/audit.csv?q=thon+doai")[2].decode("utf-8-sig").splitlines()
    assert table[0].startswith("at,user,verb") and len(table) == len(found) + 1
    commune.admin.call("PATCH", f"/api/areas/{commune.memory['village']}", {"name": "Thôn Đông"})


def test_settings_are_read_by_all_and_changed_at_the_top(commune):
    changed = commune.admin.call("PATCH", "/api/settings", {"support": "0218 000 000"})
    assert changed["support"] == "0218 000 000" and changed["report_heading"] == "" and changed["may_change"]
    assert commune.person("operator").get("/api/settings") == {**changed, "may_change": False}


def test_what_failed_since_is_told(commune):
    told = commune.admin.get("/api/home/since")
    assert (told["missed"], told["partial"], told["unknown"], told["items"]) == (0, 0, 0, [])


def test_what_aired_can_be_ordered_again(commune):
    """Nothing aired here: nothing is proposed, also to who may look at one village only."""
    for area in (None, commune.memory["commune"], commune.memory["village"]):
        assert commune.admin.get("/api/home/again", area=area) == {"items": []}


def titles(page):
    return [one["title"] for one in page["items"]]


def test_bulletins_are_found_without_accents_and_come_by_pages(commune):
    operator, home = commune.operator, commune.memory["commune"]
    made = [operator.post("/api/bulletins", {"area": home, "title": title})["id"] for title in
            ("Lịch tiêm chủng", "Thông báo cắt điện", "Đại hội nông dân", "Tiêm phòng dại")]
    operator.post("/api/bulletins", {"area": home, "title": "Nước sạch", "text": "Ngừng cấp nước để tiêm thuốc khử trùng."})
    top = commune.admin.post("/api/bulletins", {"area": commune.memory["province"], "title": "Tiêm chủng toàn tỉnh"})["id"]

    found = operator.get("/api/bulletins", area=home, q="tiem")
    assert titles(found) == ["Nước sạch", "Tiêm phòng dại", "Lịch tiêm chủng"] and found["total"] == 3 and found["next"] is None
    assert all("text" not in one for one in found["items"]), "a list carries no typed texts"
    assert operator.get(f"/api/bulletins/{found['items'][0]['id']}")["text"].startswith("Ngừng cấp")
    assert titles(operator.get("/api/bulletins", q="DAI TIÊM")) == ["Tiêm phòng dại"]
    assert titles(commune.admin.get("/api/bulletins", q="tiem chung")) == ["Tiêm chủng toàn tỉnh", "Lịch tiêm chủng"]
    with pytest.raises(Problem):
        operator.get("/api/bulletins", area=commune.memory["province"])

    first = operator.get("/api/bulletins", area=home, limit=2)
    operator.post("/api/bulletins", {"area": home, "title": "Mới giữa chừng"})
    second = operator.get("/api/bulletins", area=home, limit=2, after=first["next"])
    assert titles(first) + titles(second) == ["Nước sạch", "Tiêm phòng dại", "Đại hội nông dân", "Thông báo cắt điện"]
    assert (first["total"], second["total"]) == (5, 6)

    assert operator.post(f"/api/bulletins/{made[0]}/withdraw")["state"] == "withdrawn"
    assert titles(operator.get("/api/bulletins", area=home, state="withdrawn,rejected")) == ["Lịch tiêm chủng"]
    assert operator.get("/api/bulletins", area=home, airs="true")["total"] == 0
    assert operator.get("/api/bulletins", area=home, author="me")["total"] == 6
    assert commune.admin.get("/api/bulletins", area=home, author="me")["total"] == 0
    assert [one["id"] for one in commune.admin.get("/api/bulletins", above=home, q="toan tinh")["items"]] == [top]
    assert top not in [one["id"] for one in operator.get("/api/bulletins", above=home, limit=200)["items"]], "not seen from below"
    assert operator.get("/api/bulletins", area=home, aired="yesterday") == {"items": [], "next": None, "total": None}
    for wrong in ({"state": "approved,x"}, {"after": "x"}, {"relay": "1"}, {"aired": "today"}, {"q": "x" * 201}, {"author": ""}):
        with pytest.raises(Problem) as refused:
            operator.get("/api/bulletins", **{"area": home, **wrong})
        assert refused.value.status == 400, wrong
