/* What is old goes in small steps, what is needed stays, and a trace tells what has gone. */
#include "ops/retention.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "content/disk_reserve.h"
#include "digest.h"

#define DAY  (INT64_C(24) * 3600 * G_USEC_PER_SEC)
#define NOW  (INT64_C(1795300000) * G_USEC_PER_SEC)
#define OLD  (NOW - 900 * DAY)
#define LATE (NOW - 740 * DAY) /* receipts of then are old, plans of then are not yet */

typedef struct Room {
    char *directory;
    RetentionParts parts;
} Room;

static void room_init(Room *room)
{
    g_autoptr(GError) error = NULL;
    room->directory = g_dir_make_tmp("loa-retention-XXXXXX", NULL);
    room->parts = (RetentionParts){.database = database_open(":memory:", &error),
                                   .media = media_store_new(room->directory, &error),
                                   .data_dir = "/nowhere", /* nobody can tell how full it is */
                                   .rules = {.papers_months = 24, .media_days = 90}};
    g_assert_no_error(error);
}

static void room_clear(Room *room)
{
    g_autofree char *command = g_strdup_printf("rm -rf %s", room->directory);
    database_close(room->parts.database);
    media_store_free(room->parts.media);
    g_assert_cmpint(system(command), ==, 0);
    g_free(room->directory);
}

static void say(const Room *room, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void say(const Room *room, const char *format, ...)
{
    va_list values;
    g_autoptr(GError) error = NULL;
    va_start(values, format);
    g_autofree char *sql = g_strdup_vprintf(format, values);
    va_end(values);
    if (!database_script(room->parts.database, sql, &error))
        g_error("%s: %s", sql, error->message);
}

static char *ask(const Room *room, const char *sql)
{
    g_autoptr(Query) query = database_query(room->parts.database, sql);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return g_strdup(row_text(query, 0));
}

static void run(const Room *room)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(retention_run(&room->parts, NOW, &error));
    g_assert_no_error(error);
}

static void add_receipt(const Room *room, unsigned counter, int64_t at_us)
{
    say(room,
        "INSERT INTO receipts (received_us, station, keyid, counter, airing, planned_us, outcome, "
        "reason, sha256, envelope) VALUES (%" G_GINT64_FORMAT
        ", 's', 'k', %u, 'a', 0, 'played', '', 'hash%u', '{}')",
        at_us, counter, counter);
}

static void add_plan(const Room *room, unsigned version, int64_t at_us)
{
    say(room,
        "INSERT INTO plans (station, epoch, version, issued_us, fingerprint, envelope, sha256, "
        "fetched_us) VALUES ('s', 1, %u, %" G_GINT64_FORMAT ", 'f', x'01', 'plan%u', 1)",
        version, at_us, version);
}

static void test_bodies_go_and_hashes_stay(void)
{
    Room room;
    room_init(&room);
    for (unsigned i = 1; i <= 600; i++) /* more than two steps */
        add_receipt(&room, i, OLD);
    add_receipt(&room, 601, LATE);
    add_receipt(&room, 602, NOW);
    add_plan(&room, 1, OLD);
    add_plan(&room, 2, LATE);
    add_plan(&room, 3, OLD); /* in force, however old */

    run(&room);

    g_autofree char *receipts = ask(&room, "SELECT count(*) || ' ' || sum(envelope = '') || ' ' || "
                                           "count(DISTINCT sha256) FROM receipts");
    g_autofree char *plans = ask(&room, "SELECT group_concat(version || ':' || length(envelope) || "
                                        "':' || sha256, ' ') FROM plans");
    g_autofree char *trace =
        ask(&room, "SELECT detail FROM actions WHERE verb = 'retention.prune'");
    g_assert_cmpstr(receipts, ==, "602 601 602");
    g_assert_cmpstr(plans, ==, "1:0:plan1 2:1:plan2 3:1:plan3");
    g_assert_nonnull(strstr(trace, "\"receipts\":601"));
    g_assert_nonnull(strstr(trace, "\"plans\":1"));
    room_clear(&room);
}

static void test_a_run_that_finds_nothing_leaves_no_line(void)
{
    Room room;
    room_init(&room);
    add_receipt(&room, 1, OLD);
    run(&room);
    run(&room);
    g_autofree char *lines = ask(&room, "SELECT count(*) || '' FROM actions");
    g_assert_cmpstr(lines, ==, "1");
    room_clear(&room);
}

static void test_for_good_means_for_good(void)
{
    Room room;
    room_init(&room);
    room.parts.rules = (RetentionRules){0};
    add_receipt(&room, 1, OLD);
    run(&room);
    g_autofree char *left = ask(&room, "SELECT envelope FROM receipts");
    g_assert_cmpstr(left, ==, "{}");
    room_clear(&room);
}

static void test_what_a_crashed_run_removed_is_told_by_the_next(void)
{
    Room room;
    room_init(&room);
    say(&room, "INSERT INTO settings (name, value) VALUES ('retention.open', "
               "'{\"receipts\":40,\"bytes\":7}')");
    add_receipt(&room, 1, OLD);
    run(&room);
    g_autofree char *trace = ask(&room, "SELECT detail FROM actions");
    g_assert_nonnull(strstr(trace, "\"receipts\":41"));
    g_assert_nonnull(strstr(trace, "\"bytes\":7"));
    room_clear(&room);
}

/* --- sound ----------------------------------------------------------------------------------- */

static char *add_file(const Room *room, const char *content)
{
    char *sha256 = NULL;
    g_autofree char *path = media_store_temporary(room->parts.media, NULL);
    g_assert_true(g_file_set_contents(path, content, -1, NULL));
    g_assert_true(media_store_take(room->parts.media, path, NULL, &sha256, NULL, NULL));
    return sha256;
}

/* `valid_until` 0 = no end. */
static void add_version(const Room *room, const char *id, const char *bulletin, const char *state,
                        int64_t valid_until_us, const char *sha256)
{
    static unsigned number = 0;
    say(room,
        "INSERT INTO bulletin_versions (id, bulletin, number, title, language, valid_until_us, "
        "author, author_name, state, audio, sha256, created_us, updated_us) VALUES ('%s', '%s', "
        "%u, 't', 'vi', %" G_GINT64_FORMAT ", 'u', 'n', '%s', 'ready', '%s', 0, %" G_GINT64_FORMAT
        ")",
        id, bulletin, ++number, valid_until_us, state, sha256, OLD);
}

static void add_bulletin(const Room *room, const char *id, const char *newest, const char *approved)
{
    say(room, "INSERT INTO bulletins VALUES ('%s', 'p', '%s', %s, 0)", id, newest, approved);
}

static bool stands(const Room *room, const char *sha256)
{
    g_autofree char *path = media_store_path(room->parts.media, sha256);
    return path != NULL;
}

static void test_sound_goes_when_nothing_can_play_it(void)
{
    Room room;
    room_init(&room);
    g_autofree char *in_use = add_file(&room, "in use"), *replaced = add_file(&room, "replaced");
    g_autofree char *rejected = add_file(&room, "rejected"), *ended = add_file(&room, "ended");
    g_autofree char *young = add_file(&room, "young"), *held = add_file(&room, "held");
    say(&room, "PRAGMA foreign_keys = OFF");
    add_bulletin(&room, "b1", "v2", "'v2'");
    add_version(&room, "v1", "b1", "approved", 0, replaced);
    add_version(&room, "v2", "b1", "approved", 0, in_use);
    add_bulletin(&room, "b2", "v3", "NULL");
    add_version(&room, "v3", "b2", "rejected", 0, rejected);
    add_bulletin(&room, "b3", "v4", "'v4'");
    add_version(&room, "v4", "b3", "approved", OLD + DAY, ended);
    add_bulletin(&room, "b4", "v5", "NULL");
    add_version(&room, "v5", "b4", "withdrawn", 0, in_use); /* the same bytes as v2 */
    add_bulletin(&room, "b5", "v6", "NULL");
    add_version(&room, "v6", "b5", "withdrawn", 0, young);
    say(&room, "UPDATE bulletin_versions SET updated_us = %" G_GINT64_FORMAT " WHERE id = 'v6'",
        NOW - DAY);

    add_bulletin(&room, "b6", "v7", "'v7'"); /* for an emergency, whatever its dates say */
    add_version(&room, "v7", "b6", "approved", OLD + DAY, held);
    say(&room, "INSERT INTO alert_clips (id, area, bulletin, title, severity, created_by, "
               "created_us) VALUES ('c', 'p', 'b6', 't', 5, 'u', 0)");

    run(&room);

    g_assert_true(stands(&room, held));
    g_assert_true(stands(&room, in_use));
    g_assert_true(stands(&room, young));
    g_assert_false(stands(&room, replaced));
    g_assert_false(stands(&room, rejected));
    g_assert_false(stands(&room, ended));
    g_autofree char *audio = ask(&room, "SELECT group_concat(id || ':' || audio, ' ') FROM "
                                        "(SELECT id, audio FROM bulletin_versions ORDER BY id)");
    g_autofree char *hashes = ask(&room, "SELECT count(sha256) || '' FROM bulletin_versions");
    g_autofree char *trace = ask(&room, "SELECT detail FROM actions");
    g_assert_cmpstr(audio, ==,
                    "v1:failed v2:ready v3:failed v4:failed v5:failed v6:ready v7:ready");
    g_assert_cmpstr(hashes, ==, "7");
    g_assert_nonnull(strstr(trace, "\"media\":3"));
    room_clear(&room);
}

static void test_the_last_part_of_the_disk_is_the_ledgers(void)
{
    const uint64_t mib = UINT64_C(1) << 20, gib = mib << 10;
    g_assert_true(disk_reserve_judge(100 * mib, 160 * mib, 90 * mib));
    g_assert_false(disk_reserve_judge(100 * mib, 160 * mib, 91 * mib));
    g_assert_false(disk_reserve_judge(10 * mib, 160 * mib, 11 * mib));
    g_assert_true(disk_reserve_judge(2 * gib, 1000 * gib, gib));
    g_assert_false(disk_reserve_judge(2 * gib, 1000 * gib, gib + 1));
    g_assert_true(disk_reserve_allows("/nowhere", 1));
    g_assert_false(disk_reserve_is_low("/nowhere"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/retention/papers", test_bodies_go_and_hashes_stay);
    g_test_add_func("/retention/nothing", test_a_run_that_finds_nothing_leaves_no_line);
    g_test_add_func("/retention/for_good", test_for_good_means_for_good);
    g_test_add_func("/retention/crash", test_what_a_crashed_run_removed_is_told_by_the_next);
    g_test_add_func("/retention/sound", test_sound_goes_when_nothing_can_play_it);
    g_test_add_func("/retention/disk", test_the_last_part_of_the_disk_is_the_ledgers);
    return g_test_run();
}
