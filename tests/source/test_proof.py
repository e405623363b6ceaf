"""What a station's receipts promise, sentence by sentence, and the test that holds each of them. A promise whose test
is gone, or is not run any more, fails here.
"""

import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLAYER = "unit/player/"

PROMISES = {
    "`started` is durable before the first routine sample":
        (PLAYER + "test_conductor_faults.c", "a_crash_between_started_and_the_first_sample_is_missed"),
    "... and that on the disk itself": ("crash/crash_journal.c", "sound-before-start"),
    "a mark every 5 s": (PLAYER + "test_conductor_faults.c", "a_crash_while_it_sounds_is_partial_and_never_restarts"),
    "the end after the last frame left the device": (PLAYER + "test_conductor.c", "plays_on_time_and_says_so"),
    "without `started` it may start until `start_by`":
        (PLAYER + "test_conductor_faults.c", "a_crash_before_started_leaves_it_free_to_play"),
    "... from the top, late": (PLAYER + "test_conductor.c", "a_late_boot_within_the_tolerance_starts_from_the_top"),
    "a started file found after a crash is partial, no_power with a new boot":
        (PLAYER + "test_conductor_faults.c", "a_power_cut_while_it_sounds_is_partial_for_that"),
    "... restart in the same one":
        (PLAYER + "test_conductor_faults.c", "a_crash_in_the_first_second_is_partial_already"),
    "... and never starts again": (PLAYER + "test_conductor.c", "what_has_a_receipt_never_plays_again"),
    "relay and live rejoin as a new segment":
        (PLAYER + "test_conductor_ranks.c", "a_relay_that_a_crash_cut_is_joined_again"),
    "silent only because it was pre-empted: it may still resume":
        (PLAYER + "test_conductor_ranks.c", "a_crash_while_silent_lets_it_go_on"),
    "emergencies need no journal": (PLAYER + "test_conductor_journal.c", "a_full_journal_stops_routine_but_no_alert"),
    "one cut by a crash restarts from the top":
        (PLAYER + "test_conductor_ranks.c", "an_emergency_that_a_crash_cut_starts_from_the_top"),
    "journal not writable: rows in memory, receipts volatile":
        (PLAYER + "test_conductor_faults.c", "a_journal_that_cannot_be_written_is_kept_in_memory"),
    "... whichever write fails": (PLAYER + "test_conductor_journal.c", "fails_on_every_write"),
    "... and after a boot nothing whose start lies before it plays":
        (PLAYER + "test_conductor_journal.c", "what_was_kept_in_memory_only_does_not_start_again"),
    "a journal that cannot be opened stops nobody":
        (PLAYER + "test_conductor_journal.c", "without_a_journal_it_plays_and_says_so_later"),
    "nothing is deleted before its acknowledgement": ("crash/crash_journal.c", "receipt-lost"),
    "bounded at 20,000: routine stops with a fault, alerts go on":
        (PLAYER + "test_conductor_journal.c", "a_full_journal_stops_routine_but_no_alert"),
    "the reason is the cause that covered the start":
        (PLAYER + "test_conductor.c", "without_power_over_the_start_it_is_missed_for_that"),
    "`late` only when no other holds": (PLAYER + "test_conductor.c", "a_plan_that_comes_after_the_tolerance_makes_it_late"),
    "a silent horn is never called played": (PLAYER + "test_conductor_faults.c", "silence_is_never_played"),
    "missed/displaced names the winner": (PLAYER + "test_conductor.c", "displaced_beyond_its_tolerance_it_names_the_winner"),
    "partial/displaced names the winner":
        (PLAYER + "test_conductor_ranks.c", "one_that_asks_to_be_dropped_is_partial_and_names_the_winner"),
    "several segments in one receipt": (PLAYER + "test_conductor_ranks.c", "an_emergency_in_between_moves_all_that_follows"),
    "no_time is said, never guessed": (PLAYER + "test_conductor_faults.c", "without_the_time_nothing_scheduled_plays"),
}


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_has_a_test_that_runs(promise):
    file, name = PROMISES[promise]
    text = (ROOT / file).read_text()
    assert text.count(name) >= (2 if file.startswith(PLAYER) else 1), f"{name} is not run in {file}"
