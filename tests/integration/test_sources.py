"""Radio sources: an address is saved only once it was heard, and what was heard can be listened to."""

import subprocess

import time

import pytest
from client import Problem
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for
from paper_station import PaperStation
from radio import Radio


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("sources")) as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        made.radio = Radio(desk.place)
        yield made
        made.radio.close()


def tried(commune, url, client=None):
    client = client or commune.operator
    trial = client.post("/api/source-trials", {"area": commune.memory["commune"], "url": url})
    assert trial["state"] == "working"
    return wait_for(lambda: [now for now in [client.get(f"/api/source-trials/{trial['id']}")]
                             if now["state"] != "working"], 40)[0]


def test_an_address_that_was_heard_can_be_saved_and_listened_to(commune):
    trial = tried(commune, commune.radio.url())
    assert (trial["state"], trial["format"], trial["why"]) == ("heard", "mp3", None)
    assert -12 < trial["peak_dbfs"] <= 0
    heard = commune.desk.place / "heard.opus"
    heard.write_bytes(commune.operator.raw("GET", f"/api/source-trials/{trial['id']}/audio")[2])
    level = subprocess.run(["ffmpeg", "-i", heard, "-af", "volumedetect", "-f", "null", "-"], check=True,
                           capture_output=True, text=True).stderr
    assert -12 < float(level.split("mean_volume:")[1].split()[0]) < -3
    source = commune.operator.post("/api/sources", {
        "area": commune.memory["commune"], "name": "Đài thử", "addresses": [{"trial": trial["id"]}]})
    assert source["addresses"] == [{"url": commune.radio.url(), "format": "mp3"}]
    assert [one["name"] for one in commune.operator.get("/api/sources")["items"]] == ["Đài thử"]
    renamed = commune.operator.call("PATCH", f"/api/sources/{source['id']}", {
        "name": "Đài tỉnh", "addresses": [{"url": commune.radio.url()}, {"trial": trial["id"]}]})
    assert (renamed["name"], len(renamed["addresses"])) == ("Đài tỉnh", 2)
    commune.operator.delete(f"/api/sources/{source['id']}")
    assert commune.operator.get("/api/sources")["items"] == []


@pytest.mark.parametrize("path, words", [
    ("/nothing-here", "cannot be reached"), ("/page", "no audio stream"), ("/silent", "nothing is heard")])
def test_what_cannot_be_heard_says_why_and_cannot_be_saved(commune, path, words):
    trial = tried(commune, commune.radio.url(path))
    assert trial["state"] == "failed" and words in trial["why"]
    with pytest.raises(Problem) as refused:
        commune.operator.post("/api/sources", {"area": commune.memory["commune"], "name": "Đài",
                                               "addresses": [{"trial": trial["id"]}]})
    assert refused.value.status == 422
    assert commune.operator.get("/api/sources")["items"] == []


def test_addresses_that_are_none_are_refused_at_once(commune):
    for url in ("file:///etc/passwd", "http://user:secret@127.0.0.1/", "ftp://127.0.0.1/x", "http:///x", "http://a b/"):
        with pytest.raises(Problem) as refused:
            commune.operator.post("/api/source-trials", {"area": commune.memory["commune"], "url": url})
        assert refused.value.status == 422, url


def test_a_trial_is_seen_by_the_one_who_made_it_only(commune):
    trial = tried(commune, commune.radio.url())
    with pytest.raises(Problem) as hidden:
        commune.admin.get(f"/api/source-trials/{trial['id']}")
    assert hidden.value.status == 404
    with pytest.raises(Problem) as foreign:
        commune.admin.post("/api/sources", {"area": commune.memory["commune"], "name": "Đài",
                                            "addresses": [{"trial": trial["id"]}]})
    assert foreign.value.status == 422


def test_stations_that_cannot_play_a_kind_are_named_and_are_not_left_with_it(commune):
    place = commune.memory["commune"]
    stations = []
    for formats in (["ogg-opus", "relay-aac"], ["ogg-opus", "relay-mp3"]):
        paper = PaperStation(commune.desk.link)
        paper.announce()
        name = f"Trạm {formats[1]}"
        identity = commune.admin.post(f"/api/enrolments/{paper.code}", {"area": place, "name": name})["id"]
        paper.poll()
        report = {"boot_id": paper.boot, "software": "paper/1", "protocol": 1, "full": True, "formats": formats}
        assert paper.send("POST", "/health", report)[0] == 204
        stations.append((paper, identity, report))
    (deaf, deaf_id, report), _ = stations
    source = commune.operator.post("/api/sources", {"area": place, "name": "Đài mp3", "addresses": [
        {"trial": tried(commune, commune.radio.url())["id"]}]})
    (listed,) = [one for one in commune.operator.get("/api/sources", area=place)["items"] if one["id"] == source["id"]]
    assert listed["reach"] == {"stations": listed["reach"]["stations"], "unable": 1, "names": ["Trạm relay-aac"]} and listed["reach"]["stations"] >= 2
    relay = commune.operator.post("/api/bulletins", {"area": place, "title": "Tiếp sóng",
                                                     "relay": {"source": source["id"], "minutes": 1}})["id"]

    def order(targets):
        return {"bulletin": relay, "area": place, "targets": targets, "when": {"kind": "now"}}

    only = [{"kind": "station", "id": deaf_id}]
    with pytest.raises(Problem) as refused:
        commune.operator.post("/api/broadcasts", order(only))
    assert (refused.value.status, refused.value.slug) == (409, "relay-unplayable")
    assert "Trạm relay-aac" in refused.value.document["detail"]
    check = commune.operator.post("/api/broadcasts/check", order([{"kind": "area", "id": place}]))
    assert check["unable"] == {"stations": 1, "names": ["Trạm relay-aac"]}
    assert commune.operator.post("/api/broadcasts", order([{"kind": "area", "id": place}]))["id"]

    report.pop("formats")  # one that has not said what it plays is not judged
    deaf.send("POST", "/health", report)
    assert commune.operator.post("/api/broadcasts", order(only))["id"]

    # What it says later binds a change and a calendar file as it does an order.
    noon = time.strftime("%Y-%m-%dT05:00:00Z", time.gmtime(time.time() + 3 * 86400))
    after = noon.replace("T05", "T07")
    kept = commune.operator.post("/api/broadcasts", {**order(only), "when": {"kind": "once", "at": noon}})["id"]
    deaf.send("POST", "/health", {**report, "formats": ["ogg-opus", "relay-aac"]})
    with pytest.raises(Problem) as moved:
        commune.operator.call("PATCH", f"/api/broadcasts/{kept}", {"scope": "this", "recurrence_id": noon, "at": after},
                              {"Idempotency-Key": "a relay that moves"})
    assert moved.value.slug == "relay-unplayable"
    stamp = after.replace("-", "").replace(":", "")
    file = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTART:{stamp}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    report = commune.operator.post(f"/api/areas/{place}/calendar-import",
                                   {"calendar": file, "bulletin": relay, "targets": only})
    assert report["stored"] == 0 and "Trạm relay-aac" in report["items"][0]["why_not"]
