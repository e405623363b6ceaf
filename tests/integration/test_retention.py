"""What is old goes and leaves a trace that an auditor can follow; a full disk costs sound, and never a receipt."""

import json
import os
import subprocess
import time

import pytest
from client import Problem
from commune import Commune
from conftest import BUILD
from desk import Desk, at_another_time, wait_for
from paper_station import PaperStation

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
    lines = [json.loads(line) for line in commune.admin.raw("GET", "/api/ledger/export")[2].decode().splitlines()]
    for kind in ("station", "plan", "receipt"):
        (place / f"{kind}s.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines if line["type"] == kind))
    (place / "root.json").write_text(json.dumps(next(line["envelope"] for line in lines if line["type"] == "root")))
    done = subprocess.run([LOA, "audit", "verify", place, "--json"], capture_output=True, text=True)
    return done.returncode, json.loads(done.stdout), lines


def test_after_two_years_bodies_go_and_the_chain_still_holds(tmp_path):
    with Desk(BUILD, tmp_path / "desk") as desk:
        desk.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        station = paper(commune)
        bulletin = commune.speak_bulletin("Thông báo", "Xin chào bà con.")
        commune.broadcast(bulletin["id"], {"kind": "daily", **daily_from_now()})
        sent = answer_all(station, planned(station))
        code, before, _ = audit(commune, tmp_path / "before")
        assert code == 0 and before["pruned"] == 0 and before["receipts"] == sent

        # when three years pass
        desk.controller.stop()
        desk.wrap_controller = at_another_time("+1100d")
        desk.start_controller()
        commune.log_in()

        def trace():
            return [json.loads(entry["detail"]) if isinstance(entry["detail"], str) else entry["detail"]
                    for entry in commune.admin.get("/api/audit", limit=50)["items"] if entry["verb"] == "retention.prune"]

        removed = wait_for(trace, 20)[0]
        assert removed["receipts"] == sent

        # then what is left still holds together, and what has gone is called so
        code, after, lines = audit(commune, tmp_path / "after")
        assert code == 0, after
        assert after["pruned"] >= sent and after["receipts"] == sent
        left = [line for line in lines if line["type"] == "receipt"]
        assert all(line["pruned"] and len(line["sha256"]) == 64 and "envelope" not in line for line in left)
        assert len(commune.admin.get("/api/stations/%s/receipts" % station.id, limit=100)["items"]) == sent

        # control: a hash that was touched is found by the next receipt that names it, a missing row by its counter
        receipts = tmp_path / "after" / "receipts.jsonl"
        rows = receipts.read_text().splitlines(keepends=True)
        receipts.write_text("".join(rows[:3] + rows[4:]))
        assert subprocess.run([LOA, "audit", "verify", tmp_path / "after"], capture_output=True).returncode == 1


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
