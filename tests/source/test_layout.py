"""clang-format decides the layout of C (CONTRIBUTING.md), and a file that it would write otherwise is found."""

import pathlib
import subprocess

import check

ROOT = pathlib.Path(__file__).parent.parent.parent


def refused(root, files):
    asked = ["clang-format", "--dry-run", "--Werror", f"--style=file:{ROOT / '.clang-format'}", *map(str, files)]
    answer = subprocess.run(asked, cwd=root, capture_output=True, text=True)
    return [line for line in answer.stderr.splitlines() if "error:" in line]


def test_every_file_is_laid_out():
    files = [path for path, _ in check.sources(ROOT) if path.suffix in (".c", ".h")]
    assert len(files) > 500
    assert refused(ROOT, files) == []


def test_a_file_that_is_not_is_found(tmp_path):
    (tmp_path / "crooked.c").write_text("int a; /* one */\nint long_name; /* two */\n")
    (tmp_path / "straight.c").write_text("int a;         /* one */\nint long_name; /* two */\n")
    assert [line.split(":")[0] for line in refused(tmp_path, ["crooked.c", "straight.c"])] == ["crooked.c"]
