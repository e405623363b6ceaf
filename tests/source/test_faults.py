"""Every fault that a station or the controller can name has a sentence and a next step, in both languages."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TEXT = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.I)


def named_by_stations():
    source = (ROOT / "player/health/faults.c").read_text()
    return re.findall(r'"(\w+)"', source.split("fault_words[] = {")[1].split("}")[0])


def catalogue():
    source = (ROOT / "controller/fleet/fault_text.c").read_text().split("texts[] = {")[1].split("\n};")[0]
    rows = re.findall(r'\{"(\w+)",\s*\d+,\s*' + r",\s*".join([TEXT] * 4) + r"\}", source)
    join = lambda pieces: "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', pieces))
    return {code: [join(text) for text in texts] for code, *texts in rows}


def test_every_fault_of_a_station_is_in_the_catalogue():
    words, texts = named_by_stations(), catalogue()
    assert len(words) >= 15 and len(set(words)) == len(words)
    assert set(words) <= set(texts)


def test_every_fault_says_what_happened_and_what_to_do_in_both_languages():
    source = (ROOT / "controller/fleet/fault_text.c").read_text()
    texts = catalogue()
    assert len(texts) == source.split("texts[] = {")[1].split("\n};")[0].count('\n    {"'), "a row that cannot be read"
    for code, (vi, en, next_vi, next_en) in texts.items():
        for text in (vi, en, next_vi, next_en):
            assert text.endswith(".") and len(text) > 12, code
        assert VIETNAMESE.search(vi) and VIETNAMESE.search(next_vi), code
        assert not VIETNAMESE.search(en) and not VIETNAMESE.search(next_en), code
        assert vi != next_vi and en != next_en, code


def test_each_code_of_the_enum_has_its_word():
    header = (ROOT / "player/health/faults.h").read_text()
    codes = re.findall(r"^    FAULT_(\w+),", header, re.M)
    assert len(codes) == len(named_by_stations())
