"""What is old goes and leaves a trace that an auditor can follow; a full disk costs sound, and never a receipt."""

import base64
import json
import os
import subprocess
import time

import pytest
from client import Problem
from commune import Commune
from conftest import BUILD
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from desk import Desk, at_another_time, wait_for
from evidence import export_papers
from paper_station import PaperStation, b64, pae

LOA = BUILD / "tools" / "loa"
MIB = 1 << 20


def paper(commune, name="Thôn Đông"):
    made = PaperStation(commune.desk.link)
    made.announce()
    commune.admin.post(f"/api/enrolments/{made.code}", {"area": commune.memory["commune"], "name": name})
    assert made.poll()[0] == 200
    return made


def planned(station):
    """The plan, once it orders something."""
    def look():
        status, _, plan = station.plan()
        return plan if status == 200 and plan["airings"] else None

    return wait_for(look, 15)


def answer_all(station, plan):
    """Receipts for every airing of a plan, whenever it is, in the order of the chain."""
    named = {"epoch": plan["epoch"], "version": plan["version"]}
    envelopes = [station.receipt(airing, plan=named) for airing in plan["airings"]]
    status, answer = station.post_receipts(*envelopes)
    assert status == 200 and {result["status"] for result in answer["results"]} == {"stored"}, answer
    return len(envelopes)


def audit(commune, place):
    """The export as an auditor takes it home, judged without a controller."""
    place.mkdir()
    export_papers(commune.admin, place)
    return judge(place)


def judge(place):
    done = subprocess.run([LOA, "audit", "verify", place, "--json"], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def jump(desk, commune, offset):
    desk.controller.stop()
    desk.wrap_controller = at_another_time(offset)
    desk.start_controller()
    commune.log_in()


def lines_of(place, kind):
    return [json.loads(line) for line in (place / f"{kind}.jsonl").read_text().splitlines()]


def plans_of(commune, station):
    """How many plans of a station an auditor would be handed."""
    lines = [json.loads(line) for line in commune.admin.raw("GET", "/api/ledger/export")[2].decode().splitlines()]
    return len([line for line in lines if line["type"] == "plan" and line["station"] == station.id])


def signed_by_the_controller(desk, row, change):
    """An entry changed by whoever holds the controller's key."""
    _, secret = (desk.place / "controller" / "keys" / "online.key").read_text().split()
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret[:64]))
    payload = json.loads(base64.b64decode(row["envelope"]["payload"]))
    change(payload)
    body, kind = json.dumps(payload).encode(), row["envelope"]["payloadType"]
    row["envelope"]["payload"] = b64(body)
    row["envelope"]["signatures"][0]["sig"] = b64(key.sign(pae(kind, body)))
    return json.dumps(row)


def tampered(place, name, content):
    """What the audit says first of a folder with one file changed; the file is put back."""
    path = place / name
    before = path.read_text()
    path.write_text(content)
    code, report = judge(place)
    path.write_text(before)
    assert code == 1 and report["bad"] > 0, name
    return report["faults"][0]


def check_what_nobody_spoke_of(desk, place, receipt):
    """Entries, plans and receipts taken out or made up, by a stranger and with the controller's own key."""
    (entry,) = lines_of(place, "unreported")
    named = json.loads(base64.b64decode(entry["envelope"]["payload"]))["airings"]
    assert tampered(place, "unreported.jsonl", "").endswith("neither a receipt nor an entry in unreported.jsonl speaks of it")

    def also_what_was_told(payload):
        payload["airings"].append({**payload["airings"][0], "airing": receipt["airing"], "station": receipt["station"],
                                   "broadcast": receipt["broadcast"], "planned_us": receipt["planned_us"]})

    def invent(payload):
        payload["airings"][0]["airing"] = "f" * 32

    def as_it_is(payload):
        pass

    assert "had come when line 1" in tampered(place, "unreported.jsonl", signed_by_the_controller(desk, dict(entry), also_what_was_told))
    entry = lines_of(place, "unreported")[0]
    assert "stands in no plan" in tampered(place, "unreported.jsonl", signed_by_the_controller(desk, entry, invent))
    entry = lines_of(place, "unreported")[0]
    entry["envelope"]["signatures"][0]["sig"] = b64(bytes(64))
    assert "no key" in tampered(place, "unreported.jsonl", json.dumps(entry))
    rest = [row for row in lines_of(place, "receipts") if row["station"] != receipt["station"]]
    assert "had come by then and is missing" in tampered(place, "receipts.jsonl", "".join(json.dumps(row) + "\n" for row in rest))
    silent = {one["station"] for one in named} - {receipt["station"]}
    rest = [row for row in lines_of(place, "plans") if row["station"] not in silent]
    assert "is said to order" in tampered(place, "plans.jsonl", "".join(json.dumps(row) + "\n" for row in rest))

    # control: signed anew and not changed it holds; and without the file the check says what it has not looked at
    path = place / "unreported.jsonl"
    path.write_text(signed_by_the_controller(desk, lines_of(place, "unreported")[0], as_it_is))
    assert judge(place)[0] == 0
    path.unlink()
    code, report = judge(place)
    assert code == 0 and report["unreported"] is None and "were not checked" in report["notes"][0]


def test_after_two_years_bodies_go_and_the_chain_still_holds(tmp_path):
    """One station answers for everything, one says a single word, one never even takes its plan."""
    with Desk(BUILD, tmp_path / "desk") as desk:
        desk.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        station, terse, mute = paper(commune), paper(commune, "Thôn Tây"), paper(commune, "Thôn Nam")
        bulletin = commune.speak_bulletin("Thông báo", "Xin chào bà con.")
        commune.broadcast(bulletin["id"], {"kind": "daily", **daily_from_now()})
        sent = answer_all(station, planned(station)) + 1
        plan = planned(terse)
        told = terse.receipt(plan["airings"][0], "missed", "no_power", plan={"epoch": plan["epoch"], "version": plan["version"]})
        assert terse.post_receipts(told)[0] == 200
        code, before = audit(commune, tmp_path / "before")
        assert code == 0 and before["pruned"] == 0 and before["receipts"] == sent
        assert before["unreported"] == 0 and before["notes"] == []

        # when a day and a half pass, the plans still name what was to sound
        kept = plans_of(commune, terse), plans_of(commune, mute)
        jump(desk, commune, "+36h")
        wait_for(lambda: plans_of(commune, terse) > kept[0] and plans_of(commune, mute) > kept[1], 20)

        # and 70 days after what nobody spoke of is closed, and an auditor can tell that it was planned
        jump(desk, commune, "+70d")
        code, closed = audit(commune, tmp_path / "closed")
        assert code == 0, closed
        assert closed["unreported"] >= 15 and closed["notes"] == []
        check_what_nobody_spoke_of(desk, tmp_path / "closed", json.loads(base64.b64decode(told["payload"])))

        # when three years pass
        jump(desk, commune, "+1100d")

        def trace():
            return [json.loads(entry["detail"]) if isinstance(entry["detail"], str) else entry["detail"]
                    for entry in commune.admin.get("/api/audit", limit=50)["items"] if entry["verb"] == "retention.prune"]

        removed = wait_for(trace, 20)[0]
        assert removed["receipts"] == sent

        # then what is left still holds together, and what has gone is called so
        code, after = audit(commune, tmp_path / "after")
        assert code == 0, after
        assert after["pruned"] >= sent and after["receipts"] == sent
        assert after["unreported"] > closed["unreported"]
        left = lines_of(tmp_path / "after", "receipts")
        assert all(line["pruned"] and len(line["sha256"]) == 64 and "envelope" not in line for line in left)
        answered = commune.admin.get("/api/stations/%s/receipts" % station.id, limit=100)["items"]
        assert len(answered) == sent - 1

        # control: a hash that was touched is found by the next receipt that names it, a missing row by its counter
        rows = [json.dumps(row) + "\n" for row in left]
        assert "(pruned) follows" in tampered(tmp_path / "after", "receipts.jsonl", "".join(rows[:3] + rows[4:]))


def daily_from_now():
    return {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))}


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 MiB, as full disks are best made."""
    if os.geteuid() != 0:
        pytest.skip("only root makes a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=0700", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def fill(place, leave):
    """Somebody else's files take all but `leave` bytes."""
    about = os.statvfs(place)
    with (place / f"filler-{leave}").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, about.f_bavail * about.f_frsize - leave)


def test_a_full_disk_ends_uploads_first_and_receipts_last(small_disk):
    with Desk(BUILD, small_disk) as desk:
        desk.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        station = paper(commune)
        bulletin = commune.speak_bulletin("Thông báo", "Xin chào bà con.")
        commune.broadcast(bulletin["id"], {"kind": "daily", **daily_from_now()})
        plan = planned(station)

        # given a sixteenth of the disk, the ledger's: sound is refused, and says why
        fill(small_disk, 5 * MIB)
        with pytest.raises(Problem) as refused:
            commune.operator.upload(bytes(MIB + 200000), "a.wav", "audio/wav")
        assert refused.value.status == 507 and "room" in str(refused.value.document)
        # and receipts are still written
        first, rest = dict(plan, airings=plan["airings"][:5]), plan["airings"][5:]
        assert answer_all(station, first) == 5

        # given not a byte: nothing is acknowledged, nothing is lost, nobody falls over
        fill(small_disk, 0)
        envelopes = [station.receipt(airing, plan={"epoch": plan["epoch"], "version": plan["version"]}) for airing in rest]
        refusals = [station.post_receipts(*envelopes)[0] for _ in range(3)]
        assert 507 in refusals and set(refusals) <= {200, 507}, refusals
        assert desk.controller.running()

        # when somebody makes room, the same receipts come and are stored once
        for filler in small_disk.glob("filler-*"):
            filler.unlink()
        status, answer = station.post_receipts(*envelopes)
        assert status == 200 and {result["status"] for result in answer["results"]} <= {"stored", "duplicate"}
        assert commune.operator.upload(bytes(MIB), "a.wav", "audio/wav")
        items = commune.admin.get(f"/api/stations/{station.id}/receipts", limit=100)["items"]
        assert sorted(item["counter"] for item in items) == list(range(1, len(plan["airings"]) + 1))
