"""Every screen at three widths, light and dark: nothing scrolls sideways, axe and the content security policy are silent,
what a finger has to hit is large enough, and the focus is always to be seen. LOA_SHOTS keeps the pictures."""

import pytest


@pytest.fixture(scope="module")
def seen(world):
    return world.walk("screens.mjs")


@pytest.mark.parametrize("what", ["wide", "cut", "axe", "small", "unseen", "csp", "errors"])
def test_every_screen_is_whole(seen, what):
    assert seen[what] == []


def test_no_screen_was_forgotten(seen):
    assert seen["saw"]["forgotten"] == []
