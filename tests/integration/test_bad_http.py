"""Bad requests, many of them: each gets a problem document, and memory stays where it was.

LOA_BAD_COUNT sets how many of each kind (10,000 by default).
"""

import json
import os
import re
import socket
import time

import pytest

COUNT = int(os.environ.get("LOA_BAD_COUNT", "10000"))
WARM_UP = 2000
GROWTH_KIB = 2048
SANITIZED_GROWTH_KIB = 1 << 20  # sanitizers keep freed memory for a while
DRIPPING = 400  # held to the deadline, all at once
DEADLINE_S = 30  # SERVER_REQUEST_DEADLINE_MS
PASSWORD = "mat khau dai"


class Wire:
    """A raw HTTP/1.1 connection that is opened again whenever the server closed it."""

    def __init__(self, address, headers=()):
        self.address = address
        self.headers = [f"Host: {address}", "X-Loa: 1", *headers]
        self.socket = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.socket:
            self.socket.close()
            self.socket = None

    def connect(self):
        if not self.socket:
            host, port = self.address.split(":")
            self.socket = socket.create_connection((host, int(port)), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.socket

    def head(self, path, *headers):
        return "\r\n".join([f"POST {path} HTTP/1.1", *self.headers, *headers, "", ""]).encode()

    def send(self, data):
        """Sends what it can: a server that has said why may hang up in the middle."""
        try:
            self.connect().sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def answer(self):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self.socket.recv(65536)
            assert piece, f"the server hung up after {data!r}"
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
        while len(body) < length:
            piece = self.socket.recv(65536)
            assert piece, "the server hung up within its answer"
            body += piece
        if re.search(rb"(?i)\r\nconnection: *close", head):
            self.close()
        return int(head.split(b" ", 2)[1]), head, body

    def json(self, path, body):
        self.send(self.head(path, "Content-Type: application/json", f"Content-Length: {len(body)}") + body)
        return self.answer()


def allowed_growth_kib():
    from conftest import BUILD

    sanitized = "LOA_SANITIZE:BOOL=ON" in (BUILD / "CMakeCache.txt").read_text()
    return SANITIZED_GROWTH_KIB if sanitized else GROWTH_KIB


def resident_kib(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


def assert_problem(answer, status):
    got, head, body = answer
    assert got == status, (got, body)
    assert b"application/problem+json" in head
    document = json.loads(body)
    assert document["status"] == status and document["detail"] and document["type"]


def assert_flat(controller, run):
    for _ in range(min(WARM_UP, COUNT)):
        run()
    time.sleep(1.5)
    before = resident_kib(controller)
    for _ in range(COUNT):
        run()
    time.sleep(1.5)
    grown = resident_kib(controller) - before
    assert grown <= allowed_growth_kib(), f"{grown} KiB more after {COUNT} requests"


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    from conftest import BUILD
    from desk import Desk

    with Desk(BUILD, tmp_path_factory.mktemp("bad") / "desk") as desk:
        desk.start_controller()
        desk.set_up("Tỉnh Thử", {"name": "Quản trị", "login": "admin", "password": PASSWORD})
        yield desk


@pytest.fixture
def wire(started):
    with Wire(started.people) as wire:
        yield wire


@pytest.fixture
def logged_in(started):
    with Wire(started.people) as wire:
        status, head, _ = wire.json("/api/session", json.dumps({"login": "admin", "password": PASSWORD}).encode())
        assert status == 200
        cookie = re.search(rb"Set-Cookie: ([^;]+)", head).group(1).decode()
    with Wire(started.people, [f"Cookie: {cookie}"]) as wire:
        yield wire


CASES = {
    "malformed": (b'{"login": "a", ', 400),
    "not an object": (b"[1, 2]", 400),
    "not UTF-8": (b'{"login": "\xff\xfe", "password": "x"}', 400),
    "duplicate key": (b'{"login": "a", "login": "b", "password": "x"}', 400),
    "deep": (b"[" * 16000, 400),
    "unknown member": (b'{"login": "a", "password": "b", "admin": true}', 422),
    "wrong types": (b'{"login": 7, "password": {}}', 422),
    "oversized": (b" " * 17000, 413),
    "deep and oversized": (b"[" * 100000, 413),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_bodies_get_a_problem_and_leave_no_trace(started, wire, name):
    body, status = CASES[name]
    assert_flat(started.controller, lambda: assert_problem(wire.json("/api/session", body), status))


def test_a_hundred_thousand_brackets_cost_one_scan(started, logged_in):
    body = b'{"targets": ' + b"[" * 100000
    assert_flat(started.controller, lambda: assert_problem(logged_in.json("/api/broadcasts", body), 400))


def test_a_chunked_body_is_counted_as_it_comes(started, wire):
    chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"

    def run():
        wire.send(wire.head("/api/session", "Content-Type: application/json", "Transfer-Encoding: chunked")
                  + chunk + chunk + b"0\r\n\r\n")
        assert_problem(wire.answer(), 413)

    assert_flat(started.controller, run)


def test_a_body_announced_in_gigabytes_is_refused_and_cut(started, wire):
    piece = b" " * (2 << 20)

    def run():
        wire.send(wire.head("/api/session", "Content-Type: application/json", "Content-Length: 9999999999") + piece)
        assert_problem(wire.answer(), 413)
        wire.close()

    for _ in range(20):
        run()
    before = resident_kib(started.controller)
    for _ in range(min(COUNT, 200)):
        run()
    time.sleep(3)
    assert resident_kib(started.controller) - before <= allowed_growth_kib()


def test_peers_that_leave_in_the_middle_are_forgotten(started, wire):
    def run():
        wire.send(wire.head("/api/session", "Content-Type: application/json", "Content-Length: 15000") + b"{" * 7000)
        wire.close()

    assert_flat(started.controller, run)


def drip(peers, seconds):
    """One byte a second into each connection, until it answers."""
    answers = {}
    end = time.monotonic() + seconds
    while len(answers) < len(peers) and time.monotonic() < end:
        for peer in peers:
            if peer in answers:
                continue
            try:
                peer.socket.send(b" ")
                peer.socket.setblocking(False)
                if peer.socket.recv(1, socket.MSG_PEEK):
                    peer.socket.settimeout(10)
                    answers[peer] = peer.answer()
            except BlockingIOError:
                peer.socket.settimeout(10)
        time.sleep(1)
    return list(answers.values())


def test_dripping_peers_are_told_and_cut_at_the_deadline(started):
    before = resident_kib(started.controller)
    peers = [Wire(started.people) for _ in range(min(DRIPPING, COUNT))]
    for number, peer in enumerate(peers):
        peer.connect()
        if number % 2:
            peer.send(b"POST /api/session HTTP/1.1\r\nHost: x\r\nX-Slow:")
        else:
            peer.send(peer.head("/api/session", "Content-Type: application/json", "Content-Length: 5000") + b"{")
    answers = drip(peers, DEADLINE_S + 15)
    assert len(answers) == len(peers)
    for answer in answers:
        assert_problem(answer, 408)
    for peer in peers:
        peer.close()
    time.sleep(4)
    assert resident_kib(started.controller) - before <= allowed_growth_kib()


def test_people_still_get_in_while_others_drip(started, wire):
    slow = [Wire(started.people) for _ in range(200)]
    for peer in slow:
        peer.connect()
        peer.send(peer.head("/api/session", "Content-Type: application/json", "Content-Length: 5000") + b"{")
    assert_problem(wire.json("/api/session", b"{}"), 422)
    for peer in slow:
        peer.close()
