"""The real player is killed at random instants while it plays one short item after the other.

Whatever the instant: each airing ends in exactly one receipt, the counters have no gap, and nothing
that had begun to sound begins again. LOA_KILLS says how often (1,000 in the long layer).
"""

import os
import random
import time
import wave
from datetime import datetime, timezone

import numpy
import sound
from commune import Commune
from desk import wait_for

KILLS = int(os.environ.get("LOA_KILLS", 1000 if os.environ.get("LOA_LONG") else 8))
SPACING_S = 4
LENGTH_S = 2
LEAD_S = 5
UP_S = 0.8  # on average, between start and kill
SILENCE_S = 0.15
LOUD_DBFS = -45


def noise(path):
    """Sound without any pause in it: a second beginning cannot hide in one."""
    samples = numpy.random.default_rng(7).normal(0, 4000, LENGTH_S * sound.RATE).clip(-30000, 30000)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(sound.RATE)
        out.writeframes(samples.astype("<i2").tobytes())
    return path


def beginnings(desk, planned):
    """How often sound begins between one planned start and the next."""
    samples = sound.load(desk.recording(1))[1]
    stamps = sound.Stamps(desk.stamps(1))
    step = int(SILENCE_S * sound.RATE)
    counts = {}
    for at in planned:
        first = int(max(stamps.frame_at((at - 0.2) * 1e6), 0))
        last = int(min(stamps.frame_at((at + SPACING_S - 0.3) * 1e6), len(samples)))
        loud = [sound.level_dbfs(samples[i:i + step]) > LOUD_DBFS for i in range(first, last - step, step)]
        counts[at] = sum(now and not before for before, now in zip([False] + loud, loud))
    return counts


def test_no_instant_of_a_kill_loses_a_receipt_or_starts_twice(desk):
    desk.start_controller()
    commune = Commune(desk)
    commune.found()
    commune.log_in()
    desk.make_cards(1)
    desk.station_settings[1] = {"settle_ms": 20, "linger_ms": 20}
    desk.start_station(1)
    station = commune.pair(1, "Trạm 1")
    commune.wait_online(1)
    bulletin = commune.upload_bulletin("Tiếng ồn", noise(desk.place / "noise.wav"), "audio/wav")["id"]
    count = max(2, int(KILLS * UP_S / SPACING_S) + 1)
    first = int(time.time()) + LEAD_S
    planned = [first + i * SPACING_S for i in range(count)]
    for at in planned:
        commune.broadcast(bulletin, {"kind": "once", "at": datetime.fromtimestamp(at, timezone.utc).isoformat()},
                          [{"kind": "station", "id": station}], tolerance_s=1)
    wait_for(lambda: commune.admin.get(f"/api/stations/{station}")["media"] == {"ready": 1, "missing": 0}, 30)

    dice = random.Random(int(os.environ.get("LOA_SEED", time.time_ns())))
    wait_for(lambda: time.time() > first, LEAD_S + 5, 0.01)
    kills = 0
    while time.time() < planned[-1] + LENGTH_S:
        time.sleep(dice.uniform(0, 2 * UP_S))
        desk.stations[1].kill()
        kills += 1
        desk.start_station(1)

    print(f"counted: {kills} kills over {count} airings")
    receipts = wait_for(lambda: (lambda rows: rows if len(rows) >= count else None)(
        all_of(commune.admin, f"/api/stations/{station}/receipts")), 60)
    assert sorted(row["counter"] for row in receipts) == list(range(1, count + 1))
    assert len({row["airing"] for row in receipts}) == count
    outcomes = {row["outcome"] for row in receipts}
    assert outcomes <= {"played", "partial", "missed"}, outcomes
    twice = {at: n for at, n in beginnings(desk, planned).items() if n > 1}
    assert not twice, (twice, kills)
    assert kills >= min(KILLS, 3)


def all_of(client, path):
    rows, after = [], None
    while True:
        page = client.get(path, limit=200, **({"after": after} if after else {}))
        rows += page["items"]
        after = page.get("next")
        if not after:
            return rows
