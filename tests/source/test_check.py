"""The source keeps its shape, and every rule finds its bad sample."""

import pathlib

import pytest

import check

HERE = pathlib.Path(__file__).parent


def test_the_source_keeps_every_rule():
    breaches = [f"{file}:{line}: {rule}: {what}" for file, line, rule, what in check.check(HERE.parent.parent)]
    assert breaches == []


@pytest.mark.parametrize("rule", check.RULES)
def test_each_rule_finds_its_bad_sample_and_only_that(rule):
    found = {name for _, _, name, _ in check.check(HERE / "bad" / rule)}
    assert found == {rule}


def test_an_upward_include_is_found_between_rooms_and_between_parts():
    places = {str(file) for file, _, _, _ in check.check(HERE / "bad" / "upward")}
    assert places == {"controller/db/database.c", "hw/board.c"}
