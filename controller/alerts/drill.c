/* The words that open a drill: a bulletin that the server writes, reads aloud and approves itself,
 * once for the top area, so that every station holds it and nobody mistakes a drill for the real
 * thing. Plans take it in as soon as its sound is there. */
#include "alerts/alerts_parts.h"

#include "base/log.h"
#include "crypto.h"

#include <string.h>

#define TITLE  "Lời báo diễn tập"
#define LOOK_S 1

static const char words[] = "Đây là diễn tập. Xin nhắc lại: đây là diễn tập. "
                            "Thông báo sau đây không phải là tình huống thật.";

/* Id of the top area: "/a1/b2/" -> "a1". */
static char *top_of(const char *area_path)
{
    const char *end = strchr(area_path + 1, '/');
    return end ? g_strndup(area_path + 1, (gsize)(end - area_path - 1)) : NULL;
}

static bool settle(Alerts *self, const char *id)
{
    g_autoptr(Clip) clip = clip_store_get(self->parts.database, id, NULL);
    if (clip && clip->bulletin && clip->bulletin->audio == BULLETIN_AUDIO_WORKING)
        return false;
    if (clip && clip_is_ready(clip, g_get_real_time()))
        publisher_clips_changed(self->parts.fleet->publisher, clip->area);
    else
        log_warning("the words that announce a drill could not be made; drills are refused");
    return true;
}

static gboolean on_look(void *user)
{
    Alerts *self = user;
    for (unsigned i = self->drills->len; i-- > 0;)
        if (settle(self, self->drills->pdata[i]))
            g_ptr_array_remove_index(self->drills, i);
    if (self->drills->len > 0)
        return G_SOURCE_CONTINUE;
    self->look = 0;
    panel_events_changed(self->parts.events, "alerts");
    return G_SOURCE_REMOVE;
}

static void wait_for_sound(Alerts *self)
{
    if (!self->look && self->drills->len > 0)
        self->look = g_timeout_add_seconds(LOOK_S, on_look, self);
}

void drill_resume(Alerts *self)
{
    g_autoptr(GPtrArray) clips = clip_store_drills_working(self->parts.database, NULL);
    for (unsigned i = 0; clips && i < clips->len; i++)
        g_ptr_array_add(self->drills, g_strdup(((const Clip *)clips->pdata[i])->id));
    wait_for_sound(self);
}

static void begin_sound(void *user)
{
    Alerts *self = user;
    for (unsigned i = 0; i < self->drills->len; i++) {
        g_autoptr(Clip) clip = clip_store_get(self->parts.database, self->drills->pdata[i], NULL);
        if (clip && clip->bulletin && self->parts.intake)
            intake_add(self->parts.intake, clip->bulletin->version);
    }
    wait_for_sound(self);
}

static Bulletin *make_bulletin(const User *user, const char *area, int64_t now_us)
{
    Bulletin *bulletin = g_new0(Bulletin, 1);
    bulletin->id = crypto_random_hex(8);
    bulletin->version = crypto_random_hex(8);
    bulletin->area = g_strdup(area);
    bulletin->title = g_strdup(TITLE);
    bulletin->language = g_strdup("vi");
    bulletin->text = g_strdup(words);
    bulletin->audio = BULLETIN_AUDIO_WORKING;
    bulletin->author = g_strdup(user->id);
    bulletin->author_name = g_strdup(user->name);
    bulletin->created_us = now_us;
    return bulletin;
}

static bool approve(Database *database, const Bulletin *bulletin, int64_t now_us, GError **error)
{
    BulletinMove move = {.bulletin = bulletin->id,
                         .version = bulletin->version,
                         .from = bulletin->state,
                         .to = BULLETIN_APPROVED,
                         .by = bulletin->author,
                         .by_name = bulletin->author_name,
                         .now_us = now_us};
    return bulletin_store_move(database, &move, error);
}

bool drill_prepare(Alerts *self, const Request *request, const char *area_path, GError **error)
{
    Database *database = self->parts.database;
    g_autoptr(GError) failed = NULL;
    g_autoptr(Clip) there = clip_store_drill(database, area_path, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    g_autofree char *area = top_of(area_path);
    if (there || !area)
        return true;
    int64_t now_us = request_now_us(request);
    Clip clip = {.id = crypto_random_hex(8),
                 .area = area,
                 .title = (char *)TITLE,
                 .severity = 1,
                 .drill = true,
                 .created_by = access_user(request)->id,
                 .created_us = now_us,
                 .bulletin = make_bulletin(access_user(request), area, now_us)};
    bool good = bulletin_store_add(database, clip.bulletin, error) &&
                approve(database, clip.bulletin, now_us, error) &&
                clip_store_put(database, &clip, error) &&
                alerts_log(self, request, "alert_clip.drill_words", area, clip.id, NULL, error);
    if (good)
        database_after_commit(database, begin_sound, self);
    g_ptr_array_add(self->drills, clip.id);
    bulletin_free(clip.bulletin);
    return good;
}
