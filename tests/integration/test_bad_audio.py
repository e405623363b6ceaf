"""What people upload by mistake or by malice: an error that names the file and what was found in it,
and nothing half stored."""

import os
import secrets
import subprocess

import pytest
from client import Problem
from commune import Commune
from conftest import BUILD
from desk import Desk, speak


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    with Desk(BUILD, tmp_path_factory.mktemp("audio")) as desk:
        desk.start_controller()
        made = Commune(desk)
        made.found()
        made.log_in()
        made.speech = desk.place / "speech.wav"
        speak("Kính mời bà con tới nhà văn hóa họp thôn lúc mười chín giờ.", made.speech)
        yield made


def upload(commune, path, kind="audio/mpeg"):
    identity = commune.operator.upload(path.read_bytes(), path.name, kind)
    made = commune.operator.post("/api/bulletins", {"area": commune.memory["commune"], "title": "Thử", "upload": identity})
    return commune.wait_audio(made["id"])


def media_files(commune):
    return {path for path in (commune.desk.place / "controller" / "media").rglob("*") if path.is_file()}


@pytest.mark.parametrize("suffix, options", [
    ("mp3", ["-c:a", "libmp3lame"]), ("m4a", ["-c:a", "aac"]), ("webm", ["-c:a", "libopus"]),
    ("ogg", ["-c:a", "libvorbis"]), ("wav", [])])
def test_what_phones_and_computers_make_becomes_the_canonical_form(commune, tmp_path, suffix, options):
    path = tmp_path / f"ban-tin.{suffix}"
    subprocess.run(["ffmpeg", "-v", "error", "-i", commune.speech, *options, path], check=True)
    bulletin = upload(commune, path, "application/octet-stream")
    assert bulletin["audio"] == "ready", bulletin["audio_error"]
    assert abs(bulletin["loudness_lufs"] + 16) < 1.0
    status, _, audio = commune.operator.raw("GET", f"/api/bulletins/{bulletin['id']}/audio")
    assert status == 200 and audio[:4] == b"OggS"


@pytest.mark.parametrize("name, content, found", [
    ("anh-chup.mp3", b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "png"),
    ("trong.mp3", b" ", ""),
    ("van-ban.mp3", "Đây là văn bản, không phải âm thanh.\n".encode() * 50, ""),
    ("rac.wav", os.urandom(50000), ""),
], ids=lambda part: part if isinstance(part, str) else "")
def test_what_is_no_sound_is_refused_by_name_and_finding(commune, tmp_path, name, content, found):
    path = tmp_path / name
    path.write_bytes(content)
    before = media_files(commune)
    bulletin = upload(commune, path)
    assert bulletin["audio"] == "failed"
    assert name in bulletin["audio_error"]
    assert found in bulletin["audio_error"].lower()
    assert media_files(commune) == before
    with pytest.raises(Problem):
        commune.operator.post(f"/api/bulletins/{bulletin['id']}/submit")


def test_a_truncated_file_is_refused_or_read_to_where_it_ends(commune, tmp_path):
    whole = tmp_path / "whole.m4a"
    subprocess.run(["ffmpeg", "-v", "error", "-i", commune.speech, "-c:a", "aac", whole], check=True)
    path = tmp_path / "dut-doan.m4a"
    path.write_bytes(whole.read_bytes()[:-2000])
    assert upload(commune, path)["audio"] == "failed"  # its index stood at the end


def test_too_large_an_upload_is_refused_before_a_byte_is_sent(commune):
    status, _, _ = commune.operator.raw("POST", "/api/uploads", b"", {
        "Tus-Resumable": "1.0.0", "Upload-Length": str(300 * 2**20)})
    assert status == 413


def test_an_upload_goes_on_where_it_stopped_and_only_for_its_owner(commune):
    tus = {"Tus-Resumable": "1.0.0"}
    _, headers, _ = commune.operator.raw("POST", "/api/uploads", b"", {**tus, "Upload-Length": "10"})
    place = headers["Location"]
    patch = {**tus, "Content-Type": "application/offset+octet-stream"}
    assert commune.operator.raw("PATCH", place, b"01234", {**patch, "Upload-Offset": "0"})[0] == 204
    assert commune.operator.raw("HEAD", place, None, tus)[1]["Upload-Offset"] == "5"
    assert commune.operator.raw("PATCH", place, b"xx", {**patch, "Upload-Offset": "3"})[0] == 409
    assert commune.leader.raw("PATCH", place, b"56789", {**patch, "Upload-Offset": "5"})[0] in (403, 404)
    assert commune.operator.raw("PATCH", place, b"56789", {**patch, "Upload-Offset": "5"})[0] == 204


def test_the_same_order_sent_twice_is_one_order(commune):
    bulletin = upload(commune, commune.speech)
    key = secrets.token_hex(16)
    body = {"bulletin": bulletin["id"], "area": commune.memory["commune"],
            "targets": [{"kind": "area", "id": commune.memory["commune"]}], "when": {"kind": "now"}}
    first = commune.operator.post("/api/broadcasts", body, key)
    assert commune.operator.post("/api/broadcasts", body, key)["id"] == first["id"]


def test_the_creator_cannot_approve_the_own_bulletin(commune):
    bulletin = upload(commune, commune.speech)
    commune.operator.post(f"/api/bulletins/{bulletin['id']}/submit")
    with pytest.raises(Problem) as refused:
        commune.operator.post(f"/api/bulletins/{bulletin['id']}/approve")
    assert refused.value.status == 403
