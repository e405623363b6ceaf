"""The shipped nginx site in front of a real controller: TLS, streams, sizes, limits, cache, headers."""

import gzip
import http.client
import json
import re
import secrets
import socket
import ssl
import subprocess
import threading

import pytest
from client import Client
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for
from paper_station import PaperStation
from proxy import NAME, Proxy

MIB = 1 << 20


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    place = tmp_path_factory.mktemp("proxy")
    with Desk(BUILD, place / "desk") as desk:
        with Proxy(BUILD, place / "nginx", desk.people, desk.link) as desk.front:
            desk.start_controller()
            made = Commune(desk)
            made.found()
            made.log_in()
            yield made


@pytest.fixture(scope="module")
def front(commune):
    return commune.desk.front


def station(commune, name):
    made = PaperStation(commune.desk.front.address, tls=commune.desk.front.tls)
    assert made.announce()[0] == 202
    commune.admin.post(f"/api/enrolments/{made.code}", {"area": commune.memory["commune"], "name": name})
    assert made.poll()[0] == 200
    return made


def raw(front, data, plain=False):
    """Bytes to the proxy; the status and the body that came back."""
    with socket.create_connection(front.address.split(":"), timeout=20) as wire:
        if not plain:
            wire = front.tls.wrap_socket(wire, server_hostname="127.0.0.1")
        try:
            wire.sendall(data)
        except OSError:
            pass  # it has said why and hung up
        answer = http.client.HTTPResponse(wire)
        answer.begin()
        return answer.status, answer.headers, answer.read()


def problem(answer, status):
    got, headers, body = answer
    assert got == status
    assert headers["Content-Type"] == "application/problem+json"
    document = json.loads(body)
    assert document["status"] == status and document["detail"]
    return document


# --- who is trusted ---------------------------------------------------------------------------------


def test_the_authority_is_believed_for_its_names_only(front):
    def greet(context, name):
        with socket.create_connection(front.address.split(":"), timeout=10) as wire:
            return context.wrap_socket(wire, server_hostname=name).version()

    assert greet(front.tls, NAME) in ("TLSv1.2", "TLSv1.3")
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(front.tls, "bank.example")
    with pytest.raises(ssl.SSLCertVerificationError):
        greet(ssl.create_default_context(), NAME)


def test_an_authority_for_a_commune_cannot_vouch_for_a_bank(front, tmp_path):
    """Signed by OpenSSL with the stolen key itself, past every check of ours; any client has to refuse it."""
    tls = front.place / "tls"
    (tmp_path / "ext").write_text("subjectAltName=DNS:bank.example\nextendedKeyUsage=serverAuth\n")
    for command in (f"req -new -newkey rsa:2048 -nodes -subj /CN=bank.example -keyout {tmp_path}/key -out {tmp_path}/csr",
                    f"x509 -req -in {tmp_path}/csr -CA {tls}/ca.crt -CAkey {tls}/ca.key -extfile {tmp_path}/ext -out {tmp_path}/crt"):
        subprocess.run(["openssl", *command.split()], check=True, capture_output=True)
    done = subprocess.run(["openssl", "verify", "-CAfile", tls / "ca.crt", tmp_path / "crt"], capture_output=True, text=True)
    assert done.returncode != 0 and "permitted subtree violation" in done.stderr


def test_a_renewed_certificate_keeps_names_and_key(front):
    loa, place = BUILD / "tools" / "loa", front.place / "tls"
    before, key = (place / "server.crt").read_text(), (place / "server.key").read_text()
    assert subprocess.run([loa, "tls", "renew", "--dir", place], capture_output=True).returncode == 0
    assert (place / "server.crt").read_text() == before, "there was time yet"
    assert subprocess.run([loa, "tls", "renew", "--now", "--dir", place], capture_output=True).returncode == 0
    assert (place / "server.crt").read_text() != before and (place / "server.key").read_text() == key
    shown = subprocess.run([loa, "tls", "show", "--dir", place], capture_output=True, text=True).stdout
    assert f"{NAME} 127.0.0.1" in shown
    refused = subprocess.run([loa, "tls", "make", "other.test", "--dir", place], capture_output=True, text=True)
    assert refused.returncode == 1 and "made for other names" in refused.stderr
    for secret in ("ca.key", "server.key"):
        assert (place / secret).stat().st_mode & 0o777 == 0o600


def test_plain_http_leads_to_tls_and_hands_out_the_authority(front):
    client = Client(front.plain)
    status, headers, _ = client.raw("GET", "/api/me")
    assert (status, headers["Location"]) == (301, "https://127.0.0.1/api/me")
    status, headers, body = client.raw("GET", "/ca.crt")
    assert status == 200 and headers["Content-Type"] == "application/x-x509-ca-cert"
    assert body == front.authority.read_bytes()
    assert client.raw("GET", "/ca.key")[0] == 301
    assert Client(front.address, tls=front.tls).raw("GET", "/ca.key")[0] == 404


def test_the_time_comes_over_plain_http_too(front):
    """A station whose clock is years off finds no certificate valid; the answer is signed."""
    connection = http.client.HTTPConnection(front.plain)
    connection.request("GET", "/station/v1/time?nonce=" + "0" * 32)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["payloadType"]) == (200, "application/vnd.loa.time+json;v=1")


def test_the_doctor_judges_certificate_and_connections(commune, front):
    nginx = front.place / "machine.conf"
    nginx.write_text("events {\n    worker_connections 768;\n}\n")

    def examine():
        done = subprocess.run([BUILD / "tools" / "loa", "doctor", "--config", commune.desk.place / "controller.conf", "--tls",
                               front.place / "tls", "--nginx", nginx], capture_output=True, text=True,
                              env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin"})
        return done.returncode, done.stdout

    code, said = examine()
    assert "ok    Connections of nginx (worker_connections): 768" in said
    nginx.write_text("events { worker_connections 16; }\n")
    code, said = examine()
    assert code == 1 and "fail  Connections of nginx (worker_connections): 16\n      -> 16 is little" in said
    nginx.unlink()
    code, said = examine()
    assert "Connections of nginx" not in said
    assert code == 0 and "ok    Certificate for HTTPS, until: 2" in said and "ok    Key of the certificate" in said
    key = front.place / "tls" / "server.key"
    kept = key.read_bytes()
    try:
        key.write_bytes((front.place / "tls" / "ca.key").read_bytes())
        code, said = examine()
        assert code == 1 and f"fail  Key of the certificate: {key}\n      -> {key} is not the key of this certificate" in said
        (front.place / "tls" / "server.crt").rename(front.place / "away.crt")
        code, said = examine()
        assert code == 1 and "fail  Certificate for HTTPS" in said
    finally:
        (front.place / "away.crt").rename(front.place / "tls" / "server.crt")
        key.write_bytes(kept)


# --- people -------------------------------------------------------------------------------------------


def test_the_controller_knows_the_visitor_and_believes_no_visitor(commune, front):
    admin = commune.admin
    assert admin.cookie.startswith("__Host-loa_session="), "it knows that this was HTTPS"
    status, _, _ = Client(front.address, tls=front.tls).raw("GET", "/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    assert status == 401, "a program on this machine is one that comes without the proxy"
    admin.raw("GET", "/api/me", headers={"X-Forwarded-For": "203.0.113.9"})
    assert admin.get("/api/sessions")["items"][0]["remote"] == "127.0.0.1"


def test_browsers_are_told_to_stay_with_https_and_stations_are_not(commune, front):
    _, headers, _ = Client(front.address, tls=front.tls).raw("GET", "/api/setup")
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    for name in ("Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy"):
        assert len(headers.get_all(name)) == 1, name
    status, headers, body = Client(front.address, tls=front.tls).raw("GET", "/station/v1/time?nonce=" + secrets.token_hex(16))
    assert status == 200 and headers["Strict-Transport-Security"] is None, (headers.items(), body)
    assert not re.search(r"\d", headers["Server"] or ""), "no version"


def test_answers_about_a_province_are_small_on_the_way_and_what_is_signed_stays_as_it_is(commune, front):
    _, plain, whole = commune.admin.raw("GET", "/api/roles")
    status, headers, small = commune.admin.raw("GET", "/api/roles", headers={"Accept-Encoding": "gzip"})
    assert status == 200 and plain["Content-Encoding"] is None and headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(small)) == json.loads(whole) and len(small) < len(whole) / 2
    status, headers, _ = Client(front.address, tls=front.tls).raw(
        "GET", "/station/v1/time?nonce=" + secrets.token_hex(16), headers={"Accept-Encoding": "gzip"})
    assert status == 200 and headers["Content-Encoding"] is None


def events(address, tls, path, headers):
    """An open stream; gives the answer and a function for the next line that is no comment."""
    connection = http.client.HTTPSConnection(address, timeout=15, context=tls)
    connection.request("GET", path, headers=headers)
    return connection, connection.getresponse()


def test_a_stream_of_people_is_not_kept_back(commune, front):
    connection, answer = events(front.address, front.tls, "/api/events", {"Cookie": commune.admin.cookie})
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.readline() == b":\n", "the first comment comes at once, 15 s before the second"
    station(commune, "Trạm mới")
    lines = iter(answer.readline, b"")
    assert any(line.startswith(b"event: changed") for line in lines)
    connection.close()


def test_a_stream_of_a_station_is_not_kept_back(commune, front):
    paper = station(commune, "Trạm sự kiện")
    connection, answer = events(front.address, front.tls, "/station/v1/events", paper.sign("GET", "/station/v1/events"))
    assert answer.status == 200
    assert any(line.startswith(b"event: hello") for line in iter(answer.readline, b""))
    connection.close()


def test_an_upload_of_the_largest_size_comes_through_and_a_larger_one_is_told_so(commune, front):
    operator, tus = commune.operator, {"Tus-Resumable": "1.0.0"}
    largest = 256 * MIB
    status, headers, _ = operator.raw("POST", "/api/uploads", b"", {**tus, "Upload-Length": str(largest)})
    assert status == 201
    place = headers["Location"]
    status, headers, _ = operator.raw("PATCH", place, bytes(largest), {
        **tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"})
    assert (status, headers["Upload-Offset"]) == (204, str(largest))
    operator.raw("DELETE", place, headers=tus)

    status, _, body = operator.raw("POST", "/api/uploads", b"", {**tus, "Upload-Length": str(largest + 1)})
    assert status == 413 and json.loads(body)["type"] == "/problems/too-large"
    head = f"PATCH {place} HTTP/1.1\r\nHost: x\r\nContent-Length: {300 * MIB}\r\nAccept-Language: en\r\n\r\n"
    assert problem(raw(front, head.encode()), 413)["detail"] == "What was sent is too large."


def test_a_lost_upload_goes_on_where_it_broke(commune, front):
    operator, tus = commune.operator, {"Tus-Resumable": "1.0.0"}
    place = operator.raw("POST", "/api/uploads", b"", {**tus, "Upload-Length": str(MIB)})[1]["Location"]
    cookie = operator.cookie
    with socket.create_connection(front.address.split(":")) as wire:
        wire = front.tls.wrap_socket(wire, server_hostname=NAME)
        wire.sendall((f"PATCH {place} HTTP/1.1\r\nHost: {front.address}\r\nCookie: {cookie}\r\nX-Loa: 1\r\nTus-Resumable: 1.0.0\r\n"
                      f"Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {MIB}\r\n\r\n").encode()
                     + bytes(MIB // 2))

        file = commune.desk.place / "controller" / "uploads" / place.rsplit("/", 1)[-1]
        wait_for(lambda: file.stat().st_size >= MIB // 4, 15)  # handed on before it was whole
    offset = int(operator.raw("HEAD", place, headers=tus)[1]["Upload-Offset"])
    assert MIB // 4 <= offset <= MIB // 2
    status, headers, _ = operator.raw("PATCH", place, bytes(MIB - offset), {
        **tus, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"})
    assert (status, headers["Upload-Offset"]) == (204, str(MIB))
    operator.raw("DELETE", place, headers=tus)


# --- limits -------------------------------------------------------------------------------------------


def statuses(count, ask):
    """The statuses of so many requests, four at a time."""
    found, lock = [], threading.Lock()

    def work():
        for _ in range(count // 4):
            status = ask()
            with lock:
                found.append(status)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return found


def test_stations_behind_one_address_do_not_pay_for_each_other(commune, front):
    mad, calm = station(commune, "Trạm cuống"), station(commune, "Trạm bình tĩnh")
    rounds = (statuses(200, lambda: mad.send("GET", "/plan")[0]) for _ in range(10))  # a slow machine asks slowly
    assert any(429 in found for found in rounds), "a station gone mad is held back"
    assert calm.send("GET", "/plan")[0] == 200, "its neighbour behind the same address is not"
    time_path = "/station/v1/time?nonce=" + secrets.token_hex(16)
    found = statuses(200, lambda: Client(front.address, tls=front.tls).raw("GET", time_path)[0])
    assert set(found) == {200}, "what stations ask unsigned is not counted by address"


def test_guessing_passwords_is_slowed_down_and_work_goes_on(commune, front):
    def guess():
        return Client(front.address, tls=front.tls).raw("POST", "/api/session", b"{}", {"Content-Type": "application/json"})[0]

    found = statuses(80, guess)
    assert 429 in found
    answer = Client(front.address, tls=front.tls, language="en").raw("POST", "/api/session", b"{}", {"Content-Type": "application/json"})
    while answer[0] != 429:
        answer = Client(front.address, tls=front.tls, language="en").raw("POST", "/api/session", b"{}", {"Content-Type": "application/json"})
    assert problem(answer, 429)["detail"].startswith("Too many requests.") and answer[1]["Retry-After"] == "5"
    assert commune.admin.get("/api/me")["login"] == "admin"


# --- media, and a controller that rests -----------------------------------------------------------------


def test_media_is_asked_of_the_controller_once_and_given_while_it_rests(commune, front):
    bulletin = commune.speak_bulletin("Thông báo", "Xin chào bà con.")
    path = f"/station/v1/media/{bulletin['sha256']}"
    client = Client(front.address, tls=front.tls)
    status, _, whole = client.raw("GET", path)
    assert status == 200
    commune.desk.controller.stop()
    try:
        assert client.raw("GET", path)[2] == whole
        status, headers, part = client.raw("GET", path, headers={"Range": "bytes=10-19"})
        assert (status, part) == (206, whole[10:20])
        answer = client.raw("GET", "/api/setup")
        assert problem(answer, 503)["type"] == "/problems/busy" and answer[1]["Retry-After"] == "5"
    finally:
        commune.desk.start_controller()
    assert client.raw("GET", "/api/setup")[0] == 200


# --- what nginx itself refuses --------------------------------------------------------------------------


@pytest.mark.parametrize("data", [
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
    b"G\xffT / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"x" * 70000 + b"\r\n\r\n",
], ids=["two hosts", "no host", "no length", "no method", "bad escape", "long header"])
def test_what_is_no_proper_http_gets_a_plain_answer(front, data):
    document = problem(raw(front, data), 400)
    assert document["type"] == "/problems/bad-request"


def test_plain_http_on_the_tls_port_is_told_so(front):
    problem(raw(front, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", plain=True), 400)
