"""Bad input in every form: clear words beside the field, and what was typed is still there."""

import pytest

from desk import Desk, password
from totp import code_of

# What is wrong is not one field's: the words stand above the form. Passwords that were refused may be emptied.
ABOVE = {"log in: wrong password", "log in: nothing", "two steps: code", "second step: code",
         "import: no list", "import: no areas", "import: no outlines", "calendar file: none"}


def add_people(commune):
    """One who logs in in two steps, one with a temporary password."""
    accounts = commune.memory["accounts"]
    for login, name in (("twosteps", "Chị Hai Bước"), ("fresh", "Anh Mới")):
        accounts[login] = password()
        user = commune.admin.post("/api/users", {"name": name, "login": login, "password": accounts[login],
                                                 "grants": [{"role": "viewer", "area": commune.memory["commune"]}]})["id"]
    accounts["fresh"] = commune.admin.post(f"/api/users/{user}/reset-password", {})["password"]
    two = commune.person("twosteps")
    secret = two.post("/api/me/totp", {})["secret"]
    two.post("/api/me/totp/confirm", {"code": code_of(secret, -1)})


@pytest.fixture(scope="module")
def seen(world, tmp_path_factory):
    commune = world.commune
    commune.speak_bulletin("Chờ duyệt", wav=world.place / "short.wav", approve=False)
    waiting = commune.operator.get("/api/bulletins", area=commune.memory["commune"])["items"][0]["id"]
    commune.operator.post(f"/api/bulletins/{waiting}/submit")
    commune.broadcast(world.bulletin, {"kind": "once", "at": f"{world.monday.isoformat()}T09:00:00+07:00"})
    operator, area = commune.operator, commune.memory["commune"]
    operator.post("/api/bulletins", {"area": area, "title": "Nháp", "text": "Một, hai."})
    programme = operator.post("/api/programmes", {"area": area, "title": "Buổi mẫu", "items": [{"kind": "bulletin", "bulletin": world.bulletin}]})["id"]
    operator.post("/api/broadcasts", {"programme": programme, "area": area, "targets": [{"kind": "area", "id": area}],
                                      "when": {"kind": "daily", "at": f"{world.monday.isoformat()}T10:00:00+07:00", "until": world.monday.isoformat()}})
    add_people(commune)
    with Desk(world.desk.build, tmp_path_factory.mktemp("empty"), panel=world.desk.panel) as empty:
        empty.start_controller()
        token = empty.controller.wait_line(r"[Ss]et-?up token: *(\S+)").group(1)
        yield world.walk("forms.mjs", empty=f"http://{empty.people}/", token=token)


def test_every_form_was_tried(seen):
    assert len(seen["saw"]["forms"]) >= 64
    assert [form for form in seen["saw"]["forms"] if "failed" in form] == []


def test_words_stand_beside_the_field(seen):
    silent = [form for form in seen["saw"]["forms"] if form["name"] not in ABOVE and not (len(form["beside"]) > 8 and form["invalid"])]
    assert [(form["name"], form["beside"], form["above"][:160]) for form in silent] == []
    assert [form for form in seen["saw"]["forms"] if form["name"] in ABOVE and len(form["above"] + form["beside"]) < 10] == []


def test_what_was_typed_is_kept(seen):
    lost = [(form["name"], one) for form in seen["saw"]["forms"] for one in form["kept"] if (one[2] or "").strip() != one[1].strip()]
    assert lost == []


def test_the_pages_kept_their_rules(seen):
    assert (seen["csp"], seen["errors"], seen["wide"], seen["cut"]) == ([], [], [], [])
