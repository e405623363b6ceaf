"""A controller is backed up while it works, plays on, is destroyed, and an older copy goes on in its place."""

import http.server
import json
import shutil
import sqlite3
import subprocess
import threading
import time

import pytest
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for

LOA = BUILD / "tools" / "loa"


def loa(*words):
    return subprocess.run([LOA, *map(str, words)], capture_output=True, text=True, timeout=120)


def identity(place, name):
    """A key pair as an administrator makes it: the secret file and that of the public key."""
    secret, public = place / f"{name}.secret", place / f"{name}.public"
    subprocess.run(["age-keygen", "-o", secret], check=True, capture_output=True)
    public.write_text(subprocess.run(["age-keygen", "-y", secret], check=True, capture_output=True, text=True).stdout)
    return secret, public


def in_seconds(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


class Story:
    """Everything in the order it happens; the tests below ask about it."""

    def __init__(self, desk, commune, place):
        self.desk, self.commune, self.place = desk, commune, place
        self.data = desk.place / "controller"
        self.vault = place / "vault"
        self.vault.mkdir()
        self.secret, self.public = identity(place, "keeper")

    def begin(self):
        desk, commune = self.desk, self.commune
        desk.start_controller()
        commune.found()
        commune.log_in()
        desk.make_cards(1)
        desk.start_station(1)
        commune.pair(1, "Trạm 1")
        commune.wait_online(1)
        self.bulletin = commune.speak_bulletin("Thông báo", "Xin chào bà con.")["id"]
        self.play()
        # in the copy as something to come; played before the machine is lost
        self.between = commune.broadcast(self.bulletin, {"kind": "once", "at": in_seconds(12)})["id"]
        wait_for(lambda: commune.airings(self.between), 10)

    def play(self):
        return self.commune.wait_receipts(self.commune.broadcast(self.bulletin)["id"], 60)[0]

    def back_up(self):
        done = loa("backup", self.data, self.vault, "--recipients", self.public, "--config",
                   self.desk.place / "controller.conf", "--prune", 3)
        assert done.returncode == 0, done.stderr
        self.backup = next(self.vault.glob("loa-*.tar.age"))

    def lose(self):
        assert self.commune.wait_receipts(self.between, 60)[0]["outcome"] == "played"
        self.old_plan = (self.desk.station_dir(1) / "plan.json").read_bytes()
        self.desk.controller.kill()
        shutil.rmtree(self.data)

    def restore(self):
        self.restored = loa("restore", self.backup, self.data, "--identity", self.secret)
        assert self.restored.returncode == 0, self.restored.stderr
        self.desk.start_controller()
        self.commune.log_in()
        self.commune.wait_online(1, 90)

    def ask(self, sql):
        with sqlite3.connect(f"file:{self.data}/loa.db?mode=ro", uri=True) as database:
            return database.execute(sql).fetchall()

    def seen(self):
        return json.loads((self.desk.station_dir(1) / "plan-seen.json").read_text())


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    place = tmp_path_factory.mktemp("backup")
    with Desk(BUILD, place / "desk") as desk:
        made = Story(desk, Commune(desk), place)
        made.begin()
        made.back_up()
        yield made


def refused(words, target, what):
    done = loa("restore", *words)
    assert done.returncode == 1
    assert what in done.stderr
    assert not target.exists() and not list(target.parent.glob(target.name + ".restore-*"))


def test_a_whole_backup_checks_and_says_of_when_it_is(story):
    done = loa("restore", "--check", story.backup, "--identity", story.secret)
    assert done.returncode == 0, done.stderr
    assert f"made {time.strftime('%Y', time.gmtime())}-" in done.stdout


def test_the_backup_holds_no_plain_text_and_leaves_none_behind(story):
    content = story.backup.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert b"SQLite format 3" not in content
    assert not list(story.data.glob(".backup-*"))
    assert story.backup.stat().st_mode & 0o777 == 0o600


def test_a_truncated_backup_is_refused_before_anything_is_touched(story):
    content = story.backup.read_bytes()
    for length in (0, 100, len(content) // 2, len(content) - 1):
        cut = story.place / "cut.tar.age"
        cut.write_bytes(content[:length])
        refused([cut, story.place / "new", "--identity", story.secret], story.place / "new", "nothing was restored")


def test_a_changed_byte_is_refused(story):
    content = bytearray(story.backup.read_bytes())
    content[len(content) // 2] ^= 1
    wrong = story.place / "wrong.tar.age"
    wrong.write_bytes(content)
    refused([wrong, story.place / "new", "--identity", story.secret], story.place / "new", "nothing was restored")


def test_a_backup_for_somebody_else_is_refused(story):
    other, _ = identity(story.place, "other")
    refused([story.backup, story.place / "new", "--identity", other], story.place / "new", "nothing was restored")


def test_an_encrypted_file_that_is_no_backup_is_refused(story):
    (story.place / "notes.txt").write_text("không phải bản sao lưu\n" * 100)
    foreign = story.place / "foreign.tar.age"
    subprocess.run(["age", "-R", story.public, "-o", foreign, story.place / "notes.txt"], check=True)
    refused([foreign, story.place / "new", "--identity", story.secret], story.place / "new", "not a backup of Loa")


def test_a_directory_with_something_in_it_is_never_overwritten(story):
    before = sorted(path.name for path in story.data.iterdir())
    done = loa("restore", story.backup, story.data, "--identity", story.secret)
    assert done.returncode == 1 and "not empty" in done.stderr
    assert sorted(path.name for path in story.data.iterdir()) == before


def test_a_secret_among_the_recipients_is_refused(story):
    done = loa("backup", story.data, story.place / "never.tar.age", "--recipients", story.secret)
    assert done.returncode == 1 and "another machine" in done.stderr
    assert not (story.place / "never.tar.age").exists()


def test_an_older_copy_goes_on_and_nobody_takes_orders_from_the_past(story):
    # given a station that went on playing after the copy was made, and a lost machine
    story.lose()
    # when
    story.restore()
    # then the station takes plans of a higher epoch
    wait_for(lambda: story.seen()["epoch"] > 1, 30)
    # and the next receipt is believed, with the lost ones written down
    heard = story.play()
    assert heard["outcome"] == "played"
    assert heard["receipt"]["counter"] == 3
    assert story.ask("SELECT first_counter, last_counter, why FROM receipt_gaps") == [(2, 2, "lost-by-restore")]
    assert story.ask("SELECT count(*) FROM quarantine") == [(0,)]
    lost = story.commune.airings(story.between)[0]
    assert (lost["reason"], lost["receipt"]) == ("lost_by_restore", None)
    assert lost["reason_text"]
    # and what the lost machine signed last is refused, whoever brings it
    epoch = story.seen()["epoch"]
    story.desk.controller.stop()
    with Impostor(story.desk.link, story.old_plan):
        story.desk.stations[1].wait_line(r"plan refused \(old-epoch\)", 60)
    assert story.seen()["epoch"] == epoch


class Impostor:
    """Stands where the controller stood and has one old plan to give."""

    def __init__(self, address, plan):
        class Answer(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.reply(204, "text/plain", b"")

            def do_GET(self):
                if self.path.endswith("/plan"):
                    self.reply(200, "application/json", plan)
                elif self.path.endswith("/events"):
                    self.reply(200, "text/event-stream", b"event: hello\ndata: {\"epoch\":1,\"version\":9}\n\n")
                else:
                    self.reply(503, "text/plain", b"")

            def reply(self, status, kind, body):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        host, port = address.rsplit(":", 1)
        http.server.ThreadingHTTPServer.allow_reuse_address = True
        self.server = http.server.ThreadingHTTPServer((host, int(port)), Answer)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
