#!/usr/bin/python3
"""The station's sound engine: start error, skew, alert latency, honesty under faults, processor time and memory beside other players.

Everything is measured at the simulated card's converter (its recording and stamps), never by what a player says:
  start_error_ms     planned start -> first sample, 50 airings
  skew_ms            the same airing on two players and two cards whose crystals differ by 100 ppm
  emergency_ms       command -> first sample of a held clip over a running programme, 50 alerts
  stop_ms            command -> nothing of the alert left (its fade of 20 ms included)
  join_gap_ms        largest displacement where items of one airing follow each other
  false_played       items claimed whole though the recording is not: mute, stalled pointer, unplugged card, clock steps
  cpu_vs_mpd         processor time of engine + decoder / mpd, same file, same minute, two cards; median of the pairs
  rss_peak_mib       engine + decoder; whole station = loa-player + its decoder
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]

import numpy  # noqa: E402
import sound  # noqa: E402
from commune import Commune  # noqa: E402
from desk import Desk  # noqa: E402
from playout_desk import RATE, Cards, Engine, Mpd, Player, Watch, make, make_speech, sweep  # noqa: E402

LEAD_S = 2.0          # prepared so long ahead, as the conductor does at least
AIRING_S = 1.0
FAULTS = ("mute", "stalled", "unplugged", "clock+3", "clock-3")
WHOLE = 0.995         # correlation of a recording that has everything


def say(text):
    print(text, file=sys.stderr, flush=True)


def now_us():
    return time.time_ns() // 1000


def percentiles(values, **wanted):
    return {name: round(float(numpy.percentile(values, q)), 3) if len(values) else None for name, q in wanted.items()}


class Bench:
    def __init__(self, build, folder, quick):
        self.build, self.folder, self.quick = build, pathlib.Path(folder), quick
        self.cards = Cards(build, folder, 20)
        self.details = {}

    def count(self, full):
        return max(full // 10, 4) if self.quick else full

    # ---- starts and skew ----

    def starts(self):
        count = self.count(50)
        say(f"{count} airings on two players ...")
        media, frames = make(self.folder, "sweep", sweep(300, 3000, AIRING_S), AIRING_S)
        reference = sound.decode(media)
        self.cards.set(1, "ppm=60")
        self.cards.set(2, "ppm=-40")
        engines = [Engine(self.build, self.cards, card) for card in (1, 2)]
        planned = []
        for index in range(count):
            at = now_us() + int(LEAD_S * 1e6) + 7919 * index % 20000
            for engine in engines:
                engine.say("at", f"a{index}", media, at, frames)
            planned.append(at)
            for engine in engines:
                engine.wait("finished", f"a{index}", 20)
        for engine in engines:
            engine.close()
        heard = [[self.cards.hear(card, reference, at)[0] for at in planned] for card in (1, 2)]
        pairs = [(a, b, at) for a, b, at in zip(*heard, planned) if a and b]
        self.details["starts"] = [{"planned_us": at, "heard_us": [a, b]} for a, b, at in pairs]
        errors = [abs(a - at) / 1e3 for a, _, at in pairs]
        skews = [abs(a - b) / 1e3 for a, b, _ in pairs]
        return {"airings": count, "heard": len(pairs),
                "start_error_ms": percentiles(errors, p50=50, p99=99, max=100),
                "skew_ms": percentiles(skews, p50=50, max=100)}

    # ---- alerts ----

    def alerts(self):
        count = self.count(50)
        say(f"{count} alerts over a running programme ...")
        programme, frames = make_speech(self.folder, 20 + 2 * count)
        clip, _ = make(self.folder, "alert", sweep(2000, 6000, 4, 0.5), 4)
        whole = sound.decode(clip)
        reference = whole[:RATE // 4]
        engine = Engine(self.build, self.cards, 3)
        engine.say("hold", clip)
        engine.say("at", "programme", programme, 0, frames)
        time.sleep(3)
        commands, stops = [], []
        for index in range(count):
            commands.append(now_us())
            engine.say("at", f"e{index}", clip, 0, 4 * RATE)
            engine.say("duck", "programme", -20)
            time.sleep(0.7 + 0.013 * (index % 7))
            stops.append(now_us())
            engine.say("stop", f"e{index}", 20)
            engine.say("duck", "programme", 0)
            time.sleep(0.6)
        engine.close()
        latencies, gone = [], []
        for at, stop in zip(commands, stops):
            heard, _ = self.cards.hear(3, reference, at + 100000, 0.2)
            if heard:
                latencies.append((heard - at) / 1e3)
                gone.append(self._gone_ms(whole, heard, stop))
        self.details["alerts"] = {"commands_us": commands, "latency_ms": latencies, "gone_ms": gone}
        return {"alerts": count, "alerts_heard": len(latencies),
                "emergency_ms": percentiles(latencies, p50=50, p99=99, max=100),
                "stop_ms": percentiles([value for value in gone if value is not None], p50=50, p99=99)}

    def _gone_ms(self, clip, began_us, stop_us):
        """When less than a quarter of the alert is left, from the stop on: its share in windows of 4 ms, by
        projection on the clip, so that the programme beneath does not count."""
        stamps, samples = self.cards.stamps(3), self.cards.recording(3)
        began, stop, size = round(stamps.frame_at(began_us)), round(stamps.frame_at(stop_us)), RATE // 250
        last = None
        for at in range(stop - 5 * size, stop + RATE // 5, size // 4):
            piece = clip[at - began:at - began + size]
            share = numpy.dot(sound.mono(samples[at:at + size]), piece) / numpy.dot(piece, piece)
            last = at + size / 2 if share > 0.25 else last
        return None if last is None else round((last - stop) / RATE * 1e3, 2)

    # ---- joins ----

    def joins(self):
        say("five items of one airing ...")
        parts = [make(self.folder, f"part{index}", sweep(400 + 200 * index, 1500 + 300 * index, 1.5), 1.5)
                 for index in range(5)]
        engine = Engine(self.build, self.cards, 4)
        start = now_us() + int(LEAD_S * 1e6)
        engine.say("at", "p0", parts[0][0], start, parts[0][1])
        for index in range(1, len(parts)):
            engine.say("join", f"p{index}", parts[index][0], parts[index][1], f"p{index - 1}")
        for index in range(len(parts)):
            engine.wait("finished", f"p{index}", 20)
        engine.close()
        at, gaps = start, []
        for media, frames in parts:
            heard, _ = self.cards.hear(4, sound.decode(media), at, 0.3)
            gaps.append(abs(heard - at) / 1e3 if heard else 1000.0)
            at = (heard or at) + frames / RATE * 1e6
        return {"join_gap_ms": round(max(gaps[1:]), 3)}

    # ---- honesty ----

    def honesty(self):
        media, frames = make(self.folder, "long", sweep(300, 3000, 4), 4)
        reference = sound.decode(media)
        wrong, rows = 0, []
        for card, fault in enumerate(FAULTS, 5):
            say(f"while it plays: {fault} ...")
            engine = Engine(self.build, self.cards, card, shift=True)
            start = now_us() + int(LEAD_S * 1e6)
            engine.say("at", "x", media, start, frames)
            engine.wait("started", "x", 15)
            time.sleep(1)
            if fault.startswith("clock"):
                engine.shift_clock(float(fault[5:]))
            else:
                self.cards.set(card, f"{fault}=1")
            said = engine.wait("finished", "x", 30)
            engine.close()
            claimed = said["end"] == "complete" and not said["fault"] and said["frames"] >= frames - RATE // 50
            whole = self._is_whole(card, reference)
            wrong += claimed and not whole
            rows.append({"fault": fault, "claimed": claimed, "whole": whole, "said": said})
        self.details["honesty"] = rows
        steps = [row for row in rows if row["fault"].startswith("clock")]
        return {"false_played": wrong, "clock_steps_unheard": sum(row["whole"] and row["claimed"] for row in steps)}

    def _is_whole(self, card, reference):
        match = sound.correlate(self.cards.recording(card), reference)
        return bool(match.frame is not None and match.correlation > WHOLE)

    # ---- beside others ----

    def beside_mpd(self, media, frames, seconds):
        engine, mpd = Engine(self.build, self.cards, 11), Mpd(self.cards, 12, media)
        time.sleep(1)
        ours, theirs = Watch(engine.pid), Watch(mpd.pid)
        engine.say("at", "x", media, 0, frames)
        mpd.play()
        time.sleep(seconds)
        (our_s, engine_mib, decoder_mib), (mpd_s, mpd_mib, _) = ours.end(), theirs.end()
        engine.close()
        mpd.close()
        minute = 60 / seconds
        say(f"  engine + decoder {our_s * minute:.3f} s a minute, mpd {mpd_s * minute:.3f}")
        return {"ours": our_s * minute, "mpd": mpd_s * minute, "engine_mib": engine_mib, "decoder_mib": decoder_mib,
                "mpd_mib": mpd_mib}

    def others(self, media, seconds):
        mp3 = self.folder / "canonical.mp3"
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-c:a", "libopus", "-i", str(media), "-b:a", "48k", str(mp3)],
                       check=True)
        commands = {
            "mpg123 (mp3)": ["mpg123", "-q", "-o", "alsa", "-a", "{card}", "--stereo", "-r", "48000", str(mp3)],
            "gst-play-1.0": ["gst-play-1.0", "--no-interactive", "-q", "--audiosink=alsasink device={card}", str(media)],
            "alsasink": ["gst-launch-1.0", "-q", "filesrc", f"location={media}", "!", "oggdemux", "!", "opusdec", "!",
                         "audioconvert", "!", "audioresample", "!", "alsasink", "device={card}"]}
        say(f"{', '.join(commands)}, each on a card of its own ...")
        players = [Player(self.cards, name, [word.replace("{card}", f"station{card}") for word in command])
                   for card, (name, command) in enumerate(commands.items(), 13)]
        watches = [Watch(player.pid) for player in players]
        time.sleep(seconds)
        rows = []
        for player, watch in zip(players, watches):
            spent, peak, _ = watch.end()
            player.close()
            rows.append({"name": player.name, "rss_peak_mib": round(peak, 1),
                         "cpu_s_per_min": round(spent * 60 / seconds, 3)})
        return rows

    def peers(self):
        pairs, seconds = (2, 10) if self.quick else (5, 60)
        media, frames = make_speech(self.folder, 60)
        say(f"{pairs} times {seconds} s beside mpd ...")
        rows = [self.beside_mpd(media, frames, seconds) for _ in range(pairs)]
        self.details["mpd_pairs"] = rows
        peers = self.others(media, seconds)
        peers.insert(0, {"name": "mpd", "rss_peak_mib": round(max(row["mpd_mib"] for row in rows), 1),
                         "cpu_s_per_min": round(statistics.median(row["mpd"] for row in rows), 3)})
        return {"cpu_vs_mpd": round(statistics.median(row["ours"] / row["mpd"] for row in rows), 3),
                "cpu_s_per_min": round(statistics.median(row["ours"] for row in rows), 3),
                "rss_peak_mib": {"engine": round(max(row["engine_mib"] + row["decoder_mib"] for row in rows), 1)},
                "peers": peers}

    # ---- the whole station ----

    def station(self):
        seconds = 10 if self.quick else 60
        say(f"a whole station: {seconds} s idle, then one airing ...")
        with Desk(self.build, self.folder / "desk") as desk:
            desk.start_controller()
            commune = Commune(desk)
            commune.found()
            commune.log_in()
            desk.make_cards(1)
            player = desk.start_station(1)
            commune.pair(1, "Trạm 1")
            commune.wait_online(1)
            time.sleep(3)
            idle = Watch(player.pid)
            time.sleep(seconds)
            idle_s, _, _ = idle.end()
            bulletin = commune.speak_bulletin("Đo", "Mời bà con đi họp. " * 5)
            watch = Watch(player.pid)
            order = commune.broadcast(bulletin["id"], {"kind": "once", "at": time.strftime(
                "%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 10))})["id"]
            commune.wait_receipts(order, 120)
            _, player_mib, decoder_mib = watch.end()
        return {"station": round(player_mib + decoder_mib, 1), "idle": round(idle_s * 60 / seconds, 3)}


def main():
    parser = argparse.ArgumentParser(prog="./loa bench playout")
    parser.add_argument("--build", required=True, type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="accepted; the last line is JSON anyway")
    parser.add_argument("--keep", type=pathlib.Path, help="leave recordings, stamps and details there")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything: to see that it works")
    options = parser.parse_args()
    subprocess.run([ROOT / "tools" / "install-packages", "peers", "--yes"], check=True)
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as temporary:
        folder = options.keep.resolve() if options.keep else pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(options.build.resolve(), folder, options.quick)
        result = {}
        for part in (bench.starts, bench.alerts, bench.joins, bench.honesty, bench.peers):
            found = part()
            say(f"  {json.dumps(found)}")
            result |= found
        station = bench.station()
        result["rss_peak_mib"]["station"] = station["station"]
        result["idle_cpu_s_per_min"] = station["idle"]
        if options.keep:
            (folder / "details.json").write_text(json.dumps({**bench.details, "result": result}, indent=1))
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
