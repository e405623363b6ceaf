/* From evidence to outcome: one row per rule. */
#include "clock/trust.h"
#include "conductor/verdict.h"

#include <math.h>

#define FULL 480000

typedef struct Row {
    const char *name;
    Account account;
    Outcome outcome;
    Reason reason;
    const char *fault;
} Row;

/* Everything in order; each row spoils one thing. */
#define GOOD                                                                                       \
    .expected_frames = FULL, .played_frames = FULL, .complete = true, .rms_dbfs = -16,             \
    .amplifier = BOARD_YES, .trust = TRUST_SYNCED, .mixer_present = true
#define SPOILT(...)                                                                                \
    {                                                                                              \
        GOOD, __VA_ARGS__                                                                          \
    }

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#endif
static const Row rows[] = {
    {"all in order", {GOOD}, OUTCOME_PLAYED, REASON_NONE, NULL},
    {"no mixer at all", SPOILT(.mixer_present = false, .mixer_muted = true), OUTCOME_PLAYED,
     REASON_NONE, NULL},
    {"muted", SPOILT(.mixer_muted = true), OUTCOME_MISSED, REASON_DEVICE_FAULT, "muted"},
    {"mixer closed", SPOILT(.mixer_db = -80), OUTCOME_MISSED, REASON_DEVICE_FAULT, "mixer-closed"},
    {"silent", SPOILT(.rms_dbfs = -INFINITY), OUTCOME_MISSED, REASON_DEVICE_FAULT, "silent"},
    {"next to silent", SPOILT(.rms_dbfs = -75), OUTCOME_MISSED, REASON_DEVICE_FAULT, "silent"},
    {"quiet because the plan says so", SPOILT(.rms_dbfs = -75, .gain_db = -40), OUTCOME_PLAYED,
     REASON_NONE, NULL},
    {"amplifier off", SPOILT(.amplifier = BOARD_NO), OUTCOME_MISSED, REASON_DEVICE_FAULT,
     "amplifier-off"},
    {"amplifier not known", SPOILT(.amplifier = BOARD_UNKNOWN), OUTCOME_PARTIAL,
     REASON_DEVICE_FAULT, "amplifier-unknown"},
    {"no current", SPOILT(.least_ma = 0, .most_ma = 20, .current_min_ma = 300), OUTCOME_MISSED,
     REASON_DEVICE_FAULT, "no-current"},
    {"current gone on the way", SPOILT(.least_ma = 0, .most_ma = 850, .current_min_ma = 300),
     OUTCOME_PARTIAL, REASON_DEVICE_FAULT, "current-lost"},
    {"current not sensed",
     SPOILT(.least_ma = INT64_MIN, .most_ma = INT64_MIN, .current_min_ma = 300), OUTCOME_PLAYED,
     REASON_NONE, NULL},
    {"current that nobody judges", SPOILT(.least_ma = 0, .most_ma = 0), OUTCOME_PLAYED, REASON_NONE,
     NULL},
    {"relay broke", SPOILT(.complete = false, .lack = REASON_NO_MEDIA, .starved_frames = FULL / 3),
     OUTCOME_PARTIAL, REASON_NO_MEDIA, NULL},
    {"relay never heard", SPOILT(.played_frames = 0, .complete = false, .lack = REASON_NO_MEDIA),
     OUTCOME_MISSED, REASON_NO_MEDIA, "no-sound"},
    {"no data left for the relay",
     SPOILT(.complete = false, .stop = STOP_BUDGET, .played_frames = FULL / 2), OUTCOME_PARTIAL,
     REASON_DATA_BUDGET, NULL},
    {"time not known", SPOILT(.trust = TRUST_FLOOR), OUTCOME_PARTIAL, REASON_NO_TIME, NULL},
    {"decoder starved", SPOILT(.starved_frames = FULL / 10), OUTCOME_PARTIAL, REASON_DEVICE_FAULT,
     "starved"},
    {"card gone at once",
     SPOILT(.played_frames = 0, .complete = false, .end = AUDIO_END_DEVICE, .fault = "no-device"),
     OUTCOME_MISSED, REASON_DEVICE_FAULT, "no-device"},
    {"card gone on the way",
     SPOILT(.played_frames = FULL / 2, .complete = false, .end = AUDIO_END_DEVICE,
            .fault = "device-gone"),
     OUTCOME_PARTIAL, REASON_DEVICE_FAULT, "device-gone"},
    {"ended early by itself", SPOILT(.played_frames = FULL / 2, .complete = false), OUTCOME_PARTIAL,
     REASON_DEVICE_FAULT, "short"},
    {"complete but no frame", SPOILT(.played_frames = 0), OUTCOME_MISSED, REASON_DEVICE_FAULT,
     "no-sound"},
    {"bad file", SPOILT(.played_frames = 0, .complete = false, .end = AUDIO_END_MEDIA),
     OUTCOME_MISSED, REASON_BAD_MEDIA, NULL},
    {"file bad on the way", SPOILT(.played_frames = 9, .complete = false, .end = AUDIO_END_MEDIA),
     OUTCOME_PARTIAL, REASON_BAD_MEDIA, NULL},
    {"cancelled while it sounded",
     SPOILT(.played_frames = 9, .complete = false, .stop = STOP_CANCELLED), OUTCOME_CANCELLED,
     REASON_NONE, NULL},
    {"cancelled after its last frame", SPOILT(.stop = STOP_CANCELLED), OUTCOME_PLAYED, REASON_NONE,
     NULL},
    {"shut down", SPOILT(.played_frames = 9, .complete = false, .stop = STOP_SHUTDOWN),
     OUTCOME_PARTIAL, REASON_RESTART, NULL},
    {"shut down before a sound",
     SPOILT(.played_frames = 0, .complete = false, .stop = STOP_SHUTDOWN), OUTCOME_MISSED,
     REASON_RESTART, NULL},
    {"stop button", SPOILT(.played_frames = 9, .complete = false, .stop = STOP_LOCAL),
     OUTCOME_PARTIAL, REASON_LOCAL_STOP, NULL},
    {"muted and shut down",
     SPOILT(.played_frames = 9, .complete = false, .mixer_muted = true, .stop = STOP_SHUTDOWN),
     OUTCOME_MISSED, REASON_DEVICE_FAULT, "muted"},
};
#pragma GCC diagnostic pop

static void says_what_the_evidence_says(gconstpointer data)
{
    const Row *row = data;
    Verdict verdict = verdict_of(&row->account);
    g_assert_cmpstr(outcome_words[verdict.outcome], ==, outcome_words[row->outcome]);
    g_assert_cmpstr(reason_words[verdict.reason], ==, reason_words[row->reason]);
    if (row->fault)
        g_assert_cmpstr(verdict.fault, ==, row->fault);
    g_assert_cmpint(verdict.grade, ==, row->account.played_frames ? 2 : 0);
}

static void a_missing_half_percent_is_still_whole(void)
{
    g_assert_true(verdict_is_whole(FULL, FULL));
    g_assert_true(verdict_is_whole(FULL - FULL / 200, FULL));
    g_assert_false(verdict_is_whole(FULL - FULL / 200 - 1, FULL));
    g_assert_true(verdict_is_whole(48000 - 960, 48000));
    g_assert_false(verdict_is_whole(48000 - 961, 48000));
    g_assert_false(verdict_is_whole(0, 0));
    g_assert_false(verdict_is_whole(0, 900));
}

static void current_while_it_sounded_raises_the_grade(void)
{
    Account account = {GOOD, .least_ma = 700, .most_ma = 900, .current_min_ma = 300};
    g_assert_cmpint(verdict_of(&account).grade, ==, 3);
    account.current_min_ma = 0; /* nobody said how much it draws */
    g_assert_cmpint(verdict_of(&account).grade, ==, 2);
    account.current_min_ma = 300;
    account.least_ma = account.most_ma = INT64_MIN;
    g_assert_cmpint(verdict_of(&account).grade, ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strconcat("/verdict/", rows[i].name, NULL);
        g_test_add_data_func(path, &rows[i], says_what_the_evidence_says);
    }
    g_test_add_func("/verdict/half a percent", a_missing_half_percent_is_still_whole);
    g_test_add_func("/verdict/current", current_while_it_sounded_raises_the_grade);
    return g_test_run();
}
