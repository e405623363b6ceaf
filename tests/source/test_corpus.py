"""The seeds of the fuzzers are what their maker writes today: a form that changed is in both, or in neither."""

import filecmp
import pathlib
import subprocess
import sys

FUZZ = pathlib.Path(__file__).resolve().parent.parent / "fuzz"


def files(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def test_the_corpus_is_what_its_maker_writes(tmp_path):
    subprocess.run([sys.executable, FUZZ / "make_corpus.py", tmp_path], check=True)
    assert files(tmp_path) == files(FUZZ / "corpus")
    assert [name for name in files(tmp_path) if not filecmp.cmp(tmp_path / name, FUZZ / "corpus" / name, False)] == []
