"""A copy of an hour, a day and a month ago goes on in place of a lost machine.

The station is one of paper: it was told newer plans, handed in receipts that only the lost machine knew, and went
on while nobody was there. The controller lived the time between under a clock that was set back.
"""

import json
import shutil
import sqlite3
import subprocess
import time

import pytest
from commune import Commune
from conftest import BUILD
from desk import Desk, at_another_time, wait_for
from paper_station import PaperStation, open_envelope

LOA = BUILD / "tools" / "loa"


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Province:
    def __init__(self, desk, place, hours):
        self.desk, self.place, self.hours = desk, place, hours
        self.commune = Commune(desk)
        self.data = desk.place / "controller"

    def then(self):
        return time.time() - self.hours * 3600

    def begin(self):
        """So many hours ago: a province with one station and one broadcast every day."""
        self.desk.wrap_controller = at_another_time(f"-{self.hours}h")
        self.desk.start_controller()
        self.commune.found()
        self.commune.log_in()
        self.station = PaperStation(self.desk.link)
        self.send = self.station.send
        self.station.send = lambda *words, **how: self.send(*words, **{"created": self.then(), **how})
        self.station.announce()
        self.commune.admin.post(f"/api/enrolments/{self.station.code}", {"area": self.commune.memory["commune"], "name": "Thôn Đông"})
        assert self.station.poll()[0] == 200
        bulletin = self.commune.speak_bulletin("Thông báo", "Xin chào bà con.")
        self.broadcast = self.commune.broadcast(bulletin["id"], {"kind": "daily", "at": utc(self.then() + 600)})["id"]
        self.first = wait_for(self.plan, 20)
        self.hand_in(self.first["airings"][0])

    def plan(self):
        status, _, plan = self.station.plan()
        return plan if status == 200 and plan["airings"] else None

    def receipt(self, airing, plan=None):
        return self.station.receipt(airing, plan={"epoch": self.first["epoch"], "version": self.first["version"]})

    def hand_in(self, *airings):
        status, answer = self.station.post_receipts(*[self.receipt(airing) for airing in airings])
        assert status == 200, answer
        return [result["status"] for result in answer["results"]]

    def copy(self):
        secret, public = self.place / "secret", self.place / "public"
        subprocess.run(["age-keygen", "-o", secret], check=True, capture_output=True)
        public.write_text(subprocess.run(["age-keygen", "-y", secret], check=True, capture_output=True, text=True).stdout)
        self.backup = self.place / "copy.tar.age"
        done = subprocess.run([*at_another_time(f"-{self.hours}h"), LOA, "backup", self.data, self.backup, "--recipients", public],
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        self.secret = secret

    def go_on_until_now(self):
        """The machine works on to this day: newer plans, more receipts. Then it is gone."""
        self.desk.controller.stop()
        self.desk.wrap_controller = []
        self.station.send = self.send
        self.desk.start_controller()
        self.lost = self.hand_in(*self.first["airings"][1:3])
        status, _, self.old_envelope = self.station.send("GET", "/plan")
        assert status == 200
        self.desk.controller.kill()
        shutil.rmtree(self.data)

    def restore(self):
        self.restored_at = time.time()
        done = subprocess.run([LOA, "restore", self.backup, self.data, "--identity", self.secret], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        self.desk.start_controller()

    def ask(self, sql):
        with sqlite3.connect(f"file:{self.data}/loa.db?mode=ro", uri=True) as database:
            return database.execute(sql).fetchall()


@pytest.mark.parametrize("hours", [1, 24, 720])
def test_an_old_copy_replays_nothing_and_is_told_what_it_missed(tmp_path, hours):
    with Desk(BUILD, tmp_path / "desk") as desk:
        province = Province(desk, tmp_path, hours)
        province.begin()
        province.copy()
        province.go_on_until_now()
        assert province.lost == ["stored", "stored"]
        waiting = [province.receipt(airing) for airing in province.first["airings"][3:5]]  # made while nobody was there

        province.restore()

        # the age is what the copy says, not when it was found
        copied, restored = province.ask("SELECT copied_us, restored_us FROM restores")[0]
        assert abs(copied / 1e6 - (province.restored_at - hours * 3600)) < 120 and restored / 1e6 >= province.restored_at - 1
        # plans stand above everything that was ever signed: by the clock of the restore, whatever the copy knew
        plan = wait_for(province.plan, 20)
        old = json.loads(open_envelope(province.old_envelope, province.station.root_keys()))
        assert plan["epoch"] >= int(province.restored_at) > old["epoch"]
        # nobody is let in by what was said to the lost machine
        replayed = province.send("GET", "/plan", created=time.time() - hours * 3600)[0]
        assert replayed == 401
        # what the station had not handed in comes now, the two that only the lost machine knew are one noted gap
        status, answer = province.station.post_receipts(*waiting)
        assert status == 200 and [result["status"] for result in answer["results"]] == ["stored", "stored"], answer
        assert province.ask("SELECT first_counter, last_counter, why FROM receipt_gaps") == [(2, 3, "lost-by-restore")]
        assert province.ask("SELECT count(*) FROM quarantine") == [(0,)]
        # a counter that was used before the loss is not used again: the next one follows, a repeat adds nothing
        assert province.station.post_receipts(*waiting)[1]["results"][0]["status"] == "duplicate"
        assert province.ask("SELECT counter FROM receipts ORDER BY counter") == [(1,), (4,), (5,)]
        # and a second gap is no restore's
        province.station.counter += 1
        late = province.station.post_receipts(province.receipt(province.first["airings"][5]))[1]["results"][0]
        assert late["status"] == "quarantined", late
