"""What the person sees who runs the machine: numbers, one screen, and a doctor who says what to do."""

import contextlib
import os
import re
import sqlite3
import subprocess

import pytest
from client import Client
from commune import Commune
from conftest import BUILD, ROOT
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


# --- loa status and loa doctor ------------------------------------------------------------------------

def token_file(commune):
    path = commune.desk.place / "token"
    made = commune.admin.post("/api/tokens", {"name": "status", "may": ["view"]})
    path.write_text(made["token"] + "\n")
    path.chmod(0o600)
    return path


def test_status_is_one_screen_in_two_languages(commune):
    words = ("status", "--controller", f"http://{commune.desk.people}", "--token-file", token_file(commune))
    english, vietnamese = loa(*words, LC_ALL="C.UTF-8"), loa(*words, LC_ALL="vi_VN.UTF-8")
    assert "Stations    0 online of 1\n" in english.stdout, english.stderr
    assert "Trạm loa    0 đang hoạt động / 1\n" in vietnamese.stdout
    assert "Disk free" in english.stdout and len(english.stdout.splitlines()) < 25


def test_status_says_when_a_token_is_not_valid_or_not_secret(commune):
    path = token_file(commune)
    words = ("status", "--controller", f"http://{commune.desk.people}", "--token-file", path)
    path.chmod(0o644)
    assert "chmod 600" in loa(*words).stderr
    path.chmod(0o600)
    path.write_text("loa_" + "0" * 40)
    wrong = loa(*words)
    assert wrong.returncode == 1 and "401" in wrong.stderr and "0000" not in wrong.stderr


def examine(commune):
    done = loa("doctor", "--config", commune.desk.place / "controller.conf", LC_ALL="C.UTF-8")
    return done.returncode, done.stdout


def test_the_doctor_finds_a_good_controller_good(commune):
    code, said = examine(commune)
    assert code == 0, said
    for line in ("ok    Configuration", "ok    People's port", "ok    Stations' port", "ok    Data directory",
                 "ok    Key that signs plans", "ok    Database", "ok    Content worker", "ok    Sound plugins"):
        assert line in said
    assert "warn  Root key" in said  # it is still on this machine


def test_the_doctor_says_what_to_do_about_each_ill(commune):
    data = commune.desk.place / "controller"
    key = data / "keys" / "online.key"
    key.chmod(0o644)
    try:
        code, said = examine(commune)
    finally:
        key.chmod(0o600)
    assert code == 1
    assert f"fail  Key that signs plans: {key}\n      -> Others on this machine can read it. Run: chmod go= {key}" in said


def test_the_doctor_finds_a_controller_that_is_not_there(commune):
    config = commune.desk.place / "other.conf"
    config.write_text("[server]\npeople=127.0.0.1:9\nstations=127.0.0.1:10\n"
                      f"data={commune.desk.place / 'nowhere'}\nworker=/nowhere/worker\npanel=/nowhere/panel\n")
    done = loa("doctor", "--config", config, LC_ALL="vi_VN.UTF-8")
    assert done.returncode == 1
    for line in ("fail  Cổng cho người dùng", "fail  Thư mục dữ liệu", "fail  Cơ sở dữ liệu",
                 "fail  Chương trình xử lý tệp âm thanh", "fail  Trang quản trị"):
        assert line in done.stdout


def test_the_doctor_looks_for_every_plugin_that_the_worker_loads():
    def names(path, begin):
        return set(re.findall(r'"(\w+)"', (ROOT / path).read_text().split(begin, 1)[1].split("};", 1)[0]))

    assert names("tools/doctor_machine.c", "names[] = {") == names("controller/content/worker_forms.c",
                                                                   "worker_plugins[] = {")


def damage(commune, statement):
    """Stops the controller, writes into its database and starts it again."""
    data = commune.desk.place / "controller"
    assert commune.desk.controller.stop() == 0
    with contextlib.closing(sqlite3.connect(data / "loa.db")) as database:
        assert database.execute(statement).rowcount > 0
        database.commit()
    return data


def titles(commune, typed):
    return [one["title"] for one in commune.admin.get("/api/bulletins", q=typed)["items"]]


def test_a_damaged_index_is_found_and_made_anew_without_anybody(commune):
    commune.admin.post("/api/bulletins", {"area": commune.memory["commune"], "title": "Lịch tiêm chủng", "text": "Từ 7 giờ sáng."})
    assert examine(commune)[0] == 0 and titles(commune, "tiem chung") == ["Lịch tiêm chủng"]
    damage(commune, "UPDATE bulletin_words_data SET block = x'ffffffff' WHERE id = 10")
    assert "fail  Search index of bulletins" in examine(commune)[1]
    commune.desk.start_controller()
    assert titles(commune, "tiem chung") == ["Lịch tiêm chủng"] and examine(commune)[0] == 0
    assert "made anew" in (commune.desk.place / "controller.log").read_text()


def test_a_wrong_word_in_the_index_is_found_and_put_right_by_a_command(commune):
    data = damage(commune, "UPDATE bulletin_versions SET title = 'Lịch cắt điện'")
    said = examine(commune)[1]
    assert f"--reindex --data {data}" in said
    words = [BUILD / "controller" / "loa-controller", "--reindex", "--data", data]
    done = [subprocess.run(words, capture_output=True, text=True, timeout=60).stdout for _ in range(2)]
    assert done == ["the search index was wrong and was made anew\n", "the search index is right\n"]
    commune.desk.start_controller()
    assert titles(commune, "cat dien") == ["Lịch cắt điện"] and titles(commune, "tiem") == [] and examine(commune)[0] == 0
