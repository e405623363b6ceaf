"""The station link against a second implementation of it, and everything that it must refuse."""

import base64
import json
import secrets
import time

import pytest
from client import Problem
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for
from paper_station import PaperStation, ZEROS


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("link")) as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        made.bulletin = made.speak_bulletin("Thông báo", "Xin chào bà con.")["id"]
        yield made


@pytest.fixture
def station(commune):
    """A paired paper station with one airing in its plan, a minute ahead."""
    made = enrol(commune)
    order = commune.broadcast(commune.bulletin, {"kind": "once", "at": in_seconds(60)},
                              [{"kind": "station", "id": made.id}])
    made.order = order["id"]
    made.airing = wait_for(lambda: next(iter(made.plan()[2]["airings"]), None), 10)
    return made


def in_seconds(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def enrol(commune):
    made = PaperStation(commune.desk.link)
    status, _, answer = made.announce()
    assert status == 202 and answer["poll"].endswith(made.keyid)
    assert made.poll()[1] == {"state": "waiting"}
    accepted = commune.admin.post(f"/api/enrolments/{made.code}", {"area": commune.memory["commune"], "name": "Giấy"})
    assert made.poll()[0] == 200
    assert made.id == accepted["id"]
    return made


def test_the_root_signs_itself_and_the_plan_is_signed_by_a_key_of_it(station):
    status, headers, plan = station.plan()
    assert status == 200
    assert plan["station"] == station.id
    assert headers["ETag"] == f'"{plan["epoch"]}.{plan["version"]}"'
    assert station.plan(headers["ETag"])[0] == 304


def test_media_comes_in_ranges_and_is_what_its_name_says(station):
    import hashlib
    sha256 = station.airing["items"][0]["sha256"]
    status, _, whole = station.send("GET", f"/media/{sha256}")
    assert status == 200 and hashlib.sha256(whole).hexdigest() == sha256
    status, headers, part = station.send("GET", f"/media/{sha256}", headers={"Range": "bytes=100-199"})
    assert status == 206 and part == whole[100:200]
    assert headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert station.send("GET", "/media/" + "0" * 64)[0] == 404


@pytest.mark.parametrize("how, slug", [
    ({"created": 1_000_000_000}, "signature-stale"),
    ({"keyid": "ab" * 32}, "key-unknown"),
    ({"key": PaperStation("nowhere").key}, "signature-invalid"),
    ({"headers": {"Signature-Input": "loa=()"}}, "signature-missing|signature-invalid"),
    ({"headers": {"Content-Digest": "sha-256=:" + base64.b64encode(b"x" * 32).decode() + ":"}}, "signature-invalid"),
])
def test_a_request_that_is_not_signed_right_is_refused(station, how, slug):
    status, _, problem = station.send("POST", "/health", {"boot_id": station.boot}, **how)
    assert status in (400, 401)
    assert problem["type"].rsplit(":", 1)[-1].rsplit("/", 1)[-1] in slug.split("|")


def test_a_request_is_accepted_once(station):
    nonce = secrets.token_hex(16)
    assert station.send("GET", "/plan", nonce=nonce)[0] == 200
    status, _, problem = station.send("GET", "/plan", nonce=nonce)
    assert (status, problem["type"].rsplit("/", 1)[-1].rsplit(":", 1)[-1]) == (401, "signature-replayed")


def test_an_unsigned_request_is_refused(commune):
    import http.client
    connection = http.client.HTTPConnection(commune.desk.link)
    connection.request("GET", "/station/v1/plan")
    assert connection.getresponse().status == 401


def test_a_retired_station_gets_no_plan(commune):
    gone = enrol(commune)
    commune.admin.post(f"/api/stations/{gone.id}/retire")
    status, _, problem = gone.send("GET", "/plan")
    assert (status, problem["type"].rsplit("/", 1)[-1].rsplit(":", 1)[-1]) == (403, "key-revoked")


def test_receipts_are_stored_once_in_order_and_never_changed(commune, station):
    first = station.receipt(station.airing)
    assert station.post_receipts(first)[1]["results"][0]["status"] == "stored"
    assert station.post_receipts(first)[1]["results"][0]["status"] == "duplicate"
    airing = next(a for a in commune.airings(station.order))
    assert (airing["outcome"], airing["receipt"]["counter"]) == ("played", 1)


@pytest.mark.parametrize("name", ["forged", "flipped bit", "another station's", "gap", "wrong chain", "not a receipt"])
def test_a_receipt_that_does_not_hold_is_not_believed(commune, station, name):
    good = station.receipt(station.airing)
    stranger = PaperStation("nowhere")
    payload = base64.b64decode(good["payload"])
    bad = {
        "forged": lambda: station.envelope(payload, key=stranger.key),
        "flipped bit": lambda: {**good, "payload": base64.b64encode(payload.replace(b'"played"', b'"plaYed"')).decode()},
        "another station's": lambda: station.envelope(payload.replace(station.id.encode(), b"0" * len(station.id))),
        "gap": lambda: (station.receipt(station.airing), station.receipt(station.airing))[1],
        "wrong chain": lambda: station.envelope(payload.replace(ZEROS.encode(), b"1" * 64)),
        "not a receipt": lambda: station.envelope(b"{}"),
    }[name]()
    status, answer = station.post_receipts(bad)
    assert status == 200, answer
    assert answer["results"][0]["status"] == "quarantined" and answer["results"][0]["why"]
    assert all(a["outcome"] != "played" for a in commune.airings(station.order))
    # A bad one never blocks the good one.
    if name not in ("gap",):
        assert station.post_receipts(good)[1]["results"][0]["status"] == "stored"


def test_a_cancelled_broadcast_leaves_the_plan_and_says_so(commune, station):
    commune.operator.delete(f"/api/broadcasts/{station.order}")
    assert wait_for(lambda: station.plan()[2]["airings"] == [] or None, 10)
    assert [a["outcome"] for a in commune.airings(station.order)] == ["cancelled"]


def test_health_makes_a_station_online_and_names_its_faults(commune, station):
    document = {"boot_id": station.boot, "software": "paper/1", "protocol": 1, "formats": ["ogg-opus"], "full": True,
                "plan": {"epoch": 1, "version": 1}, "media": {"ready": 0, "missing": []}, "now_playing": None,
                "clock": {"trust": 2, "error_ms": 5}, "receipts_waiting": 0, "storage_free_bytes": 10**9,
                "amplifier": "off", "faults": [{"code": "device_fault", "since_us": int(time.time() * 1e6)}]}
    assert station.send("POST", "/health", document)[0] == 204
    shown = commune.admin.get(f"/api/stations/{station.id}")
    assert shown["state"] == "online"
    assert shown["faults"][0]["code"] == "device_fault" and shown["faults"][0]["next_step"]


def slug(problem):
    return problem["type"].rsplit("/", 1)[-1]


def replace(commune, old):
    new = PaperStation(commune.desk.link)
    assert new.announce()[0] == 202
    shown = commune.admin.post(f"/api/stations/{old.id}/replace", {"code": new.code})
    assert shown["id"] == old.id
    assert new.poll()[0] == 200 and new.id == old.id
    return new


def test_another_device_takes_over_identity_and_history(commune, station):
    before = station.receipt(station.airing)
    assert station.post_receipts(before)[1]["results"][0]["status"] == "stored"
    waiting = station.receipt(station.airing, outcome="missed", reason="restart", made_us=int(time.time() * 1e6))
    new = replace(commune, station)
    assert wait_for(lambda: new.plan()[0] == 200, 10)
    assert [a["id"] for a in new.plan()[2]["airings"]] == [station.airing["id"]]
    after = station.receipt(station.airing, made_us=int(time.time() * 1e6) + 1)
    results = station.post_receipts(waiting, after)[1]["results"]
    assert [(r["status"], r.get("why")) for r in results] == [("stored", None), ("quarantined", "after-replacement")]
    for method, path in (("GET", "/plan"), ("GET", "/events")):
        status, _, problem = station.send(method, path)
        assert (status, slug(problem)) == (403, "key-replaced")
    status, _, problem = station.send("POST", "/health", {"boot_id": station.boot})
    assert (status, slug(problem)) == (403, "key-replaced")
    status, _, problem = station.announce()
    assert (status, slug(problem)) == (403, "key-replaced")
    assert new.post_receipts(new.receipt(station.airing))[1]["results"][0]["status"] == "stored"
    assert len(commune.admin.get(f"/api/stations/{station.id}/receipts")["items"]) == 3


def test_a_replaced_and_retired_station_takes_nothing_from_either_key(commune):
    old = enrol(commune)
    new = replace(commune, old)
    commune.admin.post(f"/api/stations/{old.id}/retire")
    for key in (old, new):
        status, _, problem = key.send("POST", "/receipts", {"receipts": []})
        assert (status, slug(problem)) == (403, "key-revoked")
    spare = PaperStation(commune.desk.link)
    spare.announce()
    with pytest.raises(Problem) as refused:
        commune.admin.post(f"/api/stations/{old.id}/replace", {"code": spare.code})
    assert refused.value.status == 409


def test_only_who_manages_stations_there_may_replace_one(commune, station):
    spare = PaperStation(commune.desk.link)
    spare.announce()
    with pytest.raises(Problem) as refused:
        commune.operator.post(f"/api/stations/{station.id}/replace", {"code": spare.code})
    assert refused.value.status in (403, 404)
    assert station.plan()[0] == 200


def test_a_key_that_exists_twice_is_found_and_no_longer_believed(commune, station):
    def said(boot):
        assert station.send("POST", "/health", {"boot_id": boot, "full": True})[0] == 204
        return [fault["code"] for fault in commune.admin.get(f"/api/stations/{station.id}")["faults"]]

    first, second = secrets.token_hex(16), secrets.token_hex(16)
    assert said(first) == said(first) == said(second) == said(second) == []  # one device that was started again
    assert said(first) == ["cloned_key"]  # no boot comes back
    results = station.post_receipts(station.receipt(station.airing))[1]["results"]
    assert (results[0]["status"], results[0]["why"]) == ("quarantined", "cloned-key")
    assert station.plan()[0] == 200  # the village does not fall silent for it
    new = replace(commune, station)
    assert commune.admin.get(f"/api/stations/{station.id}")["faults"] == []
    results = station.post_receipts(station.receipt(station.airing))[1]["results"]
    assert (results[0]["status"], results[0]["why"]) == ("quarantined", "cloned-key")
    assert new.post_receipts(new.receipt(station.airing))[1]["results"][0]["status"] == "stored"


def test_five_wrong_codes_lock_pairing(commune):
    technician = commune.person("admin")
    problems = []
    for _ in range(6):
        try:
            technician.post("/api/enrolments/ZZZZZZZZ", {"area": commune.memory["commune"], "name": "x"})
        except Exception as problem:
            problems.append(problem.status)
    assert problems[:5] == [404] * 5 and problems[5] == 429
