"""Parts of the playout bench that count: processor time and memory, beside other players and of a whole station."""

import contextlib
import statistics
import subprocess
import time

from commune import Commune
from desk import Desk
from playout_desk import Cards, Engine, Mpd, Player, Watch, make_speech


def canonical(setting):
    """A minute of speech in the form that stations get."""
    return make_speech(setting.folder, 60)


def a_pair(setting, cards, media, frames, seconds):
    """Engine and mpd play the same file in the same seconds, each on a card of its own."""
    with Engine(setting.build, cards, 1) as engine, Mpd(cards, 2, media) as mpd:
        time.sleep(1)
        ours, theirs = Watch(engine.pid), Watch(mpd.pid)
        engine.say("at", "x", media, 0, frames)
        mpd.play()
        time.sleep(seconds)
        (our_s, engine_mib, decoder_mib), (mpd_s, mpd_mib, _) = ours.end(), theirs.end()
        engine.wait("started", "x", 1)
        if not mpd.is_playing(seconds / 2):
            raise RuntimeError("mpd did not play")
    minute = 60 / seconds
    setting.say(f"  engine + decoder {our_s * minute:.3f} s a minute, mpd {mpd_s * minute:.3f}")
    return {"ours": our_s * minute, "mpd": mpd_s * minute, "engine_mib": engine_mib, "decoder_mib": decoder_mib,
            "mpd_mib": mpd_mib}


def beside_mpd(setting):
    pairs, seconds = (3, 10) if setting.quick else (5, 60)
    cards = Cards(setting.build, setting.folder, 2)
    media, frames = canonical(setting)
    setting.say(f"{pairs} times {seconds} s beside mpd ...")
    rows = [a_pair(setting, cards, media, frames, seconds) for _ in range(pairs)]
    mpd = {"name": "mpd", "rss_peak_mib": round(max(row["mpd_mib"] for row in rows), 1),
           "cpu_s_per_min": round(statistics.median(row["mpd"] for row in rows), 3)}
    return {"cpu_vs_mpd": round(statistics.median(row["ours"] / row["mpd"] for row in rows), 3),
            "cpu_s_per_min": round(statistics.median(row["ours"] for row in rows), 3),
            "rss_engine": round(max(row["engine_mib"] + row["decoder_mib"] for row in rows), 1), "mpd": mpd}, rows


def others(setting):
    seconds = 10 if setting.quick else 60
    cards = Cards(setting.build, setting.folder, 3)
    media, _ = canonical(setting)
    mp3 = setting.folder / "canonical.mp3"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-c:a", "libopus", "-i", str(media), "-b:a", "48k", str(mp3)],
                   check=True)
    commands = {
        "mpg123 (mp3)": ["mpg123", "-q", "-o", "alsa", "-a", "{card}", "--stereo", "-r", "48000", str(mp3)],
        "gst-play-1.0": ["gst-play-1.0", "--no-interactive", "-q", "--audiosink=alsasink device={card}", str(media)],
        "alsasink": ["gst-launch-1.0", "-q", "filesrc", f"location={media}", "!", "oggdemux", "!", "opusdec", "!",
                     "audioconvert", "!", "audioresample", "!", "alsasink", "device={card}"]}
    setting.say(f"{', '.join(commands)}, each on a card of its own ...")
    rows = []
    with contextlib.ExitStack() as stack:
        players = [stack.enter_context(Player(cards, name, [word.replace("{card}", f"station{card}") for word in command]))
                   for card, (name, command) in enumerate(commands.items(), 1)]
        watches = [Watch(player.pid) for player in players]
        time.sleep(seconds)
        for player, watch in zip(players, watches):
            spent, peak, _ = watch.end()
            rows.append({"name": player.name, "rss_peak_mib": round(peak, 1),
                         "cpu_s_per_min": round(spent * 60 / seconds, 3)})
    return {"others": rows}, {"seconds": seconds}


def station(setting):
    """loa-player with everything around it: what it takes to wait, and at most while it plays."""
    seconds = 15 if setting.quick else 60
    setting.say(f"a whole station: {seconds} s idle, then one airing ...")
    with Desk(setting.build, setting.folder / "desk") as desk:
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
        receipts = commune.wait_receipts(order, 120)
        _, player_mib, decoder_mib = watch.end()
        outcomes = [receipt["outcome"] for receipt in receipts]
    if outcomes != ["played"]:
        raise RuntimeError(f"the station's airing ended as {outcomes}")
    return {"rss_station": round(player_mib + decoder_mib, 1), "idle_cpu_s_per_min": round(idle_s * 60 / seconds, 3)}, \
        {"player_mib": player_mib, "decoder_mib": decoder_mib, "idle_s": seconds, "idle_cpu_s": idle_s}
