/* How far a clock is believed. */
#include "clock/boot_id.h"
#include "clock/trust.h"

#include <glib/gstdio.h>

#define DAY   (INT64_C(86400) * G_USEC_PER_SEC)
#define TODAY INT64_C(1795305600000000) /* 2026-11-22 */

typedef struct Row {
    const char *name;
    TrustFacts facts;
    TrustLevel level;
    bool plausible;
} Row;

#define SYNCED                                                                                     \
    {                                                                                              \
        .synchronised = true, .error_us = 4200                                                     \
    }

static const Row rows[] = {
    {"ntp, first boot", {TRUST_SOURCE_NTP, SYNCED, TODAY, 0}, TRUST_SYNCED, true},
    {"ntp, not steered", {TRUST_SOURCE_NTP, {0}, TODAY, TODAY - DAY}, TRUST_FLOOR, true},
    {"ntp, never known", {TRUST_SOURCE_NTP, {0}, TODAY, 0}, TRUST_UNKNOWN, true},
    {"before the software was made", {TRUST_SOURCE_NTP, SYNCED, DAY, 0}, TRUST_UNKNOWN, false},
    {"before the floor", {TRUST_SOURCE_NTP, SYNCED, TODAY, TODAY + 1}, TRUST_FLOOR, false},
    {"60 days on", {TRUST_SOURCE_NTP, SYNCED, TODAY, TODAY - 60 * DAY}, TRUST_SYNCED, true},
    {"61 days on", {TRUST_SOURCE_NTP, SYNCED, TODAY, TODAY - 61 * DAY}, TRUST_FLOOR, false},
    {"host keeps it", {TRUST_SOURCE_HOST, {0}, TODAY, TODAY - DAY}, TRUST_SYNCED, true},
    {"host, before the floor", {TRUST_SOURCE_HOST, {0}, TODAY, TODAY + 1}, TRUST_FLOOR, false},
    {"rtc agrees",
     {TRUST_SOURCE_RTC, {.rtc_us = TODAY + 1000000}, TODAY, TODAY - DAY},
     TRUST_SYNCED,
     true},
    {"rtc is elsewhere",
     {TRUST_SOURCE_RTC, {.rtc_us = TODAY + DAY}, TODAY, TODAY - DAY},
     TRUST_FLOOR,
     true},
    {"rtc is not there", {TRUST_SOURCE_RTC, {0}, TODAY, TODAY - DAY}, TRUST_FLOOR, true},
};

static void judges(gconstpointer data)
{
    const Row *row = data;
    Judgement judgement = trust_judge(&row->facts);
    g_assert_cmpint(judgement.level, ==, row->level);
    g_assert_cmpint(judgement.plausible, ==, row->plausible);
}

static void a_steered_clock_says_its_error(void)
{
    Judgement judgement = trust_judge(&rows[0].facts);
    g_assert_cmpint(judgement.error_ms, ==, 5);
}

static void steered(TrustProbe *ret_probe, void *user)
{
    (void)user;
    *ret_probe = (TrustProbe)SYNCED;
}

static void the_floor_outlives_the_process_and_only_rises_on_trust(void)
{
    FakeClock clock;
    fake_clock_init(&clock, TODAY);
    g_autofree char *dir = g_dir_make_tmp("loa-trust-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "floor", NULL);
    Trust *first = trust_new(path, TRUST_SOURCE_NTP, &clock.clock, steered, NULL);
    g_assert_true(trust_save_floor(first, NULL));
    trust_free(first);

    fake_clock_init(&clock, TODAY - DAY);
    g_autoptr(Trust) second = trust_new(path, TRUST_SOURCE_NTP, &clock.clock, steered, NULL);
    g_assert_cmpint(trust_now(second).level, ==, TRUST_FLOOR);
    g_assert_true(trust_save_floor(second, NULL)); /* says nothing of a clock nobody trusts */
    fake_clock_init(&clock, TODAY + 1);
    g_assert_cmpint(trust_now(second).level, ==, TRUST_SYNCED);
    g_remove(path);
    g_rmdir(dir);
}

static void the_boot_id_is_bare_digits(void)
{
    g_autofree char *id = boot_id_read(NULL, NULL);
    g_assert_nonnull(id);
    g_assert_cmpuint(strlen(id), ==, BOOT_ID_HEX);
    g_assert_null(strchr(id, '-'));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strconcat("/trust/", rows[i].name, NULL);
        g_test_add_data_func(path, &rows[i], judges);
    }
    g_test_add_func("/trust/error", a_steered_clock_says_its_error);
    g_test_add_func("/trust/floor", the_floor_outlives_the_process_and_only_rises_on_trust);
    g_test_add_func("/trust/boot id", the_boot_id_is_bare_digits);
    return g_test_run();
}
