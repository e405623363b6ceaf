"""Files of the whole log: what one costs the controller, and what everybody else waits meanwhile.

A second process asks for home again and again, as a browser does, before the file is taken and while it is: `others`
says how long it waited (wall time; both in the same minute), `stalls` how often longer than a person would forgive.
"""

import hashlib
import http.client
import json
import pathlib
import subprocess
import sys
import threading
import time
import zipfile

ALL = "from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
PROBE_S = 0.05
STALL_MS = 250
ASK = """
import http.client, json, sys, time
address, cookie = sys.argv[1:]
connection = http.client.HTTPConnection(address, timeout=60)
took = []
print("on", flush=True)
while True:
    before = time.perf_counter()
    connection.request("GET", "/api/home", headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    print((time.perf_counter() - before) * 1000, flush=True)
    assert answer.status == 200, answer.status
    time.sleep(%s)
""" % PROBE_S


def cpu_ms(pid):
    """Of all its threads: a book is packed in one of its own."""
    return sum(int(task.read_text().split()[0]) for task in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e6


def memory_mib(pid, what):
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))


class Others:
    """`with Others(client) as others: ...; others.since(0)`"""

    def __init__(self, client):
        self._child = subprocess.Popen([sys.executable, "-c", ASK, client.address, client.cookie], stdout=subprocess.PIPE, text=True)
        self._child.stdout.readline()
        self.waits = []

    def __enter__(self):
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def _read(self):
        for line in self._child.stdout:
            self.waits.append(float(line))

    def __exit__(self, *_):
        self._child.kill()
        self._child.wait()

    def since(self, first):
        waits = sorted(self.waits[first:]) or [0.0]
        return {"asked": len(waits), "p50_ms": round(waits[len(waits) // 2], 1), "p99_ms": round(waits[len(waits) * 99 // 100], 1),
                "max_ms": round(waits[-1], 1), "stalls": sum(wait > STALL_MS for wait in waits)}


class Peak(threading.Thread):
    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.on, self.least = pid, True, memory_mib(pid, "VmRSS")
        self.most = self.least

    def run(self):
        while self.on:
            self.most = max(self.most, memory_mib(self.pid, "VmRSS"))
            time.sleep(0.02)


def take(client, pid, path, place):
    """The file at `path`, kept at `place`; its rows and hashes as they came."""
    peak, before, began = Peak(pid), cpu_ms(pid), time.monotonic()
    peak.start()
    connection = http.client.HTTPConnection(client.address, timeout=1800)
    connection.request("GET", path, headers={"Cookie": client.cookie, "Accept-Language": "vi"})
    answer = connection.getresponse()
    first_s, digest, size = time.monotonic() - began, hashlib.sha256(), 0
    with place.open("wb") as file:
        while part := answer.read(1 << 20):
            size += len(part)
            digest.update(part)
            file.write(part)
    connection.close()
    peak.on = False
    peak.join()
    return {"status": answer.status, "mb": round(size / 1e6), "s": round(time.monotonic() - began, 1), "first_byte_s": round(first_s, 2),
            "cpu_s": round((cpu_ms(pid) - before) / 1000, 1), "memory_grew_mib": round(peak.most - peak.least, 1), "sha256": digest.hexdigest()}


def rows_of(place):
    """Lines of a CSV; rows of every page of a book."""
    if place.suffix == ".csv":
        with place.open("rb") as file:
            return sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 20), b"")) - 1
    with zipfile.ZipFile(place) as book:
        pages = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        return sum(part.count(b"<row ") for name in pages for part in lines_of(book.open(name))) - len(pages)


def lines_of(file):
    """Pieces that cut no row in two."""
    rest = b""
    while part := file.read(1 << 20):
        cut = part.rfind(b"</row>") + 1
        yield rest + part[:cut] if cut else b""
        rest = part[cut:] if cut else rest + part
    yield rest


def exports(client, pid, folder, some):
    """The whole log as CSV, `some` of it as a book, and what is said to a book of all: names and figures."""
    for name, query, suffix in (("export_csv", ALL, "csv"), ("export_xlsx", some, "xlsx"), ("export_xlsx_all", ALL, "xlsx")):
        place = pathlib.Path(folder) / f"{name}.{suffix}"
        with Others(client) as others:
            time.sleep(3)
            quiet = len(others.waits)
            alone = others.since(0)
            file = take(client, pid, f"/api/airings.{suffix}?{query}", place)
            meanwhile = others.since(quiet)
        if file["status"] == 200:
            file["rows"] = rows_of(place)
        else:
            file["problem"] = json.loads(place.read_text())["type"]
        place.unlink()
        yield name, {**file, "others_before": alone, "others": meanwhile}
