/* SQL of prepared messages, and how they come into plans.
 *
 * An area's path holds the ids of all areas above it, so "at" is a walk up and "around" a walk up
 * and down. There are a handful of clips in an area, so both read whole rows and sort here. */
#include "content/clip_store.h"

#include <string.h>

#define COLUMNS                                                                                    \
    "c.id, c.area, c.title, c.severity, c.button, c.every_s, c.drill, c.created_by, "              \
    "c.created_us, c.bulletin, length(a.path)"

void clip_free(Clip *clip)
{
    if (!clip)
        return;
    g_free(clip->id);
    g_free(clip->area);
    g_free(clip->title);
    g_free(clip->created_by);
    bulletin_free(clip->bulletin);
    g_free(clip);
}

bool clip_is_ready(const Clip *clip, int64_t now_us)
{
    const Bulletin *bulletin = clip->bulletin;
    return bulletin && bulletin->state == BULLETIN_APPROVED &&
           bulletin->audio == BULLETIN_AUDIO_READY &&
           (!bulletin->valid_until_us || now_us < bulletin->valid_until_us);
}

static Clip *read_row(Query *row)
{
    Clip *clip = g_new0(Clip, 1);
    clip->id = g_strdup(row_text(row, 0));
    clip->area = g_strdup(row_text(row, 1));
    clip->title = g_strdup(row_text(row, 2));
    clip->severity = (unsigned)row_int(row, 3);
    clip->button = (unsigned)row_int(row, 4);
    clip->every_s = row_int(row, 5);
    clip->drill = row_bool(row, 6);
    clip->created_by = g_strdup(row_text(row, 7));
    clip->created_us = row_int(row, 8);
    clip->bulletin = g_new0(Bulletin, 1);
    clip->bulletin->id = g_strdup(row_text(row, 9));
    return clip;
}

/* Bulletins are read once the statement is at its end. */
static bool add_bulletin(Database *database, Clip *clip, GError **error)
{
    g_autoptr(GError) failed = NULL;
    Bulletin *bulletin = bulletin_store_get(database, clip->bulletin->id, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    bulletin_free(clip->bulletin);
    clip->bulletin = bulletin;
    return true;
}

static GPtrArray *read_all(Database *database, Query *query, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)clip_free);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, read_row(query));
    for (unsigned i = 0; step == 0 && i < list->len; i++)
        if (!add_bulletin(database, list->pdata[i], error))
            return NULL;
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

Clip *clip_store_get(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM alert_clips c JOIN areas a ON a.id = c.area "
                  "WHERE c.id = $1 AND c.deleted_us = 0");
    query_text(query, id);
    g_autoptr(GPtrArray) list = read_all(database, query, error);
    return list && list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
}

GPtrArray *clip_store_at(Database *database, const char *area_path, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM alert_clips c JOIN areas a ON a.id = c.area "
                  "WHERE c.deleted_us = 0 AND substr($1, 1, length(a.path)) = a.path "
                  "ORDER BY length(a.path) DESC, c.drill DESC, c.button = 0, c.button, "
                  "c.severity DESC, c.created_us, c.id");
    query_text(query, area_path);
    return read_all(database, query, error);
}

GPtrArray *clip_store_around(Database *database, const char *area_path, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM alert_clips c JOIN areas a ON a.id = c.area "
                  "WHERE c.deleted_us = 0 AND (substr($1, 1, length(a.path)) = a.path "
                  "OR substr(a.path, 1, length($1)) = $1) "
                  "ORDER BY c.drill, length(a.path) DESC, c.button = 0, c.button, "
                  "c.severity DESC, c.created_us, c.id");
    query_text(query, area_path);
    return read_all(database, query, error);
}

Clip *clip_store_drill(Database *database, const char *area_path, GError **error)
{
    g_autoptr(GPtrArray) list = clip_store_at(database, area_path, error);
    for (unsigned i = 0; list && i < list->len; i++)
        if (((const Clip *)list->pdata[i])->drill)
            return g_ptr_array_steal_index(list, i);
    return NULL;
}

GPtrArray *clip_store_drills_working(Database *database, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM alert_clips c JOIN areas a ON a.id = c.area "
                  "JOIN bulletin_versions v ON v.bulletin = c.bulletin "
                  "WHERE c.deleted_us = 0 AND c.drill = 1 AND v.audio = 'working'");
    return read_all(database, query, error);
}

bool clip_store_put(Database *database, const Clip *clip, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO alert_clips (id, area, bulletin, title, severity, button, every_s, "
                  "drill, created_by, created_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
                  "ON CONFLICT (id) DO UPDATE SET title = excluded.title, "
                  "severity = excluded.severity, button = excluded.button, "
                  "every_s = excluded.every_s");
    query_text(query, clip->id);
    query_text(query, clip->area);
    query_text(query, clip->bulletin->id);
    query_text(query, clip->title);
    query_int(query, clip->severity);
    query_int(query, clip->button);
    query_int(query, clip->every_s);
    query_bool(query, clip->drill);
    query_text(query, clip->created_by);
    query_int(query, clip->created_us);
    return query_run(query, error);
}

bool clip_store_delete(Database *database, const char *id, int64_t now_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE alert_clips SET deleted_us = $2 WHERE id = $1");
    query_text(query, id);
    query_int(query, now_us);
    return query_run(query, error);
}

GPtrArray *clip_store_areas_of(Database *database, const char *bulletin, GError **error)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT DISTINCT area FROM alert_clips WHERE bulletin = $1 AND deleted_us = 0");
    query_text(query, bulletin);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(areas, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&areas) : NULL;
}

/* ---- plans ---- */

static void add_media(Plan *plan, const Bulletin *bulletin)
{
    for (unsigned i = 0; i < plan->media->len; i++) {
        PlanMedia *media = plan->media->pdata[i];
        if (g_str_equal(media->sha256, bulletin->sha256)) {
            media->needed_by_us = 0;
            return;
        }
    }
    g_ptr_array_add(plan->media, plan_media_new(bulletin->sha256, bulletin->bytes, 0));
}

static void add_clip(Plan *plan, const Clip *clip, unsigned button)
{
    const Bulletin *bulletin = clip->bulletin;
    PlanClip *one = plan_clip_new();
    one->id = g_strdup(clip->id);
    one->title = g_strdup(clip->title);
    one->severity = clip->severity;
    one->button = button;
    one->drill = clip->drill;
    one->item->bulletin = g_strdup(bulletin->id);
    one->item->bulletin_version = g_strdup(bulletin->version);
    one->item->sha256 = g_strdup(bulletin->sha256);
    one->item->frames = bulletin->frames;
    g_ptr_array_add(plan->clips, one);
    add_media(plan, bulletin);
}

bool clip_store_fill(Database *database, const char *area_path, int64_t now_us, Plan *plan,
                     GError **error)
{
    g_autoptr(GPtrArray) clips = clip_store_at(database, area_path, error);
    if (!clips)
        return false;
    unsigned taken = 0; /* a bit for each button */
    for (unsigned i = 0; i < clips->len && plan->clips->len < PLAN_MAX_CLIPS; i++) {
        const Clip *clip = clips->pdata[i];
        if (!clip_is_ready(clip, now_us))
            continue;
        bool free = !(taken & (1u << clip->button));
        add_clip(plan, clip, free ? clip->button : 0);
        if (clip->button)
            taken |= 1u << clip->button;
    }
    return true;
}
