/* SQL of bulletins. A version's words never change: a change writes the next version and points the
 * bulletin at it. `newest` is what people work on, `approved` what stations may play; withdrawing
 * takes both back. */
#include "content/bulletin_store.h"

#include "content/fallback_store.h"

#include <string.h>

#define COLUMNS                                                                                    \
    "b.id, v.id, b.area, v.title, v.language, v.state, v.audio, v.sha256, v.bytes, v.frames, "     \
    "v.valid_from_us, v.valid_until_us, v.author, v.author_name, v.approver, v.approver_name, "    \
    "v.reject_reason, v.audio_error_vi, v.audio_error_en, v.upload, v.original_name, "             \
    "v.original_sha256, v.loudness_mlufs, v.peak_mdbtp, v.created_us, v.updated_us, v.text, "      \
    "v.number, v.source, b.created_us"

static const char *const state_words[] = {"draft", "submitted", "approved", "rejected",
                                          "withdrawn"};
static const char *const audio_words[] = {"none", "working", "ready", "failed"};

const char *bulletin_state_word(BulletinState state)
{
    return state_words[state];
}

const char *bulletin_audio_word(BulletinAudio audio)
{
    return audio_words[audio];
}

bool bulletin_state_from_word(const char *word, BulletinState *ret_state)
{
    for (size_t i = 0; i < G_N_ELEMENTS(state_words); i++) {
        if (g_strcmp0(word, state_words[i]) != 0)
            continue;
        *ret_state = (BulletinState)i;
        return true;
    }
    return false;
}

static BulletinAudio audio_from_word(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(audio_words); i++)
        if (g_strcmp0(word, audio_words[i]) == 0)
            return (BulletinAudio)i;
    return BULLETIN_AUDIO_NONE;
}

void bulletin_free(Bulletin *bulletin)
{
    if (bulletin == NULL)
        return;
    char *texts[] = {
        bulletin->id,
        bulletin->version,
        bulletin->area,
        bulletin->title,
        bulletin->language,
        bulletin->sha256,
        bulletin->author,
        bulletin->author_name,
        bulletin->approver_name,
        bulletin->approver,
        bulletin->reject_reason,
        bulletin->audio_error_vi,
        bulletin->audio_error_en,
        bulletin->upload,
        bulletin->original_name,
        bulletin->original_sha256,
        bulletin->text,
        bulletin->source,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_clear_pointer(&bulletin->fallback, g_ptr_array_unref);
    g_free(bulletin);
}

static Bulletin *read_row(Query *row)
{
    Bulletin *self = g_new0(Bulletin, 1);
    char **texts[] = {
        &self->id, &self->version, &self->area, &self->title, &self->language,
    };
    int column = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup(row_text(row, column++));
    (void)bulletin_state_from_word(row_text(row, column++), &self->state);
    self->audio = audio_from_word(row_text(row, column++));
    self->sha256 = g_strdup(row_text(row, column++));
    self->bytes = row_int(row, column++);
    self->frames = row_int(row, column++);
    self->duration_ms = self->frames / 48;
    self->valid_from_us = row_int(row, column++);
    self->valid_until_us = row_int(row, column++);
    char **more[] = {
        &self->author,        &self->author_name,     &self->approver,       &self->approver_name,
        &self->reject_reason, &self->audio_error_vi,  &self->audio_error_en, &self->upload,
        &self->original_name, &self->original_sha256,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(more); i++)
        *more[i] = g_strdup(row_text(row, column++));
    self->loudness_mlufs = row_int(row, column++);
    self->peak_mdbtp = row_int(row, column++);
    self->created_us = row_int(row, column++);
    self->updated_us = row_int(row, column++);
    self->text = g_strdup(row_text(row, column++));
    self->number = row_int(row, column++);
    self->source = g_strdup(row_text(row, column++));
    self->made_us = row_int(row, column++);
    return self;
}

static Bulletin *get_one(Query *query, const char *id, GError **error)
{
    query_text(query, id);
    return query_next(query, error) == 1 ? read_row(query) : NULL;
}

Bulletin *bulletin_store_get(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM bulletins b JOIN bulletin_versions v "
                                 "ON v.id = COALESCE(b.approved, b.newest) WHERE b.id = $1");
    return get_one(query, id, error);
}

Bulletin *bulletin_store_newest(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM bulletins b JOIN bulletin_versions v "
                                 "ON v.id = b.newest WHERE b.id = $1");
    return get_one(query, id, error);
}

Bulletin *bulletin_store_version(Database *database, const char *version, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM bulletins b JOIN bulletin_versions v "
                                 "ON v.bulletin = b.id WHERE v.id = $1");
    return get_one(query, version, error);
}

GPtrArray *bulletin_store_versions(Database *database, const char *id, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)bulletin_free);
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM bulletins b JOIN bulletin_versions v "
                                 "ON v.bulletin = b.id WHERE b.id = $1 ORDER BY v.number DESC");
    query_text(query, id);
    int step = 0;
    while ((step = query_next(query, error)) == 1)
        g_ptr_array_add(list, read_row(query));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

GPtrArray *bulletin_store_page(Database *database, const ShelfQuery *query, int64_t *ret_next,
                               GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)bulletin_free);
    g_auto(ShelfPage) page = {0};
    if (!shelf_store_page(database, SHELF_BULLETINS, query, &page, error))
        return NULL;
    for (unsigned i = 0; i < page.ids->len; i++) {
        Bulletin *bulletin = bulletin_store_newest(database, g_ptr_array_index(page.ids, i), error);
        if (bulletin == NULL)
            return NULL;
        bulletin->created_us = bulletin->made_us;
        g_ptr_array_add(list, bulletin);
    }
    if (ret_next != NULL)
        *ret_next = page.next;
    return g_steal_pointer(&list);
}

GPtrArray *bulletin_store_sent_back(Database *database, const char *author, unsigned limit,
                                    GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)bulletin_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM bulletin_versions v JOIN bulletins b ON b.newest = v.id "
                  "WHERE v.state = 'rejected' AND v.author = $1 "
                  "ORDER BY v.updated_us DESC, v.id LIMIT $2");
    query_text(query, author);
    query_int(query, limit);
    int step = 0;
    while ((step = query_next(query, error)) == 1)
        g_ptr_array_add(list, read_row(query));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

static bool insert_version(Database *database, const Bulletin *bulletin, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "INSERT INTO bulletin_versions (id, bulletin, number, title, language, valid_from_us, "
        "valid_until_us, author, author_name, state, audio, upload, original_name, "
        "original_sha256, sha256, bytes, frames, loudness_mlufs, peak_mdbtp, created_us, "
        "updated_us, text, source) VALUES ($1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM "
        "bulletin_versions "
        "WHERE bulletin = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
        "$17, $18, $19, $19, $20, $21)");
    const char *texts[] = {bulletin->version, bulletin->id, bulletin->title, bulletin->language};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        query_text(query, texts[i]);
    query_int(query, bulletin->valid_from_us);
    query_int(query, bulletin->valid_until_us);
    query_text(query, bulletin->author);
    query_text(query, bulletin->author_name);
    query_text(query, state_words[BULLETIN_DRAFT]);
    query_text(query, audio_words[bulletin->audio]);
    query_text(query, bulletin->upload);
    query_text(query, bulletin->original_name);
    query_text(query, bulletin->original_sha256);
    query_text(query, bulletin->sha256);
    query_int(query, bulletin->bytes);
    query_int(query, bulletin->frames);
    query_int(query, bulletin->loudness_mlufs);
    query_int(query, bulletin->peak_mdbtp);
    query_int(query, bulletin->created_us);
    query_text(query, bulletin->text);
    query_text(query, bulletin->source);
    return query_run(query, error) &&
           fallback_store_add(database, bulletin->version, bulletin->fallback, error);
}

bool bulletin_store_add(Database *database, const Bulletin *bulletin, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO bulletins (id, area, newest, created_us) "
                                 "VALUES ($1, $2, $3, $4)");
    query_text(query, bulletin->id);
    query_text(query, bulletin->area);
    query_text(query, bulletin->version);
    query_int(query, bulletin->created_us);
    return query_run(query, error) && insert_version(database, bulletin, error) &&
           shelf_store_put(database, SHELF_BULLETINS, bulletin->id, error);
}

bool bulletin_store_add_version(Database *database, const Bulletin *bulletin, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE bulletins SET newest = $1 WHERE id = $2");
    query_text(query, bulletin->version);
    query_text(query, bulletin->id);
    return shelf_store_take(database, SHELF_BULLETINS, bulletin->id, error) &&
           query_run(query, error) && insert_version(database, bulletin, error) &&
           shelf_store_put(database, SHELF_BULLETINS, bulletin->id, error);
}

#define OTHER_STATE "the bulletin is no longer in the expected state"

static bool move_version(Database *database, const BulletinMove *move, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "UPDATE bulletin_versions SET state = $1, approver = COALESCE($2, approver), "
        "approver_name = COALESCE($3, approver_name), reject_reason = $4, updated_us = $5 "
        "WHERE id = $6 AND state = $7");
    query_text(query, state_words[move->to]);
    query_text(query, move->by);
    query_text(query, move->by_name);
    query_text(query, move->reason);
    query_int(query, move->now_us);
    query_text(query, move->version);
    query_text(query, state_words[move->from]);
    return query_run_one(query, OTHER_STATE, error);
}

/* Withdrawing stops what airs as well, which may be an older version than the newest. */
static bool withdraw_approved(Database *database, const BulletinMove *move, GError **error)
{
    g_autoptr(Query) versions =
        database_query(database, "UPDATE bulletin_versions SET state = 'withdrawn', "
                                 "updated_us = $1 WHERE bulletin = $2 AND state = 'approved'");
    query_int(versions, move->now_us);
    query_text(versions, move->bulletin);
    if (!query_run(versions, error))
        return false;
    g_autoptr(Query) query =
        database_query(database, "UPDATE bulletins SET approved = NULL WHERE id = $1");
    query_text(query, move->bulletin);
    return query_run(query, error);
}

static bool point_at_approved(Database *database, const BulletinMove *move, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE bulletins SET approved = $1 WHERE id = $2");
    query_text(query, move->version);
    query_text(query, move->bulletin);
    return query_run(query, error);
}

bool bulletin_store_move(Database *database, const BulletinMove *move, GError **error)
{
    if (!shelf_store_take(database, SHELF_BULLETINS, move->bulletin, error) ||
        !move_version(database, move, error))
        return false;
    if (move->to == BULLETIN_WITHDRAWN && !withdraw_approved(database, move, error))
        return false;
    if (move->to == BULLETIN_APPROVED && !point_at_approved(database, move, error))
        return false;
    return shelf_store_put(database, SHELF_BULLETINS, move->bulletin, error);
}

bool bulletin_store_sound_ready(Database *database, const Bulletin *sound, int64_t now_us,
                                GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "UPDATE bulletin_versions SET audio = 'ready', upload = NULL, original_sha256 = $1, "
        "sha256 = $2, bytes = $3, frames = $4, loudness_mlufs = $5, peak_mdbtp = $6, "
        "updated_us = $7 WHERE id = $8 AND audio = 'working'");
    query_text(query, sound->original_sha256);
    query_text(query, sound->sha256);
    query_int(query, sound->bytes);
    query_int(query, sound->frames);
    query_int(query, sound->loudness_mlufs);
    query_int(query, sound->peak_mdbtp);
    query_int(query, now_us);
    query_text(query, sound->version);
    return query_run_one(query, OTHER_STATE, error);
}

static bool fail_sound(Database *database, const char *version, const char *vi, const char *en,
                       int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "UPDATE bulletin_versions SET audio = 'failed', upload = NULL, audio_error_vi = $1, "
        "audio_error_en = $2, updated_us = $3, "
        "state = CASE state WHEN 'submitted' THEN 'draft' ELSE state END "
        "WHERE id = $4 AND audio = 'working'");
    query_text(query, vi);
    query_text(query, en);
    query_int(query, now_us);
    query_text(query, version);
    return query_run_one(query, OTHER_STATE, error);
}

bool bulletin_store_sound_failed(Database *database, const char *version, const char *vi,
                                 const char *en, int64_t now_us, GError **error)
{
    g_autoptr(Bulletin) of = bulletin_store_version(database, version, error);
    if (of == NULL && error != NULL && *error != NULL)
        return false;
    const char *id = of != NULL ? of->id : "";
    return shelf_store_take(database, SHELF_BULLETINS, id, error) &&
           fail_sound(database, version, vi, en, now_us, error) &&
           shelf_store_put(database, SHELF_BULLETINS, id, error);
}

GPtrArray *bulletin_store_working(Database *database, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Query) query =
        database_query(database, "SELECT id FROM bulletin_versions WHERE audio = 'working' "
                                 "ORDER BY created_us, id");
    int step = 0;
    while ((step = query_next(query, error)) == 1)
        g_ptr_array_add(list, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}
