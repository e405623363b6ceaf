#!/usr/bin/python3
"""What a controller costs with 100, 1,000 and 5,000 stations: memory, processor time, disk.

Stations of paper on loopback: each is enrolled, fetches its plan, holds its event stream open and says every 30 s
how it is. Then one order plays on all of them, each fetches the new plan and hands in its receipt. Processor time is
the controller's own, so the load of the machine and of the stations of paper does not count.
  rss_mib         resident memory, all streams open
  idle_cpu_ms_s   milliseconds of processor time each second, nothing but health
  order_cpu_ms    processor time of one order to all: planned, signed, fetched by all, receipts stored
  db_mib          database and log on the disk at the end
"""

import argparse
import asyncio
import json
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]

from commune import Commune  # noqa: E402
from desk import Desk, wait_for  # noqa: E402
from paper_station import PaperStation, b64  # noqa: E402

HEALTH_S, IDLE_S, LANES = 30, 30, 40
HEALTH = {"software": "paper/1", "protocol": 1, "formats": ["ogg-opus"], "full": True, "plan": None,
          "media": {"ready": 0, "missing": []}, "now_playing": None, "level_dbfs": -90.0, "volume_mdb": 0,
          "clock": {"trust": 2, "error_ms": 5}, "receipts_waiting": 0, "storage_free_bytes": 1 << 30,
          "amplifier": "off", "faults": []}


class Lane:
    """One kept connection; requests of many stations go through it one after the other."""

    def __init__(self, address):
        self.address = address
        self.reader = self.writer = None
        self.lock = asyncio.Lock()

    async def ask(self, station, method, path, document=None, more=""):
        body = json.dumps(document).encode() if document is not None else None
        headers = station.sign(method, "/station/v1" + path, "?", body)
        lines = [f"{method} /station/v1{path} HTTP/1.1", f"Host: {self.address}", *(f"{k}: {v}" for k, v in headers.items())]
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        async with self.lock:
            if not self.writer:
                self.reader, self.writer = await asyncio.open_connection(*self.address.split(":"), limit=1 << 23)
            self.writer.write("\r\n".join(lines).encode() + b"\r\n" + more.encode() + b"\r\n" + (body or b""))
            return await self.answer()

    async def answer(self):
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        status = int(head.split()[1])
        length = next((int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length:")), 0)
        return status, await self.reader.readexactly(length) if length else b""


class Fleet:
    def __init__(self, commune, count):
        self.commune, self.address = commune, commune.desk.link
        self.stations = [PaperStation(self.address) for _ in range(count)]
        self.lanes = [Lane(self.address) for _ in range(min(LANES, count))]
        self.streams = []

    async def each(self, work):
        """`work` for every station, as many at once as there are lanes."""
        waiting = list(self.stations)

        async def run(lane):
            while waiting:
                await work(lane, waiting.pop())

        await asyncio.gather(*map(run, self.lanes))

    async def enrol(self, lane, station):
        document = {"public_key": b64(station.public), "model": "paper", "serial": "P1", "software": "paper/1"}
        assert (await lane.ask(station, "POST", "/enrolments", document))[0] == 202
        accepted = self.commune.admin.post(f"/api/enrolments/{station.code}",
                                           {"area": self.commune.memory["commune"], "name": station.code})
        station.id = accepted["id"]

    async def listen(self, lane, station):
        headers = station.sign("GET", "/station/v1/events")
        reader, writer = await asyncio.open_connection(*self.address.split(":"))
        writer.write(("\r\n".join(["GET /station/v1/events HTTP/1.1", f"Host: {self.address}",
                                   *(f"{k}: {v}" for k, v in headers.items())]) + "\r\n\r\n").encode())
        await reader.readuntil(b"hello")
        self.streams.append((reader, writer))

    async def well(self, lane, station):
        await lane.ask(station, "POST", "/health", {**HEALTH, "boot_id": station.boot})

    async def fetch(self, lane, station):
        status, body = await lane.ask(station, "GET", "/plan")
        if status == 200:
            import base64
            station.airings = json.loads(base64.b64decode(json.loads(body)["payload"]))["airings"]

    async def answer(self, lane, station):
        await self.fetch(lane, station)
        envelopes = [station.receipt(airing, plan={"epoch": 1, "version": 1}) for airing in station.airings]
        assert (await lane.ask(station, "POST", "/receipts", {"receipts": envelopes}))[0] == 200

    async def idle(self, seconds):
        """Health of all, spread evenly."""
        end, turn = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            due = self.stations[turn::HEALTH_S]
            turn = (turn + 1) % HEALTH_S
            began = time.monotonic()
            await asyncio.gather(*(self.well(self.lanes[i % len(self.lanes)], station) for i, station in enumerate(due)))
            await asyncio.sleep(max(0, 1 - (time.monotonic() - began)))


def processor_ms(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def rss_mib(pid):
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


async def measure(desk, commune, count, say):
    pid = desk.controller.pid
    fleet = Fleet(commune, count)
    bulletin = commune.speak_bulletin("Thông báo", "Xin chào bà con.")["id"]
    say(f"{count}: enrolling")
    await fleet.each(fleet.enrol)
    await fleet.each(fleet.listen)
    await fleet.each(fleet.well)
    say(f"{count}: {IDLE_S} s of nothing but health")
    before, began = processor_ms(pid), time.monotonic()
    await fleet.idle(IDLE_S)
    idle = (processor_ms(pid) - before) / (time.monotonic() - began)
    memory = rss_mib(pid)
    say(f"{count}: one order to all")
    before = processor_ms(pid)
    broadcast = commune.broadcast(bulletin, {"kind": "once", "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))})
    rows = wait_for(lambda: commune.admin.get("/api/home")["next"] or None, 300)
    wait_for(lambda: sum(row["stations"] for row in commune.admin.get("/api/home")["next"]) >= count, 300)
    assert broadcast and rows
    await fleet.each(fleet.answer)
    order = processor_ms(pid) - before
    data = desk.place / "controller"
    disk = sum(path.stat().st_size for path in data.glob("loa.db*")) / (1 << 20)
    for _, writer in fleet.streams:
        writer.close()
    return {"stations": count, "rss_mib": round(memory, 1), "idle_cpu_ms_s": round(idle, 1), "order_cpu_ms": round(order),
            "db_mib": round(disk, 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="the JSON line only")
    parser.add_argument("--keep", metavar="DIR", help="nothing is kept by this bench")
    parser.add_argument("--stations", type=int, nargs="+", default=[100, 1000, 5000])
    choice = parser.parse_args()
    rows = []
    for count in choice.stations:
        with tempfile.TemporaryDirectory() as place, Desk(choice.build, place) as desk:
            desk.start_controller()
            commune = Commune(desk)
            commune.found()
            commune.log_in()
            rows.append(asyncio.run(measure(desk, commune, count, lambda text: choice.json or print(text, file=sys.stderr))))
    print(json.dumps({"bench": "capacity", "rows": rows}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
