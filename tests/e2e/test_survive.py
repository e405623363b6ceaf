"""A closed tab, a broken network, a lost answer, a double tap: nothing that was made is lost, and no order fires twice."""

from datetime import datetime, timezone

import pytest


@pytest.fixture(scope="module")
def seen(world):
    world.aired()
    begun = datetime.now(timezone.utc).isoformat(timespec="seconds")
    told = world.walk("survive.mjs")
    yield {**told, "ordered": world.commune.admin.get("/api/audit", verb="broadcast.create", from_=begun)["items"],
           "broadcasts": world.commune.admin.get("/api/broadcasts", limit=200)["items"], "bulletins": world.commune.admin.get("/api/bulletins", limit=200)["items"]}


def test_a_recording_survives_its_tab(seen):
    assert seen["saw"]["kept"] == {"title": "Ghi dở dang", "time": "05:45"}
    assert seen["saw"]["recorded"] >= 3000


def test_an_upload_goes_on_where_the_network_left_it(seen):
    first, *rest = seen["saw"]["offsets"]
    assert seen["saw"]["cuts"] == 1
    assert first == 0 and rest and min(rest) > 0, seen["saw"]["offsets"]


def test_a_lost_answer_and_a_double_tap_order_once(seen):
    assert len(set(seen["saw"]["keys"])) == 1 and len(seen["saw"]["keys"]) == 2
    assert len(seen["saw"]["said"]) > 20
    assert len(seen["ordered"]) == 3  # this one, and the two below


@pytest.mark.parametrize("what", ["token", "user", "change"])
def test_a_form_whose_answer_was_lost_makes_nothing_twice(seen, what):
    did = seen["saw"][what]
    assert (did["sent"], did["keys"], did["count"]) == (2, 1, 1)
    assert did.get("works", 200) == 200, "the secret that was shown is the one that counts"


def test_taking_back_can_be_tried_until_its_answer_is_there(seen):
    assert seen["saw"]["unheard"] == "Thử lại"
    assert (len(seen["saw"]["undone"]), len(set(seen["saw"]["undone"]))) == (2, 1)


def test_an_order_whose_page_was_loaded_again_orders_once(seen):
    assert seen["saw"]["page"]["state"] == "waiting_approval"
    assert len(seen["saw"]["page"]["keys"]) == 2 and len(set(seen["saw"]["page"]["keys"])) == 1
    assert [one["title"] for one in seen["broadcasts"]].count("Khám mắt") == 1
    assert [one["title"] for one in seen["bulletins"]].count("Khám mắt") == 1


def test_offline_keeps_what_was_typed(seen):
    assert "vẫn phát tại trạm" in seen["saw"]["offline"]["bar"]
    assert (seen["saw"]["offline"]["text"], seen["saw"]["offline"]["title"]) == ("Mời bà con đi tiêm phòng.", "Tiêm phòng")
    assert seen["saw"]["online"] == "waiting_approval"


def test_what_was_deleted_unheard_is_deleted_once(seen):
    assert seen["saw"]["removed"] == {"sent": 2, "keys": 1}


def test_what_failed_is_said_until_it_was_seen(seen):
    assert seen["saw"]["since"] == 0


def test_the_pages_kept_their_rules(seen):
    assert (seen["csp"], seen["errors"]) == ([], [])
