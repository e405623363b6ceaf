"""Every screen at three widths, light and dark: nothing scrolls sideways, axe and the content security policy are silent,
what a finger has to hit is large enough, and the focus is always to be seen. LOA_SHOTS keeps the pictures."""

from datetime import timedelta

import pytest

from commune import SPEECH
from desk import speak

SHORT = 26


def crowd(world):
    """One morning with more than a column of the week can hold side by side; gives its day and what is on then."""
    commune, day = world.commune, world.monday + timedelta(days=7)
    wav, long = world.place / "short.wav", world.place / "longer.wav"
    speak(" ".join([SPEECH] * 4), long)
    waits = commune.speak_bulletin("Chờ duyệt: lịch cấp nước", wav=wav, approve=False)["id"]
    titles = ["Thời tiết", "Giá nông sản", "Phòng chống sốt xuất huyết ở các thôn ven sông"]
    sounds = [commune.speak_bulletin(title, wav=wav)["id"] for title in titles]
    programme = commune.operator.post("/api/programmes", {"area": commune.memory["commune"], "title": "Chương trình sáng", "items": [
        {"kind": "bulletin", "bulletin": commune.speak_bulletin("Chuyện làng", wav=long)["id"]}] * 30})
    commune.admin.call("PUT", "/api/holidays/ngay-hoi", {"name_vi": "Ngày hội", "name_en": "Feast", "rows": [
        {"name_vi": "Hội làng", "name_en": "Feast", "month": day.month, "day": day.day}]})

    def order(minute, who=commune.operator, when=None, **what):
        at = f"{day}T05:{minute:02}:00+07:00"
        return who.post("/api/broadcasts", {
            "area": commune.memory["commune"], "targets": [{"kind": "area", "id": commune.memory["commune"]}],
            "when": {"kind": "once", "at": at, **(when or {})}, **what})["id"]

    made = [order(n * 40 // SHORT, bulletin=sounds[n % len(sounds)]) for n in range(SHORT)]
    made += [order(5, bulletin=waits), order(12, commune.leader, bulletin=sounds[0], **{"class": "priority"}), order(3, programme=programme["id"]),
             order(50, bulletin=sounds[1]), order(57, bulletin=sounds[2])]
    off = {"kind": "rule", "start": f"{day}T05:25:00+07:00", "rrule": "FREQ=DAILY;COUNT=3", "holidays": {"calendar": "ngay-hoi", "mode": "except"}}
    made.append(order(25, when=off, bulletin=sounds[0]))
    cancelled = order(20, when={"kind": "daily"}, bulletin=sounds[0])
    commune.operator.call("PATCH", f"/api/broadcasts/{cancelled}", {"scope": "this", "recurrence_id": f"{day}T05:20:00+07:00", "cancelled": True})
    return {"crowded_week": day.isoformat(), "crowd": [*made, cancelled]}


@pytest.fixture(scope="module")
def seen(world):
    return world.walk("screens.mjs", **crowd(world))


@pytest.mark.parametrize("what", ["wide", "cut", "axe", "small", "unseen", "same", "csp", "errors"])
def test_every_screen_is_whole(seen, what):
    assert seen[what] == []


def test_no_screen_was_forgotten(seen):
    assert seen["saw"]["forgotten"] == []


def test_a_crowded_week_can_be_read_and_reached(seen):
    saw = seen["saw"]["crowded"]
    assert {what: saw[what] for what in ("meet", "narrow", "hidden", "lost")} == {"meet": [], "narrow": [], "hidden": [], "lost": []}
    assert min(saw["piles"]) > 0 and saw["movable"].startswith("05:")
    assert saw["back"] == "week-pile", "the focus was lost after the list of a pile"


def test_the_week_is_printed_on_one_sheet_for_the_notice_board(seen):
    paper = seen["saw"]["crowded"]["paper"]
    assert (paper["pages"], paper["box"], paper["buttons"]) == (1, [842, 595], 0)
    assert "Độc lập - Tự do - Hạnh phúc" in paper["head"] and "TRONG TUẦN" in paper["head"]
    lines = paper["lines"]
    assert lines[0].startswith("05:00") and any("Chương trình sáng" in line for line in lines) and len(lines) == SHORT + 4
    assert not any("Chờ duyệt" in line or line.startswith("05:25 ") for line in lines), "what does not play is announced"
