"""Every screen while the network is away: it says so in words, keeps what was typed and comes back by itself."""

import pytest


@pytest.fixture(scope="module")
def seen(world):
    world.aired()
    return world.walk("away.mjs")


def test_no_screen_is_silent_without_a_network(seen):
    assert seen["saw"]["silent"] == []


def test_every_screen_comes_by_itself_when_the_line_is_back(seen):
    assert seen["saw"]["lost"] == []


def test_what_was_typed_is_still_there(seen):
    kept = seen["saw"]["kept"]
    assert {screen for screen, text in kept.items() if text != "KHMP"} == set(), kept
    assert len(kept) >= 10, kept


def test_the_way_in_says_so_too(seen):
    said, name = seen["saw"]["login"]
    assert "Không có mạng" in said and name == "leader"


def test_the_pages_kept_their_rules(seen):
    assert (seen["csp"], seen["errors"]) == ([], [])
