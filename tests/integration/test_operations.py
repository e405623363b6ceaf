"""What the person sees who runs the machine: numbers, one screen, and a doctor who says what to do."""

import os
import re
import subprocess

import pytest
from client import Client
from commune import Commune
from conftest import BUILD
from desk import Desk
from paper_station import PaperStation

LOA = BUILD / "tools" / "loa"


def loa(*words, **environment):
    return subprocess.run([LOA, *map(str, words)], capture_output=True, text=True, timeout=60,
                          env={**os.environ, **environment})


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("operations")) as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        station = PaperStation(desk.link)
        station.announce()
        made.station = made.admin.post(f"/api/enrolments/{station.code}",
                                       {"area": made.memory["commune"], "name": "Thôn Đông"})["id"]
        yield made


def metrics(client, **headers):
    status, got, content = client.raw("GET", "/metrics", headers=headers)
    assert status == 200 and got["Content-Type"].startswith("text/plain; version=0.0.4")
    return content.decode()


def value(text, sample):
    return float(re.search(rf"^{re.escape(sample)} (\S+)$", text, re.M).group(1))


def test_every_line_of_the_metrics_is_one_that_prometheus_reads(commune):
    sample = re.compile(r'[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? -?[0-9.e+-]+')
    announced = set()
    for line in metrics(Client(commune.desk.people)).splitlines():
        if line.startswith("# TYPE "):
            announced.add(line.split()[2])
        elif not line.startswith("# HELP "):
            assert sample.fullmatch(line), line
            assert re.match(r"[a-z_]+", line).group() in announced


def test_metrics_count_and_name_nobody(commune):
    client = Client(commune.desk.people)
    before = metrics(client)
    client.raw("GET", "/api/me")  # 401
    after = metrics(client)
    assert value(before, 'loa_stations{state="never"}') == 1
    refused = 'loa_http_answers_total{listener="people",class="4xx"}'
    assert value(after, refused) == value(before, refused) + 1
    assert value(after, "loa_loop_held_seconds_max") > 0
    assert value(after, 'loa_database_bytes{file="log"}') > 4096  # all of it, so early
    for secret in (commune.station, commune.memory["commune"], "Thôn", "admin"):
        assert secret not in after


def test_from_elsewhere_metrics_need_an_administrator(commune):
    elsewhere = {"X-Forwarded-For": "203.0.113.7"}
    assert Client(commune.desk.people).raw("GET", "/metrics", headers=elsewhere)[0] == 401
    assert commune.operator.raw("GET", "/metrics", headers=elsewhere)[0] == 403
    assert commune.admin.raw("GET", "/metrics", headers=elsewhere)[0] == 200


def test_the_age_of_the_last_backup_is_told(commune):
    client = Client(commune.desk.people)
    assert client.get("/healthz")["backup_age_s"] is None
    assert "loa_backup_age_seconds" not in metrics(client)
    place = commune.desk.place
    subprocess.run(["age-keygen", "-o", place / "secret"], check=True, capture_output=True)
    (place / "public").write_text(subprocess.run(["age-keygen", "-y", place / "secret"], check=True,
                                                 capture_output=True, text=True).stdout)
    done = loa("backup", place / "controller", place / "copy.tar.age", "--recipients", place / "public")
    assert done.returncode == 0, done.stderr
    assert 0 <= client.get("/healthz")["backup_age_s"] < 60
    assert 0 <= value(metrics(client), "loa_backup_age_seconds") < 60
