"""A province of 5,000 stations in the browser: every list is searched and paged by the server, and nothing moves under the
finger while a screen fills. With LOA_LONG also over a million airings."""

import itertools
import json
import os
import subprocess
import sys
import time

import pytest
from conftest import BUILD, HERE, ROOT

sys.path[:0] = [str(ROOT / "tests" / "bench")]
from client import Client  # noqa: E402
from desk import Desk, password, wait_for  # noqa: E402
from panel_world import LOST, fill, fold  # noqa: E402

STATIONS = 5000
COMMUNES = 200
WALKED = (  # daily; with LOA_LONG every width and hand
    ("why", 1280, "light", "pointer"), ("approve", 390, "dark", "pointer"), ("volume", 1280, "dark", "keys"), ("everyone", 1280, "light", "pointer"),
    ("emergency", 390, "light", "pointer"), ("coverage", 320, "dark", "keys"), ("month", 1280, "light", "keys"))
AIRINGS = 1_000_000 if os.environ.get("LOA_LONG") else 10_000
BULLETINS = 3000
CLS = 0.05
AMONG = f"c{7:015x}"  # the commune of an emergency
NAMED = "Loa thôn Trung 4999"  # far beyond what any page of a list holds
WELL = 4850  # of 4,950 online, every 50th has a fault


def people(desk, secret, top):
    """Whoever writes, whoever approves and whoever administers, all of the whole province."""
    admin = Client(desk.people)
    admin.log_in("admin", secret)
    accounts = {"admin": secret, "operator": password(), "leader": password()}
    for login, name in (("operator", "Chị Mai"), ("leader", "Bà Lan")):
        admin.post("/api/users", {"name": name, "login": login, "password": accounts[login], "grants": [{"role": "administrator", "area": top}]})
    return admin, accounts


def prepared_message(desk, accounts, top):
    """Spoken by one, approved by the other, held ready for an emergency."""
    author, leader = Client(desk.people), Client(desk.people)
    author.log_in("operator", accounts["operator"])
    leader.log_in("leader", accounts["leader"])
    made = author.post("/api/bulletins", {"area": top, "title": "Lũ về", "language": "vi", "text": "Lũ về, bà con sơ tán ngay."})["id"]
    wait_for(lambda: author.get(f"/api/bulletins/{made}")["audio"] == "ready", 60)
    author.post(f"/api/bulletins/{made}/submit")
    leader.post(f"/api/bulletins/{made}/approve")
    leader.post("/api/alert-clips", {"area": top, "bulletin": made, "severity": 5, "every_minutes": 30})
    wait_for(lambda: all(clip["state"] == "ready" for clip in leader.get("/api/alert-clips")["items"]), 60)


def cells():
    flows = [flow for flow, *_ in WALKED]
    chosen = itertools.product(flows, (1280, 390, 320), ("light",), ("pointer", "keys")) if os.environ.get("LOA_LONG") else WALKED
    return [dict(zip(("flow", "width", "colour", "hand", "line"), (*cell, "good"))) for cell in chosen]


def run(desk, script, accounts, timeout, **more):
    order = {"url": f"http://{desk.people}/", "accounts": accounts, "shots": os.environ.get("LOA_SHOTS", str(desk.place)), "pictures": "LOA_SHOTS" in os.environ, "named": NAMED, **more}
    done = subprocess.run(["node", str(HERE / script), json.dumps(order)], capture_output=True, text=True, timeout=timeout, check=False)
    if os.environ.get("LOA_TIMES"):
        print(done.stderr, file=sys.stderr)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("province"), panel=ROOT / "web-admin" / "dist") as desk:
        desk.start_controller()
        secret = password()
        desk.set_up("Tỉnh", {"name": "Quản trị", "login": "admin", "password": secret})
        desk.controller.stop()
        top, _ = fill(desk.place / "controller" / "loa.db", STATIONS, AIRINGS, library=BULLETINS)
        desk.start_controller()
        yield desk, secret, top


@pytest.fixture(scope="module")
def seen(province):
    desk, secret, _ = province
    days = [time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 3600 - back * 86400)) for back in (40, 0)]
    return run(desk, "large.mjs", {"admin": secret}, 300, plain=fold(NAMED), lost=LOST, lostPlain="lap thanh ky niem", other=f"số {BULLETINS - 200}", **{"from": days[0], "to": days[1]})


@pytest.fixture(scope="module")
def walked(province):
    desk, secret, top = province
    admin, accounts = people(desk, secret, top)
    prepared_message(desk, accounts, top)
    areas = {area["id"]: area for area in admin.get("/api/areas")["items"]}
    among, top_area = areas[AMONG], areas[top]
    tomorrow = time.strftime("%d/%m/%Y", time.gmtime(time.time() + 7 * 3600 + 86400))
    return run(desk, "walks.mjs", accounts, 60 + 60 * len(cells()), province=True, cells=cells(), commune=top, among=among, communes=COMMUNES, day=tomorrow,
               louder=f"s{STATIONS - 1:031x}", onePerson=top_area["one_person_approves"], daily="LOA_LONG" not in os.environ)


@pytest.mark.parametrize("screen", ["home", "schedule", "log", "compose", "stations", "map", "alerts", "reports", "sounds"])
def test_nothing_moves_while_a_screen_fills(seen, screen):
    still = seen["saw"]["cls"][screen]
    assert still["value"] <= CLS, still["moved"]


def test_home_counts_all_and_names_the_worst(seen):
    assert f"{WELL} trong {STATIONS}" in seen["saw"]["home"]
    assert seen["saw"]["attention"] == 6


def test_home_waits_for_one_round_of_answers(seen):
    assert seen["saw"]["early"] == ["ask /api/home", "ask /api/home/again", "ask /api/home/since", "ask /api/me", "ask /healthz"]
    assert seen["saw"]["asked"] == 5


def test_lists_come_by_pages_and_are_searched_without_accents(seen):
    assert seen["saw"]["firstPage"] == 50
    assert seen["saw"]["found"] == 50
    assert seen["saw"]["map"] == str(STATIONS)


def test_the_log_is_narrowed_to_an_outcome_and_to_one_of_all_stations(seen):
    assert seen["saw"]["outcomes"] == ["missed"]
    assert seen["saw"]["station"] == f"s{STATIONS - 1:031x}"


def test_an_order_may_name_one_station_of_thousands(seen):
    assert NAMED in seen["saw"]["chosen"]
    assert f"{STATIONS} trạm" in seen["saw"]["everywhere"]


def test_thousands_of_bulletins_come_by_pages_and_the_oldest_is_found(seen):
    saw = seen["saw"]["library"]
    assert saw["asked"] == 1 and saw["rows"] == 30, "the first screen costs one page"
    assert saw["first"].endswith(f"số {BULLETINS - 2}"), "what was aired yesterday stands on top"
    assert str(BULLETINS) in saw["shown"] and saw["further"] == 60
    assert saw["found"] == LOST and 1 <= saw["searches"] <= 4
    assert saw["chosen"] == LOST, "what was chosen stays, whatever is looked for"


def test_no_page_broke(seen):
    assert seen["errors"] + seen["csp"] == []


def test_what_a_province_comes_for_is_done_over_thousands_of_stations(walked):
    assert walked["saw"]["failed"] == []
    done = walked["saw"]["cells"]
    assert len(done) == len(cells())
    assert {name: (cell["taps"], cell["most"]) for name, cell in done.items() if cell["taps"] > cell["most"]} == {}
    assert {name: cell["proof"] for name, cell in done.items() if cell["proof"]["count"] != 1} == {}


@pytest.mark.parametrize("flow,state", [("why", "said"), ("approve", "approved"), ("volume", "set"), ("coverage", f"{COMMUNES} 2"), ("month", "PK"),
                                        ("emergency", f"active {AMONG} {STATIONS // COMMUNES}")])
def test_the_controller_knows_of_it(walked, flow, state):
    assert {cell["proof"]["state"] for name, cell in walked["saw"]["cells"].items() if name.split()[0] == flow} == {state}


@pytest.mark.parametrize("what", ["wide", "axe", "small", "unseen", "csp", "errors"])
def test_the_pages_kept_their_rules(walked, what):
    assert walked[what] == []
