"""Thousands of stations of paper that say how they are, evenly spread, over kept connections.

For whoever measures the panel beside them: each post changes something that a person would look at, so none of them
passes unseen, and the controller has as much to tell the browsers as it ever has.
"""

import asyncio
import secrets
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "bench")]

from bench_capacity import Lane  # noqa: E402
from panel_world import health_of  # noqa: E402
from paper_station import PaperStation  # noqa: E402

HEALTH_S, LANES = 30, 8


class Reporting:
    """`with Reporting(address, keys): ...`; the keys are those of panel_world.fill()."""

    def __init__(self, address, keys):
        self.address = address
        self.stations = [self.station(key) for key in keys]
        self.posts = 0
        self.refused = 0
        self.stop = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.run()), daemon=True)

    def station(self, key):
        from cryptography.hazmat.primitives import serialization
        from panel_world import keyid
        station = PaperStation.__new__(PaperStation)
        station.key, station.boot = key, secrets.token_hex(16)
        station.keyid = keyid(key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))
        return station

    async def post(self, lane, number, turn):
        facts = {**health_of(number, time.time_ns() // 1000), "boot_id": self.stations[number].boot, "full": True, "now_playing": secrets.token_hex(16) if turn % 2 else None}
        facts["faults"] = [] if turn % 3 else facts["faults"]
        status, _ = await lane.ask(self.stations[number], "POST", "/health", facts)
        self.posts += 1
        self.refused += status != 204

    async def serve(self, lane, first):
        """The stations first, first + LANES ...: each once in HEALTH_S."""
        mine = range(first, len(self.stations), LANES)
        turn, loop = 0, asyncio.get_running_loop()
        began = loop.time()
        while not self.stop.is_set():
            for place, number in enumerate(mine):
                due = began + (turn + place / len(mine)) * HEALTH_S
                if due > loop.time():
                    await asyncio.sleep(due - loop.time())
                if self.stop.is_set():
                    return
                await self.post(lane, number, turn)
            turn += 1

    async def run(self):
        await asyncio.gather(*(self.serve(Lane(self.address), first) for first in range(LANES)))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join(10)
