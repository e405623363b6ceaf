"""The words of docs/words.md: no text for people uses one that the table forbids."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MESSAGES = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "web-admin/src/lib/messages/vi").glob("*.ts"))
VI_FILES = [*MESSAGES, "web-admin/src/lib/help/vi.ts"]
EN_FILES = [name.replace("/vi", "/en") for name in VI_FILES]
assert len(MESSAGES) > 5
# Texts outside of the programs: questions of the packages, answers of the proxy, the demo's own lines.
PLAIN = [*(ROOT / "packaging/debian").glob("*.templates"), ROOT / "packaging/nginx/loa", *(ROOT / "tools/demo").glob("*.py")]
# What is read aloud is the author's.
SENTENCES = [path for room in ("controller", "common", "player", "tools") for path in sorted((ROOT / room).rglob("*.c")) if not path.name.startswith("speech_")]
# The tone of oa, oe and uy at the end of a syllable stands on their first letter, as in the laws: hòa, khỏe, ủy.
LATE_TONES = re.compile(r"(?<![\wq])\w*(?:(?<!q)o[àáãảạèéẽẻẹ]|(?<!q)u[ỳýỹỷỵ])(?!\w)", re.I)
STRING = re.compile(r"'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`|\"((?:[^\"\\\n]|\\.)*)\"")
SEARCHED = re.compile(r"words: '[^'\n]*'")  # what people may type to find an answer, right or wrong
HOLE = re.compile(r"\$\{[^}]*\}")
VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹáàãéèíìĩóòõúùũý]", re.I)


VI, EN = 3, 4  # columns of the table: what is never said


def forbidden(column=VI):
    rows = [line.strip("|").split("|") for line in (ROOT / "docs/words.md").read_text().splitlines() if line.startswith("| ")]
    assert {len(row) for row in rows} == {5}, "a row of docs/words.md lacks a column"
    return [word.strip() for row in rows[1:] for word in row[column].split(",") if word.strip()]


def texts(path):
    """Every piece of text in a source file, with the line it begins on."""
    source = SEARCHED.sub("", path.read_text())
    for found in STRING.finditer(source):
        text = next(group for group in found.groups() if group is not None)
        yield source[:found.start()].count("\n") + 1, HOLE.sub(" ", text)


def breaches(pieces, words):
    for line, text in pieces:
        for word in words:
            if re.search(rf"(?<![\w\[]){re.escape(word)}(?!\w)", text, re.I):
                yield line, word, text


def vietnamese_of(path):
    """In the panel's catalogues every text; in C those that are Vietnamese."""
    for line, text in texts(path):
        if path.suffix == ".ts" and " " in text or VIETNAMESE.search(text):
            yield line, text


@pytest.mark.parametrize("name", VI_FILES)
def test_the_panel_keeps_to_the_words(name):
    assert list(breaches(vietnamese_of(ROOT / name), forbidden())) == []


@pytest.mark.parametrize("name", EN_FILES)
def test_the_panel_keeps_to_the_words_in_english(name):
    english = [(line, text) for line, text in texts(ROOT / name) if " " in text or text[:1].isupper()]
    assert list(breaches(english, forbidden(EN))) == []


def test_the_programs_keep_to_the_words():
    found = [(str(path.relative_to(ROOT)), *breach) for path in SENTENCES
             for breach in breaches(((line, text) for line, text in texts(path) if VIETNAMESE.search(text)), forbidden())]
    assert found == []


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.name)
def test_what_stands_beside_the_programs_keeps_to_the_words(path):
    pieces = texts(path) if path.suffix == ".py" else enumerate(path.read_text().splitlines(), 1)
    lines = [(number, line) for number, line in pieces if VIETNAMESE.search(line)]
    assert list(breaches(lines, forbidden())) == []
    assert [(number, line) for number, line in lines if LATE_TONES.search(line)] == []


# What no sentence for people has: three dots for one sign, straight quotation marks, two spaces, "90 %", a last sentence
# without its full stop.
FLAW = re.compile(r'(?<!\.)\.\.\.(?!\.)|\\"|\S  +\S|\d %(?![-a-z])|\. (?:Hãy|Trạm|Bản tin|Không|Chỉ) [^.!?:…]*\w$')


def flawed(path):
    source = re.sub(r'"\s*\n\s*"', "", re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S))
    return [text for found in re.finditer(r'"((?:[^"\\\n]|\\.)*)"', source) for text in [found.group(1)] if VIETNAMESE.search(text) and FLAW.search(text)]


@pytest.mark.parametrize("path", SENTENCES, ids=lambda path: path.name)
def test_sentences_are_without_flaws(path):
    assert flawed(path) == []


def test_a_flaw_is_found(tmp_path):
    bad = tmp_path / "bad.c"
    bad.write_text('f("Đã hết 90 %.", "Xin chờ...", "Đã  lưu.", "Giờ đã qua. Hãy "\n  "chọn lại", "Hãy chọn \\"phát ngay\\".", "Đã lưu. Hãy xem lại.");')
    assert len(flawed(bad)) == 5


def named(guide):
    """What a guide names of the screen: *Trạm loa → (a station) → Phát âm thử*; … stands for whatever is filled in."""
    for path in re.findall(r"\*([^*\n]{3,80})\*", re.sub(r"`[^`]*`|\*\*", " ", guide)):
        for piece in re.split(r"→|…|/", path):
            if VIETNAMESE.search(piece):
                yield piece.strip(" .,:−0123456789dBFS")


def unseen(guide, seen):
    return [piece for piece in named(guide) if piece and piece not in seen]


@pytest.mark.parametrize("name", ["docs/operations.md", "docs/install.md", "README.md", "docs/calendar.md"])
def test_guides_name_what_stands_on_the_screen(name):
    seen = "\n".join(path.read_text() for path in [ROOT / file for file in VI_FILES] + SENTENCES + PLAIN)
    assert unseen((ROOT / name).read_text(), seen) == []


def test_a_name_that_is_no_more_is_found():
    assert unseen("Open *Trạm loa → Thêm trạm*, then **bold** and *Nghe được: …*", "Trạm loa, Nghe được") == ["Thêm trạm"]


def test_a_forbidden_word_is_found():
    assert list(breaches([(1, "Cụm loa mất điện")], list(forbidden()))) == [(1, "cụm loa", "Cụm loa mất điện")]
    assert list(breaches([(1, "Trạm loa mất điện")], list(forbidden()))) == []


@pytest.mark.parametrize("path", [ROOT / name for name in VI_FILES] + SENTENCES, ids=lambda path: path.name)
def test_tones_stand_where_the_laws_have_them(path):
    assert [(line, text) for line, text in texts(path) if VIETNAMESE.search(text) and LATE_TONES.search(text)] == []


def test_a_late_tone_is_found():
    assert [word for word in ("xoá", "Khoá", "huỷ", "thoả", "uỷ ban", "nhà văn hoá", "khoẻ") if not LATE_TONES.search(word)] == []
    assert [word for word in ("xóa", "khóa", "hủy", "quý", "hoàn", "toàn", "khoản", "thúy") if LATE_TONES.search(word)] == []
