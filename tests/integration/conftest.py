"""What every integration test starts from: the built programs, a desk in a temporary directory."""

import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
for folder in ("tools/demo", "tests/support"):
    sys.path.insert(0, str(ROOT / folder))

BUILD = pathlib.Path(os.environ.get("LOA_BUILD", ROOT / "build" / "dev"))


@pytest.fixture
def desk(tmp_path):
    from desk import Desk

    with Desk(BUILD, tmp_path / "desk") as started:
        yield started


# With several workers a file goes to one of them whole: those that wait longest for their starts begin first.
LONGEST_FIRST = ("test_relay.py", "test_stations_sound.py", "test_stations_alone.py", "test_backup.py", "test_alerts.py",
                 "test_stations_bits.py", "test_bad_http.py")


def pytest_collection_modifyitems(items):
    rank = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))
