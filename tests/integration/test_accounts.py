"""People's own affairs: tokens, passwords, sessions and accounts, against the running controller."""

import pytest
from client import Client, Problem
from commune import Commune
from conftest import BUILD
from desk import Desk
from totp import code_of


class Program(Client):
    """Sends a token and nothing that a browser would."""

    def __init__(self, address, token):
        super().__init__(address)
        self.token = token

    def raw(self, method, path, body=None, headers=None):
        return super().raw(method, path, body, {"Authorization": f"Bearer {self.token}", **(headers or {})})

    def _keep_cookie(self, answer):
        assert not answer.headers.get_all("Set-Cookie")


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("accounts")) as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        yield made


def refused(status, slug=None):
    class Refused:
        def __enter__(self):
            self.raises = pytest.raises(Problem)
            self.info = self.raises.__enter__()
            return self.info

        def __exit__(self, *what):
            done = self.raises.__exit__(*what)
            assert self.info.value.status == status, self.info.value
            assert slug is None or self.info.value.slug == slug, self.info.value
            return done

    return Refused()


def verbs(commune):
    return [(entry["verb"], entry["object"]) for entry in commune.admin.get("/api/audit", limit=200)["items"]]


# --- tokens -----------------------------------------------------------------------------------------

def test_a_program_works_with_a_token_until_it_is_deleted(commune):
    made = commune.admin.call("POST", "/api/tokens", {"name": "Đồng bộ đơn vị"})
    program = Program(commune.desk.people, made["token"])
    assert program.get("/api/me")["login"] == "admin"
    assert program.call("POST", "/api/areas", {"parent": commune.memory["province"], "name": "Xã Thử", "kind": "commune"})["id"]
    listed = [token for token in commune.admin.get("/api/tokens")["items"] if token["id"] == made["id"]]
    assert listed[0]["used_at"] and listed[0]["used_from"] and "token" not in listed[0]
    commune.admin.delete(f"/api/tokens/{made['id']}")
    with refused(401):
        program.get("/api/me")
    assert {("token.create", made["id"]), ("token.delete", made["id"])} <= set(verbs(commune))


def test_a_token_whose_answer_was_lost_is_made_anew_not_twice(commune):
    def made(key):
        return commune.admin.call("POST", "/api/tokens", {"name": "Mất câu trả lời"}, {"Idempotency-Key": key})

    lost, again, other = made("first"), made("first"), made("second")
    assert lost["id"] == again["id"] != other["id"]
    assert [one["id"] for one in commune.admin.get("/api/tokens")["items"]].count(lost["id"]) == 1
    with refused(401):
        Program(commune.desk.people, lost["token"]).get("/api/me")
    assert Program(commune.desk.people, again["token"]).get("/api/me")["login"] == "admin"
    foreign = commune.operator.call("POST", "/api/tokens", {"name": "Người khác"}, {"Idempotency-Key": "first"})
    assert foreign["id"] != lost["id"]
    for one in (again, other):
        commune.admin.delete(f"/api/tokens/{one['id']}")
    commune.operator.delete(f"/api/tokens/{foreign['id']}")


def test_a_token_for_reading_only_reads(commune):
    made = commune.admin.call("POST", "/api/tokens", {"name": "Bảng tin", "may": ["view"]})
    program = Program(commune.desk.people, made["token"])
    assert program.get("/api/me")["may"] == ["view"]
    program.get("/api/stations")
    with refused(403):
        program.call("POST", "/api/areas", {"parent": commune.memory["province"], "name": "Xã", "kind": "commune"})
    with refused(403):
        program.get("/api/audit")


def test_a_token_makes_no_tokens_and_belongs_to_its_user(commune):
    made = commune.operator.call("POST", "/api/tokens", {"name": "Máy đọc"})
    program = Program(commune.desk.people, made["token"])
    with refused(403, "session-needed"):
        program.call("POST", "/api/tokens", {"name": "Con"})
    with refused(403, "session-needed"):
        program.delete(f"/api/tokens/{made['id']}")
    with refused(403, "session-needed"):
        program.delete("/api/session")
    with refused(403):
        program.get("/api/users")
    with refused(404):
        commune.admin.delete(f"/api/tokens/{made['id']}")


@pytest.mark.parametrize("body", [
    {"name": ""}, {"name": "x", "expires_at": "2020-01-01T00:00:00Z"}, {"name": "x", "may": ["everything"]},
    {"name": "x", "rights": 1}])
def test_a_wrong_form_makes_no_token(commune, body):
    before = commune.leader.get("/api/tokens")
    with refused(422):
        commune.leader.call("POST", "/api/tokens", body)
    assert commune.leader.get("/api/tokens") == before


# --- the own account --------------------------------------------------------------------------------

def add_person(commune, login, role="viewer", area="commune", password="mật khẩu đầu"):
    made = commune.admin.post("/api/users", {"name": f"Người {login}", "login": login, "password": password,
                                             "grants": [{"role": role, "area": commune.memory[area]}]})
    return made["id"]


def enter(commune, login, password="mật khẩu đầu"):
    client = Client(commune.desk.people)
    client.log_in(login, password)
    return client


def test_changing_the_password_asks_the_old_one_and_ends_other_sessions(commune):
    identity = add_person(commune, "hoa")
    here, there = enter(commune, "hoa"), enter(commune, "hoa")
    with refused(422):
        here.call("POST", "/api/me/password", {"old": "không phải", "new": "mật khẩu mới"})
    with refused(422):
        here.call("POST", "/api/me/password", {"old": "mật khẩu đầu", "new": "mật khẩu đầu"})
    there.get("/api/me")
    here.call("POST", "/api/me/password", {"old": "mật khẩu đầu", "new": "mật khẩu mới"})
    here.get("/api/me")
    with refused(401):
        there.get("/api/me")
    with refused(401, "wrong-login"):
        enter(commune, "hoa")
    enter(commune, "hoa", "mật khẩu mới")
    assert {("password.change", identity), ("password.refused", identity)} <= set(verbs(commune))


def test_guessing_the_old_password_locks_as_a_log_in_does(commune):
    add_person(commune, "khoa")
    person = enter(commune, "khoa")
    for _ in range(5):
        with refused(422):
            person.call("POST", "/api/me/password", {"old": "đoán mò", "new": "mật khẩu mới"})
    with refused(429, "login-locked"):
        person.call("POST", "/api/me/password", {"old": "mật khẩu đầu", "new": "mật khẩu mới"})
    with refused(429, "login-locked"):
        enter(commune, "khoa")


def test_sessions_are_listed_and_ended(commune):
    add_person(commune, "lien")
    here, there, third = (enter(commune, "lien") for _ in range(3))
    listed = here.get("/api/sessions")["items"]
    assert len(listed) == 3 and sum(one["current"] for one in listed) == 1
    other = next(one for one in there.get("/api/sessions")["items"] if one["current"])
    with refused(404):
        commune.admin.delete(f"/api/sessions/{other['id']}")
    here.delete(f"/api/sessions/{other['id']}")
    with refused(401):
        there.get("/api/me")
    here.delete("/api/sessions")
    with refused(401):
        third.get("/api/me")
    assert [one["current"] for one in here.get("/api/sessions")["items"]] == [True]


def test_name_and_phone_are_ones_own(commune):
    add_person(commune, "nam")
    person = enter(commune, "nam")
    assert person.call("PATCH", "/api/me", {"name": "Nguyễn Văn Nam", "phone": "0912 345 678"})["phone"] == "0912 345 678"
    me = person.call("PATCH", "/api/me", {"phone": ""})
    assert (me["name"], me["phone"], me["language"]) == ("Nguyễn Văn Nam", None, "vi")
    with refused(422):
        person.call("PATCH", "/api/me", {"login": "khac"})


# --- accounts of others -----------------------------------------------------------------------------

def test_a_reset_password_must_be_changed_at_the_next_log_in(commune):
    identity = add_person(commune, "quen")
    before = enter(commune, "quen")
    program = Program(commune.desk.people, before.call("POST", "/api/tokens", {"name": "x"})["token"])
    temporary = commune.admin.call("POST", f"/api/users/{identity}/reset-password", {})["password"]
    for gone in (before, program):
        with refused(401):
            gone.get("/api/me")
    person = enter(commune, "quen", temporary)
    assert person.get("/api/me")["password_change_needed"] is True
    with refused(403, "password-change-needed"):
        person.get("/api/stations")
    with refused(403, "password-change-needed"):
        person.call("POST", "/api/tokens", {"name": "x"})
    person.call("POST", "/api/me/password", {"old": temporary, "new": "của riêng tôi"})
    assert person.get("/api/me")["password_change_needed"] is False
    person.get("/api/stations")


def test_a_disabled_person_is_out_at_once_and_comes_back(commune):
    identity = add_person(commune, "nghi")
    person = enter(commune, "nghi")
    assert commune.admin.call("PATCH", f"/api/users/{identity}", {"disabled": True})["disabled"] is True
    with refused(401):
        person.get("/api/me")
    with refused(401, "wrong-login"):
        enter(commune, "nghi")
    commune.admin.call("PATCH", f"/api/users/{identity}", {"disabled": False})
    enter(commune, "nghi")
    assert {("user.disable", identity), ("user.enable", identity)} <= set(verbs(commune))


def test_roles_change_at_once(commune):
    identity = add_person(commune, "vai")
    person = enter(commune, "vai")
    assert "approve_content" not in person.get("/api/me")["may"]
    commune.admin.call("PATCH", f"/api/users/{identity}", {
        "name": "Trưởng mới", "grants": [{"role": "commune_leader", "area": commune.memory["commune"]}]})
    me = person.get("/api/me")
    assert "approve_content" in me["may"] and me["name"] == "Trưởng mới"


def test_the_last_administrator_stays(commune):
    admin = commune.admin.get("/api/me")["id"]
    lower = {"grants": [{"role": "viewer", "area": commune.memory["province"]}]}
    with refused(409, "last-administrator"):
        commune.admin.call("PATCH", f"/api/users/{admin}", lower)
    with refused(409, "own-account"):
        commune.admin.call("PATCH", f"/api/users/{admin}", {"disabled": True})
    with refused(409, "own-account"):
        commune.admin.call("POST", f"/api/users/{admin}/reset-password", {})
    second = add_person(commune, "hai", "administrator", "province")
    other = enter(commune, "hai")
    other.call("PATCH", f"/api/users/{admin}", {"disabled": True})
    with refused(409, "last-administrator"):
        other.call("PATCH", f"/api/users/{second}", lower)
    other.call("PATCH", f"/api/users/{admin}", {"disabled": False})
    other.call("PATCH", f"/api/users/{second}", lower)
    commune.log_in()


def test_an_administrator_of_a_commune_has_no_way_up(commune):
    add_person(commune, "xa", "administrator", "commune")
    above = commune.admin.post("/api/users", {
        "name": "Tỉnh", "login": "tinh", "password": "mật khẩu đầu",
        "grants": [{"role": "editor", "area": commune.memory["province"]},
                   {"role": "viewer", "area": commune.memory["commune"]}]})["id"]
    person = enter(commune, "xa")
    listed = {user["login"]: user["may_change"] for user in person.get("/api/users")["items"]}
    assert listed["tinh"] is False and listed["operator"] is True and "admin" not in listed
    with refused(403):
        person.call("POST", f"/api/users/{above}/reset-password", {})
    with refused(403):
        person.call("PATCH", f"/api/users/{above}", {"disabled": True})
    with refused(404):
        person.call("POST", f"/api/users/{commune.admin.get('/api/me')['id']}/reset-password", {})
    own = person.get("/api/me")["id"]
    with refused(404):
        person.call("PATCH", f"/api/users/{own}", {"grants": [{"role": "administrator", "area": commune.memory["province"]}]})
    with refused(404):
        commune.operator.call("PATCH", f"/api/users/{own}", {"disabled": True})


# --- the second step --------------------------------------------------------------------------------

def turn_on(person, ahead=-1):
    """Sets it up with the code of the step before, so that this one and the next are still unused."""
    secret = person.call("POST", "/api/me/totp", {})["secret"]
    return secret, person.call("POST", "/api/me/totp/confirm", {"code": code_of(secret, ahead)})["recovery_codes"]


def first_step(commune, login):
    client = Client(commune.desk.people)
    answer = client.log_in(login, "mật khẩu đầu")
    assert set(answer) == {"ticket"} and client.cookie is None
    return client, answer["ticket"]


def second_step(client, ticket, code):
    return client.call("POST", "/api/session/code", {"ticket": ticket, "code": code})


def test_logging_in_takes_two_steps_and_no_code_twice(commune):
    add_person(commune, "haibuoc")
    secret, codes = turn_on(enter(commune, "haibuoc"))
    assert len(codes) == 10
    client, ticket = first_step(commune, "haibuoc")
    code = code_of(secret, 1)
    assert second_step(client, ticket, code)["totp"] is True
    client.get("/api/stations")
    again, ticket = first_step(commune, "haibuoc")
    with refused(401, "wrong-code"):
        second_step(again, ticket, code)
    me = second_step(again, ticket, codes[0].upper())
    assert me["recovery_codes_left"] == 9
    third, ticket = first_step(commune, "haibuoc")
    with refused(401, "wrong-code"):
        second_step(third, ticket, codes[0])
    with refused(401, "login-again"):
        second_step(third, "0" * 64, codes[1])


def test_wrong_codes_lock_as_wrong_passwords_do(commune):
    add_person(commune, "doanma")
    _, codes = turn_on(enter(commune, "doanma"))
    client, ticket = first_step(commune, "doanma")
    for _ in range(4):
        with refused(401, "wrong-code"):
            second_step(client, ticket, "sai-mã")
    with refused(429, "login-locked"):
        second_step(client, ticket, codes[0])
    with refused(429, "login-locked"):
        first_step(commune, "doanma")


def test_turning_it_off_asks_a_code_and_a_manager_may_take_it_away(commune):
    identity = add_person(commune, "tatbat")
    person = enter(commune, "tatbat")
    with refused(409, "totp-off"):
        person.call("POST", "/api/me/totp/off", {"code": "123456"})
    secret, codes = turn_on(person)
    with refused(409, "totp-on"):
        person.call("POST", "/api/me/totp", {})
    with refused(422):
        person.call("POST", "/api/me/totp/off", {"code": "abcdef"})
    fresh = person.call("POST", "/api/me/recovery-codes", {"code": codes[0]})["recovery_codes"]
    with refused(422):
        person.call("POST", "/api/me/totp/off", {"code": codes[1]})
    person.call("POST", "/api/me/totp/off", {"code": fresh[0]})
    enter(commune, "tatbat").get("/api/stations")
    turn_on(person)
    assert commune.admin.call("PATCH", f"/api/users/{identity}", {"totp": False})["totp"] is False
    enter(commune, "tatbat").get("/api/stations")
    with refused(422):
        commune.admin.call("PATCH", f"/api/users/{identity}", {"totp": True})
    assert {("totp.on", identity), ("totp.off", identity), ("user.reset_totp", identity)} <= set(verbs(commune))


def test_the_policy_asks_it_of_administrators_only(commune):
    add_person(commune, "qtxa", "administrator")
    person = enter(commune, "qtxa")
    with refused(403):
        person.call("PATCH", "/api/access-policy", {"totp_for_administrators": False})
    turn_on(commune.admin)
    assert commune.admin.call("PATCH", "/api/access-policy", {"totp_for_administrators": True})["totp_for_administrators"] is True
    try:
        assert person.get("/api/me")["totp_needed"] is True
        with refused(403, "totp-needed"):
            person.get("/api/users")
        commune.operator.get("/api/stations")
        secret, codes = turn_on(person)
        person.get("/api/users")
        with refused(409, "totp-required"):
            person.call("POST", "/api/me/totp/off", {"code": codes[0]})
    finally:
        commune.admin.call("PATCH", "/api/access-policy", {"totp_for_administrators": False})


def test_no_secret_is_in_the_logs(commune):
    add_person(commune, "kinbi")
    secret, codes = turn_on(enter(commune, "kinbi"))
    client, ticket = first_step(commune, "kinbi")
    second_step(client, ticket, codes[0])
    said = "".join(path.read_text(errors="replace") for path in commune.desk.place.rglob("*.log"))
    said += str(commune.admin.get("/api/audit", limit=200))
    assert said and not [word for word in (secret, ticket, *codes) if word in said]
