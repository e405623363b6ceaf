#!/usr/bin/python3
"""Writes the seed corpus of the fuzzers (a few hundred bytes each); run again when a format changes.

    tests/fuzz/make_corpus.py [FOLDER]
"""

import base64
import hashlib
import io
import json
import pathlib
import struct
import sys
import tarfile

ROOT = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "corpus"
HASH = hashlib.sha256(b"0").hexdigest()
ID = HASH[:32]


WHY = {}  # of each bad entry a word of the refusal that it is made for


def write(target, name, content, why=None):
    if why:
        WHY[f"{target}/{name}"] = why
    folder = ROOT / target
    folder.mkdir(parents=True, exist_ok=True)
    if not isinstance(content, (bytes, str)):
        content = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def text64(raw):
    return base64.b64encode(raw).decode()


def plan():
    item = {"bulletin": "b1", "bulletin_version": "v1", "sha256": HASH, "frames": 48000, "gain_mdb": -3000}
    airing = {"id": ID, "content": 0, "start_us": 1795000000000000, "order": 1}
    content = {"broadcast": "br1", "tolerance_us": 60000000, "level": 1, "came_us": 1794000000000000,
              "valid_until_us": 0, "outputs": 1, "rank": "normal", "class": "normal", "on_preempt": "resume",
              "gain_mdb": 0, "title": "Bản tin sáng", "issuer": "xa-01", "author": "Lan", "approver": "Hùng",
              "items": [item]}
    return {"type": "plan", "station": "tram-01", "keyid": HASH, "epoch": 1, "version": 7,
            "issued_us": 1795000000000000, "from_us": 1795000000000000, "until_us": 1798000000000000,
            "area_path": ["tinh", "xa-01"], "utc_offset_s": 25200, "volume_mdb": -6000, "airings": [airing], "contents": [content],
            "policies": [{"area": "tinh", "quiet": [{"from_min": 1320, "until_min": 285}],
                          "windows": [{"from_min": 300, "until_min": 1320, "weekdays": 127}],
                          "ceilings": [{"from_min": 1260, "until_min": 360, "gain_mdb": -12000}],
                          "session_min": 30, "day_min": 0}],
            "offsets": [{"from_us": 0, "offset_s": 25200}],  
            "clips": [{**item, "id": "c1", "title": "Lũ", "severity": 4, "button": 1, "drill": False}],
            "media": [{"sha256": HASH, "bytes": 90000, "needed_by_us": 1795000000000000}]}


def receipt():
    segment = {"first_us": 1795000000000000, "last_us": 1795000001000000, "offset_frames": 0, "frames": 48000,
               "ended": "complete"}
    return {"type": "receipt", "kind": "airing", "station": "tram-01", "keyid": HASH, "counter": 1, "boot_id": ID,
            "airing": ID, "broadcast": "br1", "plan": {"epoch": 1, "version": 7}, "planned_us": 1795000000000000,
            "resolved_us": 1795000000000000, "outcome": "played", "reason": "", "late_by_ms": 0,
            "items": [{"bulletin_version": "v1", "sha256": HASH, "segments": [segment]}], "gain_mdb": 0,
            "clock": {"trust": 2, "error_ms": 12},
            "evidence": {"grade": 2, "rms_dbfs": -20.5, "peak_dbfs": -3.25, "starved_frames": 0, "xruns": 0,
                         "mixer": {"db": -6, "muted": False}, "amplifier": "on", "fault": None},
            "volatile": False, "made_us": 1795000001000000, "previous": "0" * 64}


def root():
    public = bytes(range(32))
    keyid = hashlib.sha256(public).hexdigest()
    grant = {"role": "plan", "area": "*", "wider": True, "class": "*", "threshold": 1, "keyids": [keyid]}
    return {"type": "root", "version": 1, "epoch": 1, "issued_us": 1795000000000000,
            "keys": {keyid: {"algorithm": "ed25519", "public": text64(public)}}, "grants": [grant]}


def command(kind="alert"):
    head = {"type": "command", "kind": kind, "id": ID, "epoch": 1, "issued_us": 1795000000000000,
            "expires_us": 1795021600000000, "issuer": "xa-01", "author": "Lan",
            "targets": [{"kind": "area", "id": "xa-01", "exclude": False}, {"kind": "station", "id": "tram-02", "exclude": True}]}
    if kind == "cancel":
        return {**head, "cancels": ID}
    if kind == "stop":
        return {**head, "broadcast": "br1", "planned_us": 1795000000000000}
    item = {"bulletin": "b1", "bulletin_version": "v1", "sha256": HASH, "frames": 48000, "gain_mdb": 0}
    return {**head, "drill": False, "severity": 4, "level": 1, "every_us": 1800000000, "title": "Lũ khẩn cấp",
            "clip": "c1", "items": [item]}


def envelope():
    return {"payloadType": "application/vnd.loa.plan+json;v=1", "payload": text64(b'{"n":1}'),
            "signatures": [{"keyid": HASH, "sig": text64(bytes(64))}]}


def changed(document, **members):
    return {**document, **members}


def documents():
    write("plan", "good-one-airing", plan())
    write("plan", "good-empty", changed(plan(), airings=[], media=[]))
    stream = {"bulletin": "b2", "bulletin_version": "v2", "kind": "relay", "frames": 86400000, "gain_mdb": 0,
              "sources": [{"url": "https://radio.example/vov1", "format": "aac"}],
              "fallback": [plan()["contents"][0]["items"][0]]}
    relay = changed(plan()["contents"][0], rank="relay", on_preempt="restart", items=[stream])
    write("plan", "good-relay", changed(plan(), contents=[relay]))
    write("plan", "bad-relay-address", changed(plan(), contents=[changed(relay, items=[changed(
        stream, sources=[{"url": "file:///etc/passwd", "format": "aac"}])])]), "/url")
    write("plan", "bad-fallback", changed(plan(), contents=[changed(relay, items=[changed(
        stream, fallback=[changed(stream, fallback=[])])])]), "fallback/0")
    write("plan", "bad-critical", changed(plan(), critical=["moon_phase"]), "moon_phase")
    write("plan", "bad-gain", changed(plan(), volume_mdb=1), "/volume_mdb")
    for kind in ("alert", "cancel", "stop"):
        write("command", f"good-{kind}", command(kind))
    write("command", "good-neighbour", changed(command(), targets=[
        {"kind": "area", "id": "xa-02", "exclude": False, "accepted": "xa-02"}]))
    write("command", "good-sound", changed(command(), sounds=[{"sha256": HASH, "data": text64(b"OggS")}]))
    write("command", "bad-sound", changed(command(), sounds=[{"sha256": HASH, "data": "e30"}]), "/sounds/0/data")
    write("command", "bad-endless", changed(command(), expires_us=1795000000000000 + 86401 * 10**6), "/expires_us")
    write("command", "bad-kind", changed(command(), kind="explode"), "explode")
    write("command", "bad-critical", changed(command(), critical=["moon_phase"]), "moon_phase")
    write("receipt", "good-played", receipt())
    missed = changed(receipt(), outcome="missed", reason="device_fault", items=[])
    missed["evidence"] = changed(missed["evidence"], grade=0, rms_dbfs=None, peak_dbfs=None, mixer=None)
    write("receipt", "good-missed", missed)
    write("receipt", "bad-played-with-reason", changed(receipt(), reason="late"), "/reason")
    silence = {"type": "unreported", "number": 2, "previous": HASH, "made_us": 1795000000000000,
               "airings": [{"airing": ID, "station": "tram-01", "broadcast": "br1", "planned_us": 1789000000000000,
                            "plan": {"epoch": 1, "version": 7, "sha256": HASH}}],
               "heads": [{"station": "tram-01", "keyid": HASH, "counter": 12, "sha256": HASH}]}
    write("silence", "good", silence)
    write("silence", "good-of-before", {key: silence[key] for key in ("type", "made_us", "airings")})
    write("silence", "bad-chain", changed(silence, previous=None), "/previous")
    write("silence", "bad-heads", changed(silence, heads=[{"station": "tram-01", "keyid": HASH[1:]}]), "/heads/0/keyid")
    write("root", "good-one-key", root())
    write("root", "bad-threshold", changed(root(), grants=[changed(root()["grants"][0], threshold=2)]), "/grants/0/threshold")
    said = {"type": "time", "nonce": ID, "utc_us": 1795000000000000, "ticket": ID[:20]}
    write("signed_time", "good", said)
    write("signed_time", "bad-nonce", changed(said, nonce=ID[:30]), "/nonce")
    write("signed_time", "bad-before-1970", changed(said, utc_us=-1), "/utc_us")
    write("envelope", "good-plan", envelope())
    write("envelope", "bad-no-signature", changed(envelope(), signatures=[]), "/signatures")
    write("envelope", "bad-base64", changed(envelope(), payload="e30"), "/payload")


def texts():
    form = {"text": "chào", "int": 3, "bool": True, "real": 0.5, "choice": "two", "time": "2026-11-22T07:00:00+07:00",
            "hex": "00ff", "base64": "AAECAw==", "array": [{"text": "a"}], "child": {"int": 1}, "maybe": "x"}
    write("json", "good-form", form)
    write("json", "deep", "[" * 32 + "]" * 32)
    write("json", "bad-deeper", "[" * 33 + "]" * 33)
    write("json", "bad-twice", '{"a":1,"a":2}')
    write("json", "escapes", '["\\ud83d\\ude00\\n",-0.0,1e300,-9223372036854775808,"\\u00e1"]')
    write("config", "good", "[station]\ndata=/var/lib/loa\nport=8081\nquiet=true\n\n[sound]\ndevice=hw:0\n")
    write("config", "bad-unknown", "[station]\ndata=/var/lib/loa\nprot=1\n")
    signature = (f'loa=("@method" "@path" "@query");created=1795000000;nonce="{ID}";keyid="{HASH}";alg="ed25519"\n'
                 f"loa=:{text64(bytes(64))}:")
    write("http_signature", "good", signature)
    write("http_signature", "good-body", signature.replace('"@query")', '"@query" "content-digest")'))
    write("http_signature", "bad-label", signature.replace("loa=(", "sig=("), "the label")
    write("sse", "good-event", "\x02event: plan\ndata: {\"version\": 7}\nid: 1\n\n: hello\n\ndata: a\r\ndata: b\r\n\r\n")
    write("sse", "bad-unfinished", "\x00data: cut off")


def requests():
    write("request", "good-range", "/media/x?limit=5&after=a%20b\nRange: bytes=10-\nAccept-Language: en;q=0.5, vi")
    write("request", "good-range-end", "/x\nRange: bytes=-10\nIf-Range: \"0123abcd\"")
    write("request", "bad-range", "/x\nRange: bytes=1000-\nX-Forwarded-For: 10.0.0.1, ::1\nX-Forwarded-Proto: https")
    write("request", "bad-range-overflow", "/x\nRange: bytes=18446744073709551616-")
    write("request", "not-modified", "/x\nIf-None-Match: W/\"a\", \"0123abcd\"\nAccept-Encoding: br;q=0, gzip;q=1.0")
    write("request", "bad-query", "/x?a=%00&b=%ff")


def uploads():
    name = text64("../ghi âm/bản tin \"sáng\".webm".encode())
    write("upload_metadata", "good-name", f"filetype {text64(b'audio/webm')}, filename {name}")
    write("upload_metadata", "bad-empty", "filename,filename ")
    write("upload_metadata", "good-not-utf8", f"filename {text64(bytes(range(128, 160)))}")


def step(kind, value):
    return struct.pack("<BBQ", kind >> 8, kind & 255, value)


def rings():
    put = lambda field, value: step(0x100 | field, value)  # 0 written, 8 touched, 16 eos, 64 read
    ask = lambda what, frames: step(what << 9, frames)
    write("ring", "good-honest", put(0, 4800) + ask(0, 480) + ask(2, 480) + ask(0, 4800) + put(16, 1) + ask(3, 0))
    write("ring", "bad-too-far", put(0, 2**63) + ask(0, 480) + ask(3, 0))
    write("ring", "bad-backwards", put(0, 4800) + ask(0, 4800) + put(0, 1) + ask(0, 480))
    write("ring", "restart", put(0, 2**64 - 1) + ask(0, 48) + ask(4, 0) + put(0, 48) + ask(0, 48) + ask(5, 0))


def backup(members, kind=tarfile.REGTYPE, manifest=True):
    """A stream as tools/backup_write.c writes it; `members` are (path, content)."""
    files = [{"path": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
             for path, content in members]
    head = {"type": "loa-backup", "version": 1, "made_us": 1795000000000000, "software": "0.1.0"}
    whole = [("loa-backup.json", json.dumps(head).encode()), *members]
    if manifest:
        whole.append(("manifest.json", json.dumps({"files": files}).encode()))
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, content in whole:
            member = tarfile.TarInfo(path)
            member.size, member.type = len(content), tarfile.REGTYPE if path.endswith(".json") else kind
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue().rstrip(b"\0") + bytes(1024)


def backups():
    members = [("loa.db", b"a database"), ("keys/online.key", b"a key"), (f"media/{HASH[:2]}/{HASH}", b"0")]
    good = backup(members)
    good += bytes(-len(good) % 512)
    write("backup", "good-whole", good)
    write("backup", "bad-truncated", good[:len(good) // 2])
    write("backup", "bad-no-manifest", backup(members, manifest=False))
    write("backup", "bad-name", backup([*members, ("../loa.db", b"x")]))
    write("backup", "bad-link", backup(members, kind=tarfile.SYMTYPE))
    write("backup", "bad-no-key", backup(members[:1]))


documents()
texts()
requests()
uploads()
rings()
backups()
write("planted", "start", "L")
(ROOT / "why.txt").write_text("".join(f"{entry}\t{why}\n" for entry, why in sorted(WHY.items())))
