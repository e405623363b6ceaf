"""Groups across communes, policies and calendars, through a real controller and the plans of stations."""

import time

import pytest
from client import Problem
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for
from paper_station import PaperStation


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("groups")) as desk:
        desk.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        yield commune


def in_an_hour():
    return time.strftime("%Y-%m-%dT%H:%M:00Z", time.gmtime(time.time() + 3600))


def accept(commune, area, name):
    station = PaperStation(commune.desk.link)
    station.announce()
    identity = commune.admin.post(f"/api/enrolments/{station.code}", {"area": area, "name": name})["id"]
    station.poll()
    return station, identity


def airings(station):
    return len(station.plan()[2]["airings"])


def test_a_neighbour_sounds_while_it_accepts_and_a_policy_refuses(province):
    admin, own = province.admin, province.memory["commune"]
    beside = admin.post("/api/areas", {"parent": province.memory["province"], "name": "Xã bên", "kind": "commune"})["id"]
    near, _ = accept(province, own, "Thôn nhà")
    far, _ = accept(province, beside, "Thôn bên")
    bulletin = province.speak_bulletin("Thông báo liên xã", "Xin chào bà con hai xã.")["id"]
    group = province.operator.post("/api/groups", {"area": own, "name": "Liên xã", "members": [
        {"kind": "area", "id": own}, {"kind": "area", "id": beside}]})
    order = {"bulletin": bulletin, "area": own, "targets": [{"kind": "group", "id": group["id"]}],
             "when": {"kind": "once", "at": in_an_hour()}, "repeat": {"count": 2, "gap_s": 60}}
    province.operator.post("/api/broadcasts", order)
    wait_for(lambda: airings(near) == 2, 10)
    assert airings(far) == 0
    with pytest.raises(Problem) as refused:
        province.operator.post(f"/api/groups/{group['id']}/members/{beside}/accept", {})
    assert refused.value.status == 403
    # Whoever approves content in the other commune decides; here the administrator of the province stands in.
    admin.post(f"/api/groups/{group['id']}/members/{beside}/accept", {})
    wait_for(lambda: airings(far) == 2, 10)
    admin.post(f"/api/groups/{group['id']}/members/{beside}/withdraw", {})
    wait_for(lambda: airings(far) == 0, 10)
    assert airings(near) == 2
    admin.call("PUT", f"/api/areas/{own}/policy", {"classes": ["priority"]})
    with pytest.raises(Problem) as refused:
        province.operator.post("/api/broadcasts", order)
    assert refused.value.status in (403, 422)
