"""The unattended demo, its evidence checked twice, and every way in which the evidence must fail."""

import base64
import json
import shutil
import subprocess
import wave

import pytest
from conftest import BUILD, ROOT

LOA = str(BUILD / "tools" / "loa")


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    """A folder of evidence from one run of the demo, and its figures."""
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(["/usr/bin/python3", str(ROOT / "tools/demo/demo.py"), "--build", str(BUILD), "--once", "--json",
                           "--place", str(folder / "place"), "--keep", str(folder / "kept")],
                          capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return folder / "kept", json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def copy(evidence, tmp_path):
    shutil.copytree(evidence[0], tmp_path / "copy")
    return tmp_path / "copy"


def audit(folder):
    done = subprocess.run([LOA, "audit", "verify", str(folder), "--json"], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else {"faults": [done.stderr]}


def stranger(folder):
    done = subprocess.run(["/usr/bin/python3", str(ROOT / "tests/support/stranger.py"), str(folder)],
                          capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def test_three_stations_play_and_the_fourth_is_honestly_missed(evidence):
    figures = evidence[1]
    assert (figures["stations"], figures["planned"], figures["played"]) == (4, 4, 3)
    assert figures["missed"] == {"device_fault": 1}
    assert figures["false_played"] == 0
    assert figures["receipts_verified"] is True
    assert figures["correlation_min"] >= 0.98


def test_a_stranger_finds_the_same_figures(evidence):
    code, again = stranger(evidence[0])
    assert code == 0, again
    assert (again["played"], again["missed"]) == (evidence[1]["played"], evidence[1]["missed"])
    assert abs(again["correlation_min"] - evidence[1]["correlation_min"]) < 0.005


def test_the_audit_finds_nothing_wrong(evidence):
    code, report = audit(evidence[0])
    assert code == 0 and report["faults"] == [] and report["receipts"] == 4


# --- controls: each of these must be found --------------------------------------------------------


def test_another_file_is_not_taken_for_what_was_played(copy):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "anoisesrc=d=8:c=pink", "-ac", "1", "-c:a", "libopus",
                    "-b:a", "24k", copy / "canonical.opus"], check=True)
    code, found = stranger(copy)
    assert code == 1 and found["false_played"] == 3


def test_a_muted_output_is_found(copy):
    for number in (1, 2, 3):
        path = copy / f"station-{number}.wav"
        with wave.open(str(path)) as file:
            parameters, frames = file.getparams(), file.readframes(file.getnframes())
        with wave.open(str(path), "wb") as file:
            file.setparams(parameters)
            file.writeframes(bytes(len(frames)))
    code, found = stranger(copy)
    assert code == 1 and found["false_played"] == 3


def rewrite(path, line, change):
    lines = path.read_text().splitlines()
    row = json.loads(lines[line])
    change(row)
    lines[line] = json.dumps(row)
    path.write_text("\n".join(lines) + "\n")


def flip_payload_bit(row):
    payload = bytearray(base64.b64decode(row["envelope"]["payload"]))
    payload[len(payload) // 2] ^= 1
    row["envelope"]["payload"] = base64.b64encode(payload).decode()


def forge(row):
    """Says played where the station said missed; the old signature stays."""
    payload = json.loads(base64.b64decode(row["envelope"]["payload"]))
    payload["outcome"], payload["reason"] = "played", ""
    row["envelope"]["payload"] = base64.b64encode(json.dumps(payload).encode()).decode()


def flip_signature_bit(row):
    signature = bytearray(base64.b64decode(row["envelope"]["signatures"][0]["sig"]))
    signature[5] ^= 1
    row["envelope"]["signatures"][0]["sig"] = base64.b64encode(signature).decode()


@pytest.mark.parametrize("name, change", [
    ("plans.jsonl", flip_payload_bit), ("plans.jsonl", flip_signature_bit),
    ("receipts.jsonl", flip_payload_bit), ("receipts.jsonl", flip_signature_bit), ("receipts.jsonl", forge)])
def test_one_changed_bit_in_a_paper_is_found_and_named(copy, name, change):
    rewrite(copy / name, 0, change)
    code, report = audit(copy)
    assert code == 1 and report["faults"][0].startswith(f"{name}:1:")
    assert stranger(copy)[0] == 1


def test_a_missing_receipt_is_found_as_a_gap(copy):
    """Only where the last one of a station is dropped can a chain not tell; so double one instead."""
    path = copy / "receipts.jsonl"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *lines]) + "\n")
    code, report = audit(copy)
    assert code == 1 and "receipts.jsonl:2:" in report["faults"][0]


def test_a_station_key_that_no_plan_names_is_found(copy):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    import hashlib
    key = Ed25519PrivateKey.generate()
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    keyid = hashlib.sha256(raw).hexdigest()

    def sign_again(row):
        payload = json.loads(base64.b64decode(row["envelope"]["payload"]))
        payload["outcome"], payload["keyid"] = "played", keyid
        body, kind = json.dumps(payload).encode(), row["envelope"]["payloadType"].encode()
        pae = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body)
        row["envelope"].update(payload=base64.b64encode(body).decode(), signatures=[
            {"keyid": keyid, "sig": base64.b64encode(key.sign(pae)).decode()}])

    rewrite(copy / "receipts.jsonl", 0, sign_again)

    def swap_key(row):
        row["keyid"], row["public"] = keyid, base64.b64encode(raw).decode()

    owner = json.loads((copy / "receipts.jsonl").read_text().splitlines()[0])
    station = json.loads(base64.b64decode(owner["envelope"]["payload"]))["station"]
    stations = [json.loads(line) for line in (copy / "stations.jsonl").read_text().splitlines()]
    rewrite(copy / "stations.jsonl", [row["station"] for row in stations].index(station), swap_key)
    assert audit(copy)[0] == 1
    assert stranger(copy)[0] == 1
