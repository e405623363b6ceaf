#!/usr/bin/python3
"""A stranger's check of a folder of evidence: every figure again, with no code of Loa's.

    stranger.py DIR      one JSON line; exit code 1 when anything does not hold

Signatures by the `cryptography` package, decoding by ffmpeg, correlation by NumPy's FFT: neither the
project's C nor its own measuring module takes part.
"""

import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import wave
from datetime import datetime

import numpy
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def verify(envelope, keys):
    """The parsed payload, or ValueError. `keys`: key id -> raw public key."""
    payload = base64.b64decode(envelope["payload"], validate=True)
    kind = envelope["payloadType"].encode()
    signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    for signature in envelope["signatures"]:
        raw = keys.get(signature["keyid"])
        if raw is None or hashlib.sha256(raw).hexdigest() != signature["keyid"]:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(raw).verify(base64.b64decode(signature["sig"]), signed)
            return json.loads(payload), payload
        except InvalidSignature:
            pass
    raise ValueError("no valid signature by a known key")


def rows(folder, name):
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


def papers(folder):
    """Checks root, plans and receipts; gives the receipts' documents."""
    root_envelope = json.loads((folder / "root.json").read_text())
    claimed = json.loads(base64.b64decode(root_envelope["payload"]))
    keys = {keyid: base64.b64decode(key["public"]) for keyid, key in claimed["keys"].items()}
    granted = {role: {keyid for grant in claimed["grants"] if grant["role"] == role for keyid in grant["keyids"]}
               for role in ("root", "plan")}
    verify(root_envelope, {keyid: keys[keyid] for keyid in granted["root"]})

    ordered, owners = set(), {}
    for row in rows(folder, "plans.jsonl"):
        plan, _ = verify(row["envelope"], {keyid: keys[keyid] for keyid in granted["plan"]})
        owners[plan["keyid"]] = plan["station"]
        ordered |= {(plan["station"], airing["id"]) for airing in plan["airings"]}

    stations = {row["keyid"]: base64.b64decode(row["public"]) for row in rows(folder, "stations.jsonl")}
    receipts, chain = [], {}
    for row in rows(folder, "receipts.jsonl"):
        receipt, payload = verify(row["envelope"], stations)
        signer = row["envelope"]["signatures"][0]["keyid"]
        counter, previous = chain.get(signer, (0, "0" * 64))
        if owners.get(signer) != receipt["station"]:
            raise ValueError(f"no plan binds key {signer[:8]} to station {receipt['station']}")
        if receipt["counter"] != counter + 1 or receipt["previous"] != previous:
            raise ValueError(f"the chain of {receipt['station']} breaks at receipt {receipt['counter']}")
        if (receipt["station"], receipt["airing"]) not in ordered:
            raise ValueError(f"airing {receipt['airing']} stands in no plan")
        chain[signer] = receipt["counter"], hashlib.sha256(payload).hexdigest()
        receipts.append(receipt)
    return receipts


def listen(folder, number, reference, planned_s):
    """(start error in ms, correlation) of the reference in a station's recording; None: no sound."""
    path = folder / f"station-{number}.wav"
    if not path.exists():
        return None
    with wave.open(str(path)) as file:
        raw = file.readframes(file.getnframes())
        channels = file.getnchannels()
    samples = numpy.frombuffer(raw, "<i2").reshape(-1, channels).mean(axis=1) / 32768
    if len(samples) < len(reference) or not numpy.any(samples):
        return None
    size = 1 << (len(samples) + len(reference)).bit_length()
    product = numpy.fft.irfft(numpy.fft.rfft(samples, size) * numpy.conj(numpy.fft.rfft(reference, size)), size)
    at = int(numpy.argmax(product[:len(samples) - len(reference) + 1]))
    piece = samples[at:at + len(reference)]
    correlation = float(numpy.dot(piece, reference) / numpy.sqrt(numpy.dot(piece, piece) * numpy.dot(reference, reference)))
    stamps = [json.loads(line) for line in (folder / f"station-{number}.stamps.jsonl").read_text().splitlines()]
    piece = [stamp for stamp in stamps if stamp["event"] in ("start", "clock") and stamp["frame"] <= at][-1]
    start_s = piece["realtime_ns"] / 1e9 + (at - piece["frame"]) / piece["rate"]
    return (start_s - planned_s) * 1e3, correlation


def check(folder):
    receipts = papers(folder)
    audio = subprocess.run(["ffmpeg", "-v", "error", "-c:a", "libopus", "-i", str(folder / "canonical.opus"), "-f", "f32le",
                            "-ac", "1", "-ar", "48000", "-"], check=True, capture_output=True).stdout
    reference = numpy.frombuffer(audio, "<f4").astype(float)
    digest = hashlib.sha256((folder / "canonical.opus").read_bytes()).hexdigest()
    numbers = json.loads((folder / "cards.json").read_text())
    played, missed, false_played, errors, correlations = 0, {}, 0, [], []
    for airing in json.loads((folder / "airings.json").read_text()):
        receipt = next(r for r in receipts if r["airing"] == airing["id"] and r["station"] == airing["station"])
        if receipt["outcome"] != airing["outcome"]:
            raise ValueError(f"the log says {airing['outcome']}, the receipt {receipt['outcome']}")
        if receipt["outcome"] == "missed":
            missed[receipt["reason"]] = missed.get(receipt["reason"], 0) + 1
        if receipt["outcome"] != "played":
            continue
        played += 1
        planned = datetime.fromisoformat(airing["planned_start"].replace("Z", "+00:00")).timestamp()
        heard = listen(folder, numbers[airing["station"]], reference, planned)
        same_file = all(item["sha256"] == digest for item in receipt["items"])
        if heard is None or heard[1] < 0.98 or not same_file:
            false_played += 1
            continue
        errors.append(abs(heard[0]))
        correlations.append(heard[1])
    return {"played": played, "missed": missed, "false_played": false_played,
            "start_error_ms_max": round(max(errors), 3) if errors else None,
            "correlation_min": round(min(correlations), 4) if correlations else None}


def main():
    try:
        figures = check(pathlib.Path(sys.argv[1]))
    except (ValueError, KeyError, OSError, StopIteration, subprocess.CalledProcessError) as error:
        print(json.dumps({"holds": False, "why": str(error)}))
        return 1
    print(json.dumps({"holds": figures["false_played"] == 0, **figures}))
    return 0 if figures["false_played"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
