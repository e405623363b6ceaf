"""Every route, asked by every role about its own village, the commune above and the village beside.

The table of roles is read from /api/roles, which serves the one that decides. NEEDS says which right a
route asks for; a route that is not in it fails the test, so that nobody adds one without saying."""

import json
import re
import time

import pytest
from client import Client, Problem
from commune import Commune
from conftest import BUILD, ROOT
from desk import Desk, password, speak
from paper_station import PaperStation

DOCUMENT = json.loads((ROOT / "controller" / "openapi.json").read_text())
ROLES = [role for role in ("administrator", "editor", "auditor", "commune_leader", "commune_operator",
                           "village_head", "technician", "viewer")]

# Routes about the caller's own account, or open to everybody: no area decides.
OWN = {"/healthz", "/metrics", "/api/openapi.json", "/api/setup", "/api/session", "/api/session/code", "/api/me",
       "/api/me/password", "/api/me/totp", "/api/me/totp/confirm", "/api/me/totp/off", "/api/me/recovery-codes",
       "/api/sessions", "/api/sessions/{id}", "/api/roles", "/api/inbox", "/api/tokens", "/api/tokens/{id}",
       "/api/events", "/api/uploads", "/api/uploads/{id}", "/api/group-requests", "/api/settings",
       "/api/enrolments", "/api/me/calendar-links", "/api/me/calendar-links/{id}", "/api/calendars/{secret}/calendar.ics"}
# Routes that only the top of the tree may use: (right, valid body).
TOP = {("GET", "/api/access-policy"), ("PATCH", "/api/access-policy"), ("PATCH", "/api/settings"),
       ("PUT", "/api/holidays/{id}"), ("DELETE", "/api/holidays/{id}"), ("PUT", "/api/holidays/{id}/years/{year}"),
       ("DELETE", "/api/holidays/{id}/years/{year}"),
       ("GET", "/api/ledger/export")}
# Lists without ?area= show only what lies where the caller may look; asked for leaks below.
LISTS = {("GET", "/api/areas"), ("GET", "/api/users"), ("GET", "/api/holidays")}


class World:
    """One of everything in three places: village A, village B beside it, and the commune above."""

    def __init__(self, commune):
        self.commune, self.admin = commune, commune.admin
        self.places = {"own": commune.memory["village"], "parent": commune.memory["commune"]}
        self.places["sibling"] = self.admin.post("/api/areas", {
            "parent": self.places["parent"], "name": "Thôn Đoài", "kind": "village"})["id"]
        self.there = {name: {} for name in self.places}
        wav = commune.desk.place / "source.wav"
        speak("Một hai ba.", wav)
        self.upload = lambda: self.admin.upload(wav.read_bytes(), "a.wav", "audio/wav")
        for name in self.places:
            self.fill(name)
        self.people = {role: self.person(role) for role in ROLES}

    def person(self, role):
        secret, login = password(), f"p-{role.replace('_', '-')}"
        self.admin.post("/api/users", {"name": role, "login": login, "password": secret,
                                       "grants": [{"role": role, "area": self.places["own"]}]})
        client = Client(self.commune.desk.people)
        client.log_in(login, secret)
        return client

    def fill(self, name):
        area, there = self.places[name], self.there[name]
        station = PaperStation(self.commune.desk.link)
        station.announce()
        there["station"] = self.admin.post(f"/api/enrolments/{station.code}", {"area": area, "name": name})["id"]
        there["bulletin"] = self.admin.post("/api/bulletins", {"area": area, "title": f"Tin {name}",
                                                               "upload": self.upload()})["id"]
        self.commune.wait_audio(there["bulletin"])
        self.admin.call("PATCH", f"/api/areas/{area}", {"one_person_approves": True})
        self.admin.post(f"/api/bulletins/{there['bulletin']}/submit")
        self.admin.post(f"/api/bulletins/{there['bulletin']}/approve")
        self.admin.call("PATCH", f"/api/areas/{area}", {"one_person_approves": False})
        there["user"] = self.admin.post("/api/users", {
            "name": f"Người {name}", "login": f"u-{name}", "password": password(),
            "grants": [{"role": "viewer", "area": area}]})["id"]
        for kind in MADE:
            there[kind] = self.make(kind, name)

    def make(self, kind, name):
        path, body = MADE[kind](self.places[name], self.there[name])
        return self.admin.post(path, body)["id"]


def soon():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86400))


def broadcast(area, there):
    return {"bulletin": there["bulletin"], "area": area, "targets": [{"kind": "area", "id": area}],
            "when": {"kind": "once", "at": soon()}}


ITEMS = lambda there: [{"kind": "bulletin", "bulletin": there["bulletin"]}]
MADE = {
    "programme": lambda area, there: ("/api/programmes", {"area": area, "title": "x", "items": ITEMS(there)}),
    "template": lambda area, there: ("/api/programme-templates", {"area": area, "title": "x", "items": ITEMS(there)}),
    "broadcast": lambda area, there: ("/api/broadcasts", broadcast(area, there)),
    "group": lambda area, there: ("/api/groups", {"area": area, "name": "x",
                                                  "members": [{"kind": "area", "id": area}]}),
    "clip": lambda area, there: ("/api/alert-clips", {"area": area, "title": "x", "bulletin": there["bulletin"],
                                                      "severity": 2}),
}

# (method, path with {kind} of what it is about): (right, body when valid). "{area}" in a query asks about an area.
NEEDS = {
    ("GET", "/api/audit?area={area}"): "audit",
    ("GET", "/api/audit.csv?area={area}"): "audit",
    ("POST", "/api/users"): ("manage_users", lambda a, t: {
        "name": "x", "login": f"x{time.monotonic_ns()}", "password": "Rất dài 9 và lạ", "grants": [
            {"role": "viewer", "area": a}]}),
    ("PATCH", "/api/users/{user}"): ("manage_users", lambda a, t: {"name": "x"}),
    ("POST", "/api/users/{user}/reset-password"): ("manage_users", lambda a, t: {}),
    ("POST", "/api/areas"): ("manage_areas", lambda a, t: {"parent": a, "name": "x", "kind": "village"}),
    ("PATCH", "/api/areas/{area}"): ("manage_areas", lambda a, t: {"name": "x"}),
    ("GET", "/api/areas/{area}/policy"): "view",
    ("PUT", "/api/areas/{area}/policy"): ("manage_areas", lambda a, t: {}),
    ("GET", "/api/areas/{area}/lead-in-tune"): "view",
    ("PUT", "/api/areas/{area}/lead-in-tune"): ("schedule", lambda a, t: {"bulletin": None}),
    ("GET", "/api/areas/{area}/calendar.ics"): "view",
    ("POST", "/api/areas/{area}/calendar-import"): ("schedule", lambda a, t: {
        "calendar": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "targets": [{"kind": "area", "id": a}]}),
    ("GET", "/api/groups?area={area}"): "view",
    ("POST", "/api/groups"): ("schedule", MADE["group"]),
    ("GET", "/api/groups/{group}"): "view",
    ("PATCH", "/api/groups/{group}"): ("schedule", lambda a, t: {"name": "x"}),
    ("DELETE", "/api/groups/{group}"): "schedule",
    ("GET", "/api/group-candidates?area={area}"): "view",
    ("GET", "/api/map?area={area}"): "view",
    ("GET", "/api/stations?area={area}"): "view",
    ("GET", "/api/stations/{station}"): "view",
    ("PATCH", "/api/stations/{station}"): ("manage_stations", lambda a, t: {"name": "x"}),
    ("GET", "/api/stations/{station}/agenda"): "view",
    ("POST", "/api/stations/{station}/retire"): ("manage_stations", None),
    ("POST", "/api/stations/{station}/replace"): ("manage_stations", lambda a, t: {"code": "00000000"}),
    ("GET", "/api/stations/{station}/receipts"): "view",
    ("GET", "/api/stations/{station}/test-tone"): "view",
    ("POST", "/api/stations/{station}/test-tone"): ("manage_stations", lambda a, t: {"gain_db": -6}),
    ("GET", "/api/stations/{station}/orders"): "view",
    ("POST", "/api/stations/{station}/volume"): ("manage_stations", lambda a, t: {"volume_db": -6}),
    ("POST", "/api/stations/{station}/mute"): ("schedule", lambda a, t: {"minutes": 1, "reason": "x"}),
    ("DELETE", "/api/stations/{station}/mute"): "schedule",
    ("GET", "/api/stations/{station}/carry"): "manage_stations",
    ("GET", "/api/sources?area={area}"): "view",
    ("POST", "/api/source-trials"): ("create_content", lambda a, t: {"area": a, "url": "http://127.0.0.1:9/x.mp3"}),
    ("GET", "/api/bulletins?area={area}"): "view",
    ("POST", "/api/bulletins"): ("create_content", lambda a, t: {"area": a, "title": "x"}),
    ("GET", "/api/bulletins/{bulletin}"): "view",
    ("PATCH", "/api/bulletins/{bulletin}"): ("create_content", lambda a, t: {"title": "x"}),
    ("GET", "/api/bulletins/{bulletin}/audio"): "view",
    ("GET", "/api/bulletins/{bulletin}/peaks"): "view",
    ("GET", "/api/bulletins/{bulletin}/versions"): "view",
    ("POST", "/api/bulletins/{bulletin}/submit"): ("create_content", lambda a, t: {}),
    ("POST", "/api/bulletins/{bulletin}/approve"): ("approve_content", lambda a, t: {}),
    ("POST", "/api/bulletins/{bulletin}/reject"): ("approve_content", lambda a, t: {"reason": "x"}),
    ("POST", "/api/bulletins/{bulletin}/withdraw"): ("approve_content", None),
    ("POST", "/api/bulletins/{bulletin}/shorten"): ("approve_content", lambda a, t: {"valid_until": "2031-01-01T00:00:00Z"}),
    ("POST", "/api/bulletins/{bulletin}/revert"): ("approve_content", lambda a, t: {}),
    ("GET", "/api/programmes?area={area}"): "view",
    ("POST", "/api/programmes"): ("create_content", MADE["programme"]),
    ("GET", "/api/programmes/{programme}"): "view",
    ("PATCH", "/api/programmes/{programme}"): ("create_content", lambda a, t: {"title": "x"}),
    ("DELETE", "/api/programmes/{programme}"): "create_content",
    ("GET", "/api/programme-kinds?area={area}"): "view",
    ("GET", "/api/programme-templates?area={area}"): "view",
    ("POST", "/api/programme-templates"): ("create_content", MADE["template"]),
    ("PUT", "/api/programme-templates/{template}"): ("create_content", lambda a, t: {"title": "x", "items": ITEMS(t)}),
    ("DELETE", "/api/programme-templates/{template}"): "create_content",
    ("GET", "/api/broadcasts?area={area}"): "view",
    ("POST", "/api/broadcasts"): ("schedule", lambda a, t: broadcast(a, t)),
    ("POST", "/api/broadcasts/check"): ("schedule", lambda a, t: broadcast(a, t)),
    ("GET", "/api/broadcasts/{broadcast}"): "view",
    ("PATCH", "/api/broadcasts/{broadcast}"): ("schedule", lambda a, t: {"scope": "all", "gain_db": -3}),
    ("DELETE", "/api/broadcasts/{broadcast}"): "schedule",
    ("GET", "/api/broadcasts/{broadcast}/occurrences"): "view",
    ("GET", "/api/broadcasts/{broadcast}/fates"): "view",
    ("GET", "/api/broadcasts/{broadcast}/withdrawal"): "view",
    ("POST", "/api/broadcasts/{broadcast}/losses/{other}/seen"): ("schedule", lambda a, t: {}),
    ("GET", "/api/schedule?area={area}"): "view",
    ("GET", "/api/alert-clips?area={area}"): "view",
    ("POST", "/api/alert-clips"): ("alert", MADE["clip"]),
    ("PATCH", "/api/alert-clips/{clip}"): ("alert", lambda a, t: {"title": "x"}),
    ("DELETE", "/api/alert-clips/{clip}"): "alert",
    ("GET", "/api/alerts?area={area}"): "view",
    ("GET", "/api/airings?area={area}"): "view",
    ("GET", "/api/areas/{area}/precedence"): "view",
    ("PUT", "/api/areas/{area}/precedence"): ("schedule", lambda a, t: {"broadcasts": []}),
    ("GET", "/api/airings.csv?area={area}"): "view",
    ("GET", "/api/airings.xlsx?area={area}"): "view",
    ("GET", "/api/airing-groups?area={area}"): "view",
    ("GET", "/api/reports/monthly?area={area}"): "view",
    ("GET", "/api/reports/monthly.csv?area={area}"): "view",
    ("GET", "/api/reports/monthly.xlsx?area={area}"): "view",
    ("GET", "/api/reports/coverage?area={area}"): "view",
    ("GET", "/api/reports/coverage.csv?area={area}"): "view",
    ("GET", "/api/reports/coverage.xlsx?area={area}"): "view",
    ("PUT", "/api/reports/coverage/{area}"): ("manage_areas", lambda a, t: {"legacy": "none"}),
    ("GET", "/api/home?area={area}"): "view",
    ("GET", "/api/home/since?area={area}"): "view",
    ("GET", "/api/home/again?area={area}"): "view",
}
# Asked in full by tests of their own, with the rights they need.
ELSEWHERE = {("POST", "/api/sources"), ("PATCH", "/api/sources/{id}"), ("DELETE", "/api/sources/{id}"),
             ("POST", "/api/areas/geojson"), ("POST", "/api/areas/import"), ("POST", "/api/stations/import"),
             ("POST", "/api/areas/{id}/calendar.ics"), ("POST", "/api/enrolments/{code}"),
             ("GET", "/api/stations/{id}/carry/{sha256}"), ("GET", "/api/source-trials/{id}"), ("GET", "/api/source-trials/{id}/audio"),
             ("POST", "/api/alerts"), ("GET", "/api/alerts/{id}"), ("POST", "/api/alerts/{id}/cancel"),
             ("POST", "/api/alerts/{id}/review"), ("POST", "/api/airings/{id}/stop"), ("GET", "/api/airings/{id}"),
             *((("POST", f"/api/groups/{{id}}/members/{{member}}/{act}"))
               for act in ("request", "accept", "refuse", "withdraw"))}


def template_of(path):
    return re.sub(r"\{(?!code|member|other|sha256|year)\w+\}", "{id}", path.split("?")[0])


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("access")) as desk:
        desk.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        yield World(commune)


def ask(world, role, place, method, path, body):
    area, there = world.places[place], world.there[place]
    address = path.replace("{area}", area)
    for kind, identity in there.items():
        address = address.replace("{%s}" % kind, identity)
    content = json.dumps(body).encode() if body is not None else None
    headers = {"Content-Type": "application/json"} if body is not None else {}
    status, _, _ = world.people[role].raw(method, address, content, headers)
    return status


def test_every_route_says_which_right_it_asks_for():
    known = {(method, template_of(path)) for method, path in NEEDS} | TOP | ELSEWHERE | LISTS
    missing = {(method.upper(), path) for path, item in DOCUMENT["paths"].items() if not path.startswith("/station/")
               for method in item if path not in OWN and (method.upper(), path) not in known}
    assert missing == set(), "name the right that it asks for in NEEDS of this file"


@pytest.mark.parametrize("role", ROLES)
def test_no_route_reaches_the_village_beside_or_the_commune_above(world, role):
    for (method, path), need in NEEDS.items():
        make = need[1] if isinstance(need, tuple) else None
        for place in ("sibling", "parent"):
            body = make(world.places[place], world.there[place]) if make else {} if method == "POST" else None
            body = body[1] if isinstance(body, tuple) else body
            status = ask(world, role, place, method, path, body)
            assert status in (403, 404), f"{role}: {method} {path} of the {place}: {status}"


@pytest.mark.parametrize("role", ROLES)
def test_at_home_the_table_decides(world, role):
    rights = {one["role"]: one["verbs"] for one in world.admin.get("/api/roles")["roles"]}[role]
    for (method, path), need in NEEDS.items():
        right, make = need if isinstance(need, tuple) else (need, None)
        may = right in rights
        kind = re.search(r"\{(\w+)\}", path)
        kind = kind and kind[1]
        gone = may and method == "DELETE" and kind in MADE  # a station's silence goes, not the station
        if gone:
            world.there["own"][kind] = world.make(kind, "own")
        body = make(world.places["own"], world.there["own"]) if make else {} if method == "POST" else None
        body = body[1] if isinstance(body, tuple) else body
        if may and method in ("POST", "PATCH", "PUT"):
            body = {"nobody_reads_this": 1}  # past the question of rights nothing shall happen
            if make is None:
                continue
        status = ask(world, role, "own", method, path, body)
        if may:
            assert status not in (401, 403, 404), f"{role}: {method} {path}: {status}"
        else:
            assert status in (403, 404), f"{role} has no {right}: {method} {path}: {status}"
        if gone:
            world.there["own"][kind] = world.make(kind, "own")


@pytest.mark.parametrize("method, path", sorted(TOP))
def test_what_all_share_belongs_to_the_top(world, method, path):
    bodies = {"/api/access-policy": {"totp_for_administrators": False}, "/api/settings": {"support": "x"},
              "/api/holidays/{id}": {"name_vi": "x", "name_en": "x", "rows": []},
              "/api/holidays/{id}/years/{year}": {"days": []}}
    for role in ROLES:
        body = bodies[path] if method in ("PUT", "PATCH") else None
        address = path.replace("{id}", "vn").replace("{year}", "2027")
        assert ask(world, role, "own", method, address, body) in (403, 404), role


@pytest.mark.parametrize("path", ["/api/areas", "/api/users", "/api/stations", "/api/bulletins", "/api/broadcasts",
                                  "/api/programmes", "/api/programme-templates", "/api/groups", "/api/sources",
                                  "/api/alert-clips", "/api/inbox"])
def test_a_list_never_tells_of_the_village_beside(world, path):
    beside = set(world.there["sibling"].values())
    for role in ROLES:
        status, _, content = world.people[role].raw("GET", path)
        assert status in (200, 403), f"{role}: {status}"
        assert not [identity for identity in beside if identity in content.decode()], role
