"""The panel opens where no controller answers, with what its worker keeps: the frame and a person's own draft, nothing else.
A new edition takes over at the next visit, and whoever logs out leaves nothing."""

import json
import os
import shutil
import subprocess
from datetime import datetime, timedelta

import pytest
from commune import Commune
from conftest import BUILD, HERE, ROOT, VIETNAM
from desk import Desk

TITLE = "Ghi lúc mất mạng"


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    place = tmp_path_factory.mktemp("shell")
    panel = shutil.copytree(ROOT / "web-admin" / "dist", place / "panel")
    with Desk(BUILD, place / "first", panel=panel) as desk, Desk(BUILD, place / "second", panel=panel) as other:
        desk.start_controller()
        other.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        headers = {path: commune.admin.raw("GET", path, headers={"Accept-Encoding": "br"})[1] for path in ("/", "/sw.js", "/loa.webmanifest", "/icon-192.png")}
        manifest = json.loads(commune.admin.raw("GET", "/loa.webmanifest")[2])
        sizes = {icon["src"]: len(commune.admin.raw("GET", icon["src"])[2]) for icon in manifest["icons"]}
        done = subprocess.run(["node", str(HERE / "shell.mjs"), json.dumps({
            "url": f"http://{desk.people}/", "other": f"http://{other.people}/", "panel": str(panel), "accounts": commune.memory["accounts"], "shots": str(place), "long": bool(os.environ.get("LOA_LONG")),
            "day": (datetime.now(VIETNAM) + timedelta(days=1)).strftime("%d/%m/%Y")})], capture_output=True, text=True, timeout=200, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        yield {**json.loads(done.stdout.splitlines()[-1]), "headers": headers, "manifest": manifest, "sizes": sizes,
               "ordered": commune.admin.get("/api/audit", verb="broadcast.create")["items"],
               "broadcasts": commune.admin.get("/api/broadcasts", area=commune.memory["commune"])["items"]}


def test_the_worker_is_served_small_and_asked_for_each_time(seen):
    types = {path: (headers["Content-Type"].split(";")[0], headers["Cache-Control"], headers["Content-Encoding"]) for path, headers in seen["headers"].items()}
    assert types == {"/": ("text/html", "no-cache", "br"), "/sw.js": ("text/javascript", "no-cache", "br"),
                     "/loa.webmanifest": ("application/manifest+json", "no-cache", "br"), "/icon-192.png": ("image/png", "no-cache", None)}
    assert "worker-src 'self'; manifest-src 'self';" in seen["headers"]["/"]["Content-Security-Policy"]


def test_a_phone_finds_name_and_icons(seen):
    assert (seen["manifest"]["name"], seen["manifest"]["display"], seen["manifest"]["start_url"]) == ("Loa", "standalone", "/")
    assert {(icon["sizes"], icon["purpose"]) for icon in seen["manifest"]["icons"]} == {(f"{n}x{n}", why) for n in (192, 512) for why in ("any", "maskable")}
    assert min(seen["sizes"].values()) > 1000, seen["sizes"]


def test_the_first_screen_comes_before_the_worker(seen):
    assert seen["saw"]["early"] == 0
    asked, different = seen["saw"]["fetched"]
    assert asked == different > 20  # and what is there already is not fetched a second time


def test_without_a_line_the_frame_opens_and_claims_nothing(seen):
    away = seen["saw"]["away"]
    assert "Lịch đã hẹn vẫn phát tại trạm" in away["bar"] and "Chưa rõ" in away["text"]
    assert (away["state"], away["green"]) == ("offline", 0)
    assert "Phú Xuân" not in away["frame"]  # of the server nothing is kept, not even the name of the unit
    assert "Chưa rõ" in seen["saw"]["second"]


def test_draft_and_recording_are_there(seen):
    assert seen["saw"]["draft"] == [TITLE, "06:00", 1]


def test_the_line_comes_back_and_the_order_goes_out_once(seen):
    assert seen["saw"]["back"] == {"title": f"{TITLE}, sửa lại", "before": 0, "state": "live"}
    assert (seen["saw"]["orders"], len(seen["ordered"])) == (1, 1)
    assert [one["title"] for one in seen["broadcasts"]] == [f"{TITLE}, sửa lại"]


def test_an_open_tab_hears_of_a_new_edition_and_keeps_its_form(seen):
    said, typed = seen["saw"]["newer"]
    assert "bản mới" in said and typed == "Đang gõ dở"


def test_the_next_visit_is_the_new_edition_with_and_without_a_line(seen):
    assert seen["saw"]["upgraded"] == {"entry": seen["saw"]["alone"], "title": "Đang gõ dở", "told": 0}
    assert seen["saw"]["alone"].endswith("~.js") and seen["saw"]["wiped"] == seen["saw"]["alone"]
    assert not seen["saw"]["edition"].endswith("~.js")


def test_only_the_shell_is_kept(seen):
    names = {one.split(" ")[0] for one in seen["saw"]["kept"]}
    paths = {one.split(" ")[1] for one in seen["saw"]["kept"]}
    assert len(names) == 2 and all(name.startswith("loa-shell-") for name in names)
    assert {path for path in paths if path != "/" and not path.startswith("/assets/")} == set()


def test_who_logs_out_leaves_nothing(seen):
    assert "bản nháp" in seen["saw"]["asked"]
    assert seen["saw"]["left"] == {"drafts": [], "names": ["loa.language"]}
    assert seen["saw"]["secondTab"] == {"expired": 0, "recording": 0}
    assert seen["saw"]["nobody"] == 0


def test_a_refusal_does_not_stay_in_the_language_that_was_left(seen):
    first, english, again = seen["saw"]["refused"]
    assert "không đúng" in first and again == first
    assert english.splitlines()[0] == "The last try was refused" and "không" not in english


def test_the_pages_kept_their_rules(seen):
    assert (seen["csp"], seen["errors"]) == ([], [])
