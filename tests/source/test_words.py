"""The words of docs/words.md: no text for people uses one that the table forbids."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MESSAGES = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "web-admin/src/lib/messages/vi").glob("*.ts"))
VI_FILES = [*MESSAGES, "web-admin/src/lib/help/vi.ts"]
assert len(MESSAGES) > 5
# What is read aloud is the author's.
SENTENCES = [path for room in ("controller", "common", "player", "tools") for path in sorted((ROOT / room).rglob("*.c")) if not path.name.startswith("speech_")]
# The tone of oa, oe and uy at the end of a syllable stands on their first letter, as in the laws: hòa, khỏe, ủy.
LATE_TONES = re.compile(r"(?<![\wq])\w*(?:(?<!q)o[àáãảạèéẽẻẹ]|(?<!q)u[ỳýỹỷỵ])(?!\w)", re.I)
STRING = re.compile(r"'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`|\"((?:[^\"\\\n]|\\.)*)\"")
SEARCHED = re.compile(r"words: '[^'\n]*'")  # what people may type to find an answer, right or wrong
HOLE = re.compile(r"\$\{[^}]*\}")
VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹáàãéèíìĩóòõúùũý]", re.I)


def forbidden():
    rows = [line.strip("|").split("|") for line in (ROOT / "docs/words.md").read_text().splitlines() if line.startswith("| ")]
    for row in rows[1:]:
        for word in row[3].split(","):
            yield word.strip()


def texts(path):
    """Every piece of text in a source file, with the line it begins on."""
    source = SEARCHED.sub("", path.read_text())
    for found in STRING.finditer(source):
        text = next(group for group in found.groups() if group is not None)
        yield source[:found.start()].count("\n") + 1, HOLE.sub(" ", text)


def breaches(pieces, words):
    for line, text in pieces:
        for word in words:
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.I):
                yield line, word, text


def vietnamese_of(path):
    """In the panel's catalogues every text; in C those that are Vietnamese."""
    for line, text in texts(path):
        if path.suffix == ".ts" and " " in text or VIETNAMESE.search(text):
            yield line, text


@pytest.mark.parametrize("name", VI_FILES)
def test_the_panel_keeps_to_the_words(name):
    assert list(breaches(vietnamese_of(ROOT / name), list(forbidden()))) == []


def test_the_programs_keep_to_the_words():
    found = [(str(path.relative_to(ROOT)), *breach) for path in SENTENCES
             for breach in breaches(((line, text) for line, text in texts(path) if VIETNAMESE.search(text)), list(forbidden()))]
    assert found == []


def test_a_forbidden_word_is_found():
    assert list(breaches([(1, "Cụm loa mất điện")], list(forbidden()))) == [(1, "cụm loa", "Cụm loa mất điện")]
    assert list(breaches([(1, "Trạm loa mất điện")], list(forbidden()))) == []


@pytest.mark.parametrize("path", [ROOT / name for name in VI_FILES] + SENTENCES, ids=lambda path: path.name)
def test_tones_stand_where_the_laws_have_them(path):
    assert [(line, text) for line, text in texts(path) if VIETNAMESE.search(text) and LATE_TONES.search(text)] == []


def test_a_late_tone_is_found():
    assert [word for word in ("xoá", "Khoá", "huỷ", "thoả", "uỷ ban", "nhà văn hoá", "khoẻ") if not LATE_TONES.search(word)] == []
    assert [word for word in ("xóa", "khóa", "hủy", "quý", "hoàn", "toàn", "khoản", "thúy") if LATE_TONES.search(word)] == []
