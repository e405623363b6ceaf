/* How far a clock is believed. */
#include "clock/boot_id.h"
#include "clock/trust.h"

#include <glib/gstdio.h>

#define SECOND INT64_C(1000000)
#define DAY    (86400 * SECOND)
#define TODAY  INT64_C(1795305600000000) /* 2026-11-22 */

typedef struct Row {
    const char *name;
    TrustFacts facts;
    TrustLevel level;
    bool plausible, by_signed, contradicted;
} Row;

#define SYNCED                                                                                     \
    {                                                                                              \
        .synchronised = true, .error_us = 4200                                                     \
    }
#define NTP(...)          .facts = {.source = TRUST_SOURCE_NTP, .probe = SYNCED, __VA_ARGS__}
#define IDLE(...)         .facts = {.source = TRUST_SOURCE_NTP, __VA_ARGS__} /* nobody steers it */
#define HOST(...)         .facts = {.source = TRUST_SOURCE_HOST, __VA_ARGS__}
#define RTC(at, ...)      .facts = {.source = TRUST_SOURCE_RTC, .probe = {.rtc_us = (at)}, __VA_ARGS__}
#define NOW(at)           .now_us = (at)
#define FLOOR(at)         .floor_us = (at)
#define SAID(at)          .signed_by = {.utc_us = (at), .error_us = SECOND}
#define SAID_AGO(at, age) .signed_by = {.utc_us = (at), .error_us = (age) / 10000, .age_us = (age)}

static const Row rows[] = {
    {"ntp, first boot", NTP(NOW(TODAY)), TRUST_SYNCED, .plausible = true},
    {"ntp, not steered", IDLE(NOW(TODAY), FLOOR(TODAY - DAY)), TRUST_FLOOR, .plausible = true},
    {"ntp, never known", IDLE(NOW(TODAY)), TRUST_UNKNOWN, .plausible = true},
    {"before the software was made", NTP(NOW(DAY)), TRUST_UNKNOWN},
    {"before the floor", NTP(NOW(TODAY), FLOOR(TODAY + 1)), TRUST_FLOOR},
    {"60 days on", NTP(NOW(TODAY), FLOOR(TODAY - 60 * DAY)), TRUST_SYNCED, .plausible = true},
    {"61 days on", NTP(NOW(TODAY), FLOOR(TODAY - 61 * DAY)), TRUST_FLOOR},
    {"host keeps it", HOST(NOW(TODAY), FLOOR(TODAY - DAY)), TRUST_SYNCED, .plausible = true},
    {"host, before the floor", HOST(NOW(TODAY), FLOOR(TODAY + 1)), TRUST_FLOOR},
    {"rtc agrees", RTC(TODAY + SECOND, NOW(TODAY), FLOOR(TODAY - DAY)), TRUST_SYNCED,
     .plausible = true},
    {"rtc is elsewhere", RTC(TODAY + DAY, NOW(TODAY), FLOOR(TODAY - DAY)), TRUST_FLOOR,
     .plausible = true},
    {"rtc is not there", RTC(0, NOW(TODAY), FLOOR(TODAY - DAY)), TRUST_FLOOR, .plausible = true},

    {"signed, no clock at all", IDLE(NOW(DAY), SAID(TODAY)), TRUST_SIGNED, .plausible = true,
     .by_signed = true},
    {"signed, a year in the cupboard", IDLE(NOW(DAY), FLOOR(TODAY - 365 * DAY), SAID(TODAY)),
     TRUST_SIGNED, .plausible = true, .by_signed = true},
    {"signed, ntp before the floor", NTP(NOW(TODAY - DAY), FLOOR(TODAY - 1), SAID(TODAY)),
     TRUST_SIGNED, .plausible = true, .by_signed = true},
    {"signed, ntp agrees", NTP(NOW(TODAY), SAID(TODAY + 61 * SECOND)), TRUST_SIGNED,
     .plausible = true},
    {"signed, ntp 62 s off", NTP(NOW(TODAY), SAID(TODAY + 62 * SECOND)), TRUST_FLOOR,
     .plausible = true, .contradicted = true},
    {"signed, ntp lies by a day", NTP(NOW(TODAY + DAY), FLOOR(TODAY - DAY), SAID(TODAY)),
     TRUST_FLOOR, .plausible = true, .contradicted = true},
    {"signed, rtc lies by a day",
     RTC(TODAY - DAY, NOW(TODAY - DAY), FLOOR(TODAY - 2 * DAY), SAID(TODAY)), TRUST_FLOOR,
     .plausible = true, .contradicted = true},
    {"signed below the floor", IDLE(NOW(DAY), FLOOR(TODAY + 62 * SECOND), SAID(TODAY)), TRUST_FLOOR,
     .contradicted = true},
    {"signed just below the floor", IDLE(NOW(DAY), FLOOR(TODAY + 61 * SECOND), SAID(TODAY)),
     TRUST_SIGNED, .plausible = true, .by_signed = true},
    {"signed before the software was made", IDLE(NOW(TODAY), SAID(DAY)), TRUST_FLOOR,
     .plausible = true, .contradicted = true},
    {"signed two days ago", IDLE(NOW(DAY), SAID_AGO(TODAY, 2 * DAY)), TRUST_SYNCED,
     .plausible = true, .by_signed = true},
    {"signed a month ago, ntp agrees", NTP(NOW(TODAY), SAID_AGO(TODAY, 35 * DAY)), TRUST_SYNCED,
     .plausible = true},
};

static void judges(gconstpointer data)
{
    const Row *row = data;
    Judgement judgement = trust_judge(&row->facts);
    g_assert_cmpint(judgement.level, ==, row->level);
    g_assert_cmpint(judgement.plausible, ==, row->plausible);
    g_assert_cmpint(judgement.by_signed, ==, row->by_signed);
    g_assert_cmpint(judgement.contradicted, ==, row->contradicted);
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

static void unsteered(TrustProbe *ret_probe, void *user)
{
    *ret_probe = user ? *(TrustProbe *)user : (TrustProbe){0};
}

static void a_board_without_a_clock_lives_by_signed_time(void)
{
    FakeClock machine;
    StationClock clock;
    TrustProbe probe = {0};
    fake_clock_init(&machine, DAY);
    machine.boottime = 5 * SECOND;
    station_clock_init(&clock, &machine.clock);
    g_autofree char *dir = g_dir_make_tmp("loa-trust-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "floor", NULL);
    g_autoptr(Trust) trust = trust_new(path, TRUST_SOURCE_NTP, &machine.clock, unsteered, &probe);
    trust_steer(trust, &clock);
    g_assert_cmpint(trust_now(trust).level, ==, TRUST_UNKNOWN);

    trust_take_signed(trust, TODAY, 5 * SECOND, 20000);
    g_assert_cmpint(trust_now(trust).level, ==, TRUST_SIGNED);
    g_assert_cmpint(clock_wall_us(&clock.clock), ==, TODAY);
    fake_clock_advance(&machine, 35 * DAY);
    Judgement month = trust_now(trust); /* without a word from anybody */
    g_assert_cmpint(month.level, ==, TRUST_SYNCED);
    g_assert_cmpint(month.error_ms, ==, 20 + 35 * 8640);
    machine.wall += 7 * DAY; /* somebody sets the machine's clock: nobody here looks at it */
    g_assert_cmpint(clock_wall_us(&clock.clock), ==, TODAY + 35 * DAY);
    g_assert_true(trust_save_floor(trust, NULL));

    machine.wall = TODAY + 35 * DAY + SECOND; /* NTP comes back, and agrees */
    probe = (TrustProbe)SYNCED;
    fake_clock_advance(&machine, SECOND);
    g_assert_cmpint(trust_now(trust).by_signed, ==, false);
    g_assert_cmpint(clock_wall_us(&clock.clock), ==, TODAY + 35 * DAY + 2 * SECOND);
    g_remove(path);
    g_rmdir(dir);
}

static void a_slower_answer_that_says_the_same_moves_nothing(void)
{
    FakeClock machine;
    StationClock clock;
    fake_clock_init(&machine, DAY);
    machine.boottime = 5 * SECOND;
    station_clock_init(&clock, &machine.clock);
    g_autoptr(Trust) trust =
        trust_new("/nonexistent/floor", TRUST_SOURCE_NTP, &machine.clock, unsteered, NULL);
    trust_steer(trust, &clock);
    trust_take_signed(trust, TODAY, 5 * SECOND, 20000);
    trust_take_signed(trust, TODAY + 150000, 5 * SECOND, 200000);
    g_assert_cmpint(trust_now(trust).level, ==, TRUST_SIGNED);
    g_assert_cmpint(clock_wall_us(&clock.clock), ==, TODAY);
    trust_take_signed(trust, TODAY + 500000, 5 * SECOND, 200000); /* it cannot be the same */
    g_assert_cmpint(trust_now(trust).level, ==, TRUST_SIGNED);
    g_assert_cmpint(clock_wall_us(&clock.clock), ==, TODAY + 500000);
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
    g_test_add_func("/trust/no clock", a_board_without_a_clock_lives_by_signed_time);
    g_test_add_func("/trust/slower answer", a_slower_answer_that_says_the_same_moves_nothing);
    g_test_add_func("/trust/boot id", the_boot_id_is_bare_digits);
    return g_test_run();
}
