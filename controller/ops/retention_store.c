/* Papers are walked in the order of their commit from where the last run stopped, so a night costs
 * what came in on one day two years ago, however long the log is. An empty body says: pruned. The
 * newest plan of a station is in force and keeps its body.
 *
 * Sound is out of use when no version that could still be played has it: versions that were
 * replaced, rejected, withdrawn, or whose validity has ended. */
#include "ops/retention_store.h"

#include <string.h>

#include "access/setting_store.h"

typedef struct Walk {
    const char *cursor; /* name of the setting: the last row that was looked at */
    const char *find;   /* rows behind $1 older than $2, at most $3: the last number, how many */
    const char *prune;  /* of rows behind $1 up to $2 */
} Walk;

/* Receipts come in the order of their numbers, but clocks are set: the first young one ends it. */
static const Walk walks[] = {
    [RETENTION_RECEIPTS] = {"retention.receipts",
                            "SELECT max(seq), count(*) FROM (SELECT seq, received_us FROM receipts "
                            "WHERE seq > $1 ORDER BY seq LIMIT $3) AS page WHERE received_us < $2",
                            "UPDATE receipts SET envelope = '' WHERE seq > $1 AND seq <= $2 "
                            "AND received_us < $3 AND envelope <> ''"},
    [RETENTION_QUARANTINED] = {"retention.quarantine",
                               "SELECT max(seq), count(*) FROM (SELECT seq, received_us FROM "
                               "quarantine WHERE seq > $1 ORDER BY seq LIMIT $3) AS page "
                               "WHERE received_us < $2",
                               "UPDATE quarantine SET envelope = '' WHERE seq > $1 AND seq <= $2 "
                               "AND received_us < $3 AND envelope <> ''"},
    [RETENTION_PLANS] =
        {"retention.plans",
         "SELECT max(seq), count(*) FROM (SELECT seq, issued_us FROM plans "
         "WHERE seq > $1 ORDER BY seq LIMIT $3) AS page WHERE issued_us < $2",
         "UPDATE plans SET envelope = x'', settled = 1 WHERE seq > $1 AND seq <= $2 "
         "AND issued_us < $3 AND length(envelope) > 0 AND EXISTS (SELECT 1 FROM "
         "plans l WHERE l.station = plans.station "
         "AND (l.epoch, l.version) > (plans.epoch, plans.version))"},
};

static bool read_cursor(const RetentionRun *run, const Walk *walk, int64_t *ret_cursor,
                        GError **error)
{
    g_autoptr(GError) failed = NULL;
    g_autofree char *text = setting_store_get(run->database, walk->cursor, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    *ret_cursor = text ? g_ascii_strtoll(text, NULL, 10) : 0;
    return true;
}

static bool write_cursor(const RetentionRun *run, const Walk *walk, int64_t cursor, GError **error)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, cursor);
    return setting_store_set(run->database, walk->cursor, text, error);
}

static bool find_page(const RetentionRun *run, const Walk *walk, int64_t cursor, int64_t before_us,
                      int64_t *ret_last, int *ret_rows, GError **error)
{
    g_autoptr(Query) query = database_query(run->database, walk->find);
    query_int(query, cursor);
    query_int(query, before_us);
    query_int(query, RETENTION_ROWS);
    if (query_next(query, error) < 0)
        return false;
    *ret_last = row_int(query, 0);
    *ret_rows = (int)row_int(query, 1);
    return true;
}

static bool prune_page(RetentionRun *run, const Walk *walk, int64_t cursor, int64_t last,
                       int64_t before_us, GError **error)
{
    g_autoptr(Query) query = database_query(run->database, walk->prune);
    query_int(query, cursor);
    query_int(query, last);
    query_int(query, before_us);
    if (!query_run(query, error))
        return false;
    run->removed[run->kind] += query_changes(query);
    return true;
}

static int step_papers(RetentionRun *run, GError **error)
{
    const Walk *walk = &walks[run->kind];
    int64_t before_us = run->kind == RETENTION_PLANS ? run->plans_before_us : run->papers_before_us;
    int64_t cursor, last;
    int rows;
    if (before_us <= 0)
        return 0;
    if (!read_cursor(run, walk, &cursor, error) ||
        !find_page(run, walk, cursor, before_us, &last, &rows, error))
        return -1;
    if (rows == 0)
        return 0;
    if (!prune_page(run, walk, cursor, last, before_us, error) ||
        !write_cursor(run, walk, last, error))
        return -1;
    return rows;
}

/* --- sound ----------------------------------------------------------------------------------- */

#define IN_USE(v, b)                                                                               \
    "((" v ".id = " b ".newest OR " v ".id = " b ".approved) "                                     \
    "AND " v ".state NOT IN ('rejected', 'withdrawn') "                                            \
    "AND (" v ".valid_until_us = 0 OR " v ".valid_until_us >= $1))"

typedef struct OldSound {
    char *version, *sha256, *original;
} OldSound;

static void old_sound_clear(void *data)
{
    OldSound *self = data;
    g_free(self->version);
    g_free(self->sha256);
    g_free(self->original);
}

static GArray *find_sound(const RetentionRun *run, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(OldSound));
    g_array_set_clear_func(found, old_sound_clear);
    g_autoptr(Query) query = database_query(
        run->database,
        "SELECT v.id, v.sha256, v.original_sha256 FROM bulletin_versions v "
        "JOIN bulletins b ON b.id = v.bulletin WHERE v.audio = 'ready' AND v.updated_us < $1 "
        "AND NOT " IN_USE(
            "v",
            "b") " AND b.id NOT IN "
                 "(SELECT lead_in_tune FROM areas WHERE lead_in_tune IS NOT NULL) AND b.id NOT IN "
                 "(SELECT bulletin FROM alert_clips WHERE deleted_us = 0) LIMIT $2");
    query_int(query, run->media_before_us);
    query_int(query, RETENTION_ROWS / 10);
    int more;
    while ((more = query_next(query, error)) > 0) {
        OldSound sound = {g_strdup(row_text(query, 0)), g_strdup(row_text(query, 1)),
                          g_strdup(row_text(query, 2))};
        g_array_append_val(found, sound);
    }
    return more == 0 ? g_steal_pointer(&found) : NULL;
}

/* The same bytes may be the sound of a version that is in use, or too young to be judged. */
static bool is_needed(const RetentionRun *run, const char *sha256, bool *ret_needed, GError **error)
{
    g_autoptr(Query) query = database_query(
        run->database,
        "SELECT EXISTS (SELECT 1 FROM bulletin_versions v JOIN bulletins b "
        "ON b.id = v.bulletin WHERE (v.sha256 = $2 OR v.original_sha256 = $2) "
        "AND v.audio IN ('ready', 'working') AND (v.updated_us >= $1 OR " IN_USE("v", "b") "))");
    query_int(query, run->media_before_us);
    query_text(query, sha256);
    if (query_next(query, error) < 0)
        return false;
    *ret_needed = row_bool(query, 0);
    return true;
}

static bool drop_file(RetentionRun *run, const char *sha256, GError **error)
{
    bool needed = false;
    int64_t bytes = 0;
    if (!sha256)
        return true;
    if (!is_needed(run, sha256, &needed, error))
        return false;
    if (needed)
        return true;
    if (!media_store_remove(run->media, sha256, &bytes, error))
        return false;
    run->removed[RETENTION_MEDIA] += bytes > 0;
    run->bytes += bytes;
    return true;
}

/* Hash, length and loudness stay; that it has gone is said where people look for the sound. */
static bool mark_gone(const RetentionRun *run, const char *version, GError **error)
{
    g_autoptr(Query) query = database_query(
        run->database, "UPDATE bulletin_versions SET audio = 'failed', audio_error_vi = $2, "
                       "audio_error_en = $3 WHERE id = $1");
    query_text(query, version);
    query_text(query,
               "Bản ghi đã được xóa theo thời hạn lưu trữ. Hãy ghi âm lại hoặc gửi lại tệp.");
    query_text(query, "The sound was removed when its time of keeping ended. Record or upload it "
                      "again.");
    return query_run(query, error);
}

static int step_media(RetentionRun *run, GError **error)
{
    if (run->media_before_us <= 0)
        return 0;
    g_autoptr(GArray) found = find_sound(run, error);
    for (unsigned i = 0; found && i < found->len; i++) {
        const OldSound *sound = &g_array_index(found, OldSound, i);
        if (!drop_file(run, sound->sha256, error) || !drop_file(run, sound->original, error) ||
            !mark_gone(run, sound->version, error))
            return -1;
    }
    return found ? (int)found->len : -1;
}

int retention_store_step(RetentionRun *run, GError **error)
{
    return run->kind == RETENTION_MEDIA ? step_media(run, error) : step_papers(run, error);
}
