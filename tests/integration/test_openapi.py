"""What the controller answers is what openapi.json says: every member, no other."""

import base64
import contextlib
import copy
import hmac
import json
import re
import struct
import time

import pytest
from client import Client, Problem
from commune import Commune
from conftest import BUILD, ROOT
from desk import Desk, wait_for
from jsonschema import Draft202012Validator
from paper_station import PaperStation
from radio import Radio

DOCUMENT = json.loads((ROOT / "controller" / "openapi.json").read_text())


def closed(schema):
    """The same schema, in which a member that is not named is wrong."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(part) for key, part in schema.items()}
    if isinstance(made.get("properties"), dict) and "additionalProperties" not in made:
        made["additionalProperties"] = False
    return made


STRICT = {**closed(copy.deepcopy({"components": {"schemas": DOCUMENT["components"]["schemas"]}})),
          "components": {"schemas": closed(copy.deepcopy(DOCUMENT["components"]["schemas"]))}}


def template_of(path):
    path = path.split("?")[0]
    for template in sorted(DOCUMENT["paths"], key=lambda name: name.count("{")):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return template
    raise AssertionError(f"{path} is not in the document")


def judge(method, path, status, headers, content):
    operation = DOCUMENT["paths"][template_of(path)][method.lower()]
    answer = operation["responses"].get(str(status))
    if answer is None:
        assert status >= 400, f"{method} {path}: {status} is not in the document"
        answer = DOCUMENT["components"]["responses"]["Problem"]
    wanted = answer.get("content", {})
    if not wanted:
        assert content == b"", f"{method} {path}: a body that is not in the document"
        return
    kind = headers["Content-Type"].split(";")[0]
    assert kind in wanted, f"{method} {path}: {kind}"
    if kind in ("application/json", "application/problem+json"):
        schema = {**closed(copy.deepcopy(wanted[kind]["schema"])), "components": STRICT["components"]}
        errors = [f"{list(error.absolute_path)}: {error.message}"
                  for error in Draft202012Validator(schema).iter_errors(json.loads(content))]
        assert not errors, f"{method} {path}: {errors}"


class Judging(Client):
    """A client that holds every answer against the document."""

    seen = set()

    def raw(self, method, path, body=None, headers=None):
        status, got, content = super().raw(method, path, body, headers)
        judge(method, path, status, got, content)
        self.seen.add((method.lower(), template_of(path)))
        return status, got, content


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    import desk as desk_module

    original = desk_module.Client
    desk_module.Client = Judging
    try:
        with Desk(BUILD, tmp_path_factory.mktemp("openapi")) as desk:
            desk.start_controller()
            made = Commune(desk)
            made.found()
            made.log_in()
            yield made
    finally:
        desk_module.Client = original


def code_of(secret):
    """The code of now, RFC 6238."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1").digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def in_a_minute():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60))


def urgent_things(admin, area, bulletin, station):
    clip = admin.call("POST", "/api/alert-clips", {"area": area, "bulletin": bulletin, "severity": 4, "button": 1})["id"]
    admin.call("PATCH", f"/api/alert-clips/{clip}", {"title": "Lũ khẩn cấp", "every_minutes": 30})
    admin.get("/api/alert-clips")
    targets = [{"kind": "station", "id": station}]
    alert = admin.call("POST", "/api/alerts", {"area": area, "clip": clip, "targets": targets, "every_minutes": 30})["id"]
    admin.get("/api/alerts")
    admin.get(f"/api/alerts/{alert}")
    airing = next(a for a in admin.get("/api/airings")["items"] if a["broadcast"] == alert)["id"]
    admin.call("POST", f"/api/airings/{airing}/stop", {})
    admin.get(f"/api/stations/{station}/test-tone")
    admin.call("POST", f"/api/stations/{station}/test-tone", {"gain_db": -6})
    admin.get(f"/api/stations/{station}/test-tone")
    admin.call("POST", f"/api/stations/{station}/volume", {"volume_db": -6})
    admin.call("POST", f"/api/stations/{station}/mute", {"minutes": 5, "reason": "Thử"})
    admin.get(f"/api/stations/{station}/orders")
    admin.delete(f"/api/stations/{station}/mute")
    admin.call("POST", f"/api/alerts/{alert}/cancel", {"reason": "Thử"})
    with pytest.raises(Problem) as refused:  # one's own
        admin.call("POST", f"/api/alerts/{alert}/review", {"verdict": "right", "reason": "Đúng"})
    assert refused.value.status == 403
    admin.delete(f"/api/alert-clips/{clip}")


def test_every_answer_is_as_the_document_says(commune):
    admin, top = commune.admin, commune.memory["province"]
    station = PaperStation(commune.desk.link)
    station.announce()
    admin.get("/api/enrolments")
    identity = admin.post(f"/api/enrolments/{station.code}", {"area": commune.memory["commune"], "name": "Thôn Đông"})["id"]
    station.poll()
    admin.get("/api/stations", q="thon dong")
    bulletin = commune.speak_bulletin("Thông báo", "Xin chào bà con.")["id"]
    order = commune.broadcast(bulletin, {"kind": "once", "at": in_a_minute()}, [{"kind": "station", "id": identity}])
    wait_for(lambda: station.plan()[2]["airings"], 10)
    station.send("POST", "/health", {
        "boot_id": station.boot, "software": "paper/1", "protocol": 1, "formats": ["ogg-opus"], "full": True,
        "plan": {"epoch": 1, "version": 1}, "media": {"ready": 1, "missing": []}, "now_playing": None,
        "level_dbfs": None, "volume_mdb": 0, "clock": {"trust": 2, "error_ms": 5}, "receipts_waiting": 0,
        "storage_free_bytes": 1 << 30, "amplifier": "off",
        "data": {"day": 20779, "day_bytes": 5, "month_bytes": 9, "month_kinds": {"relay": 9}, "day_limit": None,
                 "month_limit": 10, "forecast_bytes": None, "state": "near"},
        "modem": {"signal_percent": 15, "technology": "lte", "operator": "Viettel", "state": "connected", "rx_bytes": 7, "tx_bytes": 2},
        "faults": [{"code": "device_fault", "since_us": 1}],
        "refusals": [{"code": "plan.bad-signature", "count": 2, "first_us": 1, "last_us": 2}]})

    admin.get("/api/me")
    admin.call("PATCH", "/api/me", {"language": "en"})
    admin.get("/api/users")
    admin.get("/api/sessions")
    operator = next(user["id"] for user in admin.get("/api/users")["items"] if user["login"] == "operator")
    admin.call("PATCH", f"/api/users/{operator}", {"phone": "0912 345 678"})
    temporary = admin.call("POST", f"/api/users/{operator}/reset-password", {})["password"]
    for _ in range(2):
        person = Judging(commune.desk.people)
        person.log_in("operator", temporary)
    person.call("POST", "/api/me/password", {"old": temporary, "new": commune.memory["accounts"]["operator"]})
    person.delete(f"/api/sessions/{person.get('/api/sessions')['items'][0]['id']}")
    commune.operator = commune.person("operator")
    secret = commune.operator.call("POST", "/api/me/totp", {})["secret"]
    codes = commune.operator.call("POST", "/api/me/totp/confirm", {"code": code_of(secret)})["recovery_codes"]
    codes = commune.operator.call("POST", "/api/me/recovery-codes", {"code": codes[0]})["recovery_codes"]
    person = Judging(commune.desk.people)
    ticket = person.log_in("operator", commune.memory["accounts"]["operator"])["ticket"]
    person.call("POST", "/api/session/code", {"ticket": ticket, "code": codes[0]})
    person.call("POST", "/api/me/totp/off", {"code": codes[1]})
    admin.get("/api/access-policy")
    admin.call("PATCH", "/api/access-policy", {"totp_for_administrators": False})
    commune.operator.delete("/api/sessions")
    token = admin.call("POST", "/api/tokens", {"name": "Máy đọc", "expires_at": "2100-01-01T00:00:00Z"})
    admin.get("/api/tokens")
    admin.get("/api/roles")
    admin.get("/api/inbox")
    admin.delete(f"/api/tokens/{token['id']}")
    admin.call("PATCH", f"/api/areas/{commune.memory['commune']}", {"one_person_approves": True})
    admin.get("/api/stations")
    admin.get(f"/api/stations/{identity}")
    admin.get(f"/api/stations/{identity}/receipts")
    admin.get(f"/api/stations/{identity}/agenda")
    beside = admin.call("POST", "/api/areas", {"parent": top, "name": "Xã bên cạnh", "kind": "commune"})["id"]
    admin.call("PUT", f"/api/areas/{top}/policy", {"quiet": [], "day_min": 600, "roles": {"village_head": ["normal"]}, "ceilings": [
        {"from": "21:00", "until": "06:00", "gain_db": -6}]})
    admin.get(f"/api/areas/{top}/policy")
    group = admin.call("POST", "/api/groups", {"area": commune.memory["commune"], "name": "Liên xã", "members": [
        {"kind": "area", "id": commune.memory["commune"]}, {"kind": "area", "id": beside}]})
    admin.get("/api/groups", area=top)
    admin.get("/api/group-candidates", area=commune.memory["commune"], q="ben canh")
    assert [line["member"] for line in admin.get("/api/group-requests")["items"]] == [beside]
    for answer in ("accept", "withdraw", "request", "refuse"):
        admin.post(f"/api/groups/{group['id']}/members/{beside}/{answer}", {"reason": "Thử"})
    admin.call("PATCH", f"/api/groups/{group['id']}", {"name": "Liên xã Đông"})
    admin.get(f"/api/groups/{group['id']}")
    admin.delete(f"/api/groups/{group['id']}")
    with contextlib.closing(Radio(commune.desk.place)) as radio:
        trial = admin.call("POST", "/api/source-trials", {"area": top, "url": radio.url()})
        wait_for(lambda: admin.get(f"/api/source-trials/{trial['id']}")["state"] == "heard", 40)
    admin.raw("GET", f"/api/source-trials/{trial['id']}/audio")
    source = admin.call("POST", "/api/sources", {"area": top, "name": "Đài tỉnh", "addresses": [{"trial": trial["id"]}]})
    admin.get("/api/sources", area=commune.memory["commune"])
    admin.call("PATCH", f"/api/sources/{source['id']}", {"name": "Đài PT-TH tỉnh"})
    admin.call("POST", "/api/bulletins", {"area": top, "title": "Tiếp sóng", "relay": {"source": source["id"], "minutes": 30}})
    admin.delete(f"/api/sources/{source['id']}")
    admin.call("POST", "/api/broadcasts/check", {
        "bulletin": order["bulletin"], "area": order["area"], "targets": order["targets"],
        "when": {"kind": "now"}})
    admin.call("PUT", f"/api/areas/{top}/precedence", {"date": "2100-01-01", "broadcasts": [order["id"]]})
    assert admin.get(f"/api/areas/{top}/precedence")["days"][0]["broadcasts"][0]["id"] == order["id"]
    admin.call("PATCH", f"/api/stations/{identity}", {"name": "Thôn Đoài", "volume_db": -3})
    for area in (top, commune.memory["commune"]):
        admin.get("/api/home", area=area)
        admin.get("/api/bulletins", area=area)
        admin.get("/api/broadcasts", area=area)
    admin.get(f"/api/broadcasts/{order['id']}")
    admin.get(f"/api/broadcasts/{order['id']}/occurrences")
    assert admin.get(f"/api/broadcasts/{order['id']}/fates")["stations"] >= 1
    assert admin.get(f"/api/broadcasts/{order['id']}/withdrawal")["deleted"] is False
    link = admin.post("/api/me/calendar-links", {"area": area, "name": "Điện thoại"})
    assert admin.raw("GET", link["path"])[0] == 200
    assert [one["id"] for one in admin.get("/api/me/calendar-links")["items"]] == [link["id"]]
    admin.delete(f"/api/me/calendar-links/{link['id']}")
    assert admin.raw("POST", f"/api/broadcasts/{order['id']}/losses/none/seen", b"{}",
                     {"Content-Type": "application/json"})[0] == 404
    admin.call("PATCH", f"/api/broadcasts/{order['id']}", {"scope": "all", "gain_db": -3}, {"Idempotency-Key": "a change as the panel sends it"})
    _, _, calendar = admin.raw("GET", f"/api/areas/{top}/calendar.ics")
    admin.raw("POST", f"/api/areas/{top}/calendar.ics", calendar, {"Content-Type": "text/calendar"})
    admin.call("POST", f"/api/areas/{top}/calendar-import", {
        "calendar": calendar.decode(), "targets": order["targets"], "choices": [{"uid": "none", "bulletin": bulletin}]})
    items = [{"kind": "tune", "gain_db": -6}, {"kind": "bulletin", "bulletin": bulletin}]
    programme = admin.post("/api/programmes", {"area": top, "title": "Sáng", "items": items[:1] + [
        {"kind": "bulletin", "bulletin": admin.post("/api/bulletins", {
            "area": top, "title": "Thông báo của tỉnh", "text": "Kính chào bà con."})["id"]}]})["id"]
    admin.get("/api/programmes")
    admin.get(f"/api/programmes/{programme}")
    admin.call("PATCH", f"/api/programmes/{programme}", {"title": "Sáng sớm"})
    admin.delete(f"/api/programmes/{programme}")
    admin.get("/api/programme-kinds")
    template = {"title": "Sáng", "items": items, "when": {"time": "05:30", "weekdays": ["mon"]},
                "targets": [{"kind": "area", "id": commune.memory["commune"]}]}
    kept = admin.post("/api/programme-templates", {"area": commune.memory["commune"], **template})["id"]
    admin.get("/api/programme-templates")
    admin.call("PUT", f"/api/programme-templates/{kept}", template)
    admin.delete(f"/api/programme-templates/{kept}")
    admin.call("PUT", f"/api/areas/{commune.memory['commune']}/lead-in-tune", {"bulletin": bulletin})
    admin.get(f"/api/areas/{commune.memory['village']}/lead-in-tune")
    admin.get("/api/holidays")
    admin.call("PUT", "/api/holidays/le-hoi", {"name_vi": "Lễ hội", "name_en": "Festival", "rows": [
        {"name_vi": "Hội làng", "name_en": "Village festival", "lunar": True, "month": 1, "day": 10}]})
    admin.call("PUT", "/api/holidays/le-hoi/years/2027", {"days": [
        {"date": "2027-02-15", "name_vi": "Hội làng", "name_en": "Village festival"}]})
    general = admin.call("DELETE", "/api/holidays/le-hoi/years/2027")
    assert [row for row in general["rows"] if row["from_year"] == 2027] == []
    admin.delete("/api/holidays/le-hoi")
    airing = admin.get("/api/airings", **{"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"})["items"][0]
    admin.get(f"/api/airings/{airing['id']}", planned_start=airing["planned_start"])
    admin.get("/api/airing-groups")
    admin.get("/api/reports/monthly")
    admin.get("/api/reports/coverage")
    for report in ("airings", "reports/monthly", "reports/coverage"):
        for form in ("csv", "xlsx"):
            admin.raw("GET", f"/api/{report}.{form}")
    admin.call("PUT", f"/api/reports/coverage/{commune.memory['commune']}", {"legacy": "fm"})
    admin.get("/api/audit")
    admin.get("/api/audit", q="thon doai", verb="station", from_="2020-01-01T00:00:00Z")
    admin.raw("GET", "/api/audit.csv")
    admin.get("/api/settings")
    admin.call("PATCH", "/api/settings", {"report_heading": "UBND TỈNH HÒA BÌNH", "support": "Tổ kỹ thuật, 0218 000 000"})
    admin.raw("POST", f"/api/areas/import?area={top}", "tên,loại\nXã Mới,Xã\n".encode(), {"Content-Type": "text/csv"})
    admin.raw("POST", f"/api/stations/import?area={top}&dry_run=true", "số máy,tên\nP-9,Thôn Chín\n".encode(), {"Content-Type": "text/csv"})
    admin.call("POST", "/api/areas/geojson", {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"id": top}, "geometry": {"type": "Polygon", "coordinates": [
            [[105, 20], [106, 20], [106, 21], [105, 20]]]}}]})
    admin.call("PATCH", f"/api/stations/{identity}", {"lat": 20.5, "lon": 105.5})
    admin.get("/api/map", area=top)
    admin.get("/api/schedule", area=top)
    admin.get("/api/home/since", area=top)
    admin.get("/api/home/again", area=top)
    admin.get("/healthz")
    admin.raw("GET", "/metrics")
    admin.get("/api/openapi.json")
    admin.get("/api/setup")
    admin.raw("GET", f"/api/bulletins/{bulletin}/audio")
    admin.get(f"/api/bulletins/{bulletin}/peaks")
    admin.get(f"/api/bulletins/{bulletin}/versions")
    admin.raw("GET", "/api/ledger/export")
    urgent_things(admin, commune.memory["commune"], bulletin, identity)
    admin.call("PATCH", f"/api/bulletins/{bulletin}", {"title": "Thông báo mới"})
    admin.post(f"/api/bulletins/{bulletin}/submit")
    admin.post(f"/api/bulletins/{bulletin}/reject", {"reason": "Sai giờ"})
    admin.post(f"/api/bulletins/{bulletin}/revert")
    admin.post(f"/api/bulletins/{bulletin}/shorten", {"valid_until": "2099-01-01T00:00:00Z"})
    admin.delete(f"/api/broadcasts/{order['id']}")
    admin.post(f"/api/bulletins/{bulletin}/withdraw")
    admin.get("/api/airings", outcome="cancelled")
    carried = admin.get(f"/api/stations/{identity}/carry")
    admin.raw("GET", f"/api/stations/{identity}/carry/{carried['media'][0]['sha256'] if carried['media'] else '0' * 64}")
    spare = PaperStation(commune.desk.link)
    spare.announce()
    admin.post(f"/api/stations/{identity}/replace", {"code": spare.code})
    admin.post(f"/api/stations/{identity}/retire")


@pytest.mark.parametrize("method, path, body, status", [
    ("GET", "/api/stations/nowhere", None, 404),
    ("GET", "/api/bulletins?limit=0", None, 422),
    ("POST", "/api/areas", {"name": ""}, 422),
    ("POST", "/api/broadcasts", {"bulletin": 7}, 422),
    ("POST", "/api/enrolments/XXXXXXXX", {"area": "a", "name": "b"}, 404),
])
def test_refusals_are_problem_documents(commune, method, path, body, status):
    with pytest.raises(Problem) as refused:
        commune.admin.call(method, path, body)
    assert refused.value.status == status


def test_logging_out_ends_the_session(commune):
    person = commune.person("leader")
    person.call("DELETE", "/api/session")
    with pytest.raises(Problem) as refused:
        person.get("/api/me")
    assert refused.value.status == 401


def test_nearly_every_operation_of_people_was_asked(commune):
    asked_elsewhere = {("get", "/api/events"), ("options", "/api/uploads"), ("head", "/api/uploads/{id}"),
                       ("delete", "/api/uploads/{id}")}
    operations = {(method, path) for path, item in DOCUMENT["paths"].items() if not path.startswith("/station")
                  for method in item}
    assert operations - Judging.seen - asked_elsewhere == set()
