"""People's own affairs: tokens, passwords, sessions and accounts, against the running controller."""

import pytest
from client import Client, Problem
from commune import Commune
from conftest import BUILD
from desk import Desk


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
