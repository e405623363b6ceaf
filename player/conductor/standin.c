/* What sounds while an item cannot be heard: a relay whose sources are all gone or silent, a file
 * that is not there or broke off. The item itself goes on in silence and keeps its time; over it,
 * one after the other, the files of its fallback are tried, the first that can be played again and
 * again, each time from where it was. As soon as the item is heard, what stands in fades away under
 * it. Where nothing is left to stand in there is silence, and the item's own reason says why. */
#include "conductor/conductor_private.h"

#include "base/log.h"

#define PATIENCE_US (INT64_C(1500) * 1000) /* of silence: another source may be on its way */
#define LEAST_US    (INT64_C(1500) * 1000) /* not for less than this */
#define FADE_MS     300
#define FADE_US     (INT64_C(1000) * FADE_MS)
#define REST_MS     20 /* to the end of an airing */

static bool is_there(const Conductor *self, const PlanItem *file)
{
    return media_cache_has(self->settings.media, file->sha256);
}

bool standin_is_ready(const Conductor *self, const PlanItem *item)
{
    for (unsigned i = 0; i < plan_item_fallbacks(item); i++)
        if (is_there(self, item->fallback->pdata[i]))
            return true;
    return false;
}

static Sounding *find(const Conductor *self, AudioId id)
{
    for (unsigned i = 0; i < self->soundings->len; i++) {
        Sounding *one = self->soundings->pdata[i];
        if (id && one->standin.audio == id)
            return one;
    }
    return NULL;
}

/* ---- its beginning ---- */

/* Its own account in the receipt, or NULL: there is no room for one more. */
static ReceiptItem *account_of(Sounding *sounding, const PlanItem *file)
{
    GPtrArray *items = sounding->receipt->items;
    for (unsigned i = 0; i < items->len; i++) {
        ReceiptItem *one = items->pdata[i];
        if (one->stands_for == (int)sounding->item &&
            g_strcmp0(one->bulletin_version, file->bulletin_version) == 0)
            return one;
    }
    if (items->len >= RECEIPT_MAX_ITEMS)
        return NULL;
    ReceiptItem *one = receipt_item_new(file->bulletin_version, file->sha256);
    one->stands_for = (int)sounding->item;
    g_ptr_array_add(items, one);
    return one;
}

/* The first file that can be played, or NULL. */
static const PlanItem *choose(const Conductor *self, Sounding *sounding)
{
    const PlanItem *item = sounding->airing->items->pdata[sounding->item];
    StandIn *standin = &sounding->standin;
    if (standin->item != sounding->item)
        *standin = (StandIn){.item = sounding->item, .silent_us = standin->silent_us};
    for (unsigned i = 0; i < plan_item_fallbacks(item); i++) {
        if (standin->failed >> i & 1 || !is_there(self, item->fallback->pdata[i]))
            continue;
        if (standin->link != i)
            standin->skip_frames = 0;
        standin->link = i;
        return item->fallback->pdata[i];
    }
    return NULL;
}

static AudioId prepare(Conductor *self, const Sounding *sounding, const PlanItem *file)
{
    Audio *audio = self->settings.audio;
    g_autofree char *path = media_cache_path(self->settings.media, file->sha256);
    AudioItem item = {
        .path = path,
        .start_us = conductor_wall(self),
        .gain_db = (file->gain_mdb + sounding->gain_mdb) / 1000.0,
        .expect_frames = file->frames,
        .skip_frames = sounding->standin.skip_frames,
    };
    return audio->ops->prepare(audio, &item, NULL);
}

static void begin(Conductor *self, Sounding *sounding)
{
    Audio *audio = self->settings.audio;
    StandIn *standin = &sounding->standin;
    const PlanItem *file = choose(self, sounding);
    if (!file || !(standin->account = account_of(sounding, file)))
        return;
    if (media_cache_verify(self->settings.media, file->sha256, NULL))
        standin->audio = prepare(self, sounding, file);
    if (!standin->audio) {
        standin->failed |= 1u << standin->link;
        return;
    }
    double lower_db = MIN(sounding->ceiling_mdb - sounding->gain_mdb, 0) / 1000.0;
    audio->ops->duck(audio, standin->audio, lower_db);
    audio->ops->arm(audio, standin->audio);
    LogField fields[] = {{"AIRING", sounding->id}, {0}};
    log_write(G_LOG_LEVEL_WARNING, fields, "airing %s cannot be heard; %s stands in", sounding->id,
              file->bulletin_version);
}

/* ---- its life ---- */

void standin_stop(Conductor *self, Sounding *sounding, unsigned fade_ms)
{
    StandIn *standin = &sounding->standin;
    if (!standin->audio || standin->stopping)
        return;
    standin->stopping = true;
    self->settings.audio->ops->stop(self->settings.audio, standin->audio, fade_ms);
}

void standin_tick(Conductor *self, Sounding *sounding)
{
    if (sounding->state != SOUNDING_ARMED ||
        plan_item_fallbacks(sounding->airing->items->pdata[sounding->item]) == 0)
        return;
    Audio *audio = self->settings.audio;
    StandIn *standin = &sounding->standin;
    int64_t now_us = conductor_boottime(self), rest_us = sounding_item_left_us(sounding, now_us);
    if (!audio->ops->is_dry(audio, sounding->audio) || rest_us < 2 * FADE_US) {
        standin->silent_us = 0;
        standin_stop(self, sounding, FADE_MS);
        return;
    }
    if (!standin->silent_us)
        standin->silent_us = now_us;
    bool hollow = sounding->hollow[sounding->item] != REASON_NONE;
    bool patient = !hollow && now_us - standin->silent_us < PATIENCE_US;
    if (!standin->audio && !patient && rest_us > LEAST_US)
        begin(self, sounding);
}

bool standin_started(Conductor *self, AudioId id, int64_t first_us)
{
    Sounding *sounding = find(self, id);
    if (!sounding)
        return false;
    performance_read_board(self, sounding, false);
    sounding_standin_started(sounding, first_us);
    performance_mark(self, sounding);
    return true;
}

bool standin_progress(Conductor *self, AudioId id, int64_t frames, int64_t at_us)
{
    Sounding *sounding = find(self, id);
    if (!sounding)
        return false;
    Audio *audio = self->settings.audio;
    performance_read_board(self, sounding, true);
    sounding_standin_progress(sounding, frames, at_us, audio->ops->level_dbfs(audio, id));
    performance_mark_in_time(self, sounding);
    return true;
}

/* ---- its end ---- */

bool standin_holds_up(Conductor *self, Sounding *sounding)
{
    if (!sounding->standin.audio)
        return false;
    standin_stop(self, sounding, REST_MS);
    sounding->closing = true;
    sounding->state = SOUNDING_STOPPING;
    return true;
}

static void note_end(Conductor *self, StandIn *standin, const AudioEvidence *evidence)
{
    bool sounded = evidence->segments && evidence->segments->len > 0;
    bool failed =
        evidence->end == AUDIO_END_MEDIA || (evidence->end == AUDIO_END_COMPLETE && !sounded);
    if (failed)
        standin->failed |= 1u << standin->link;
    if (failed || evidence->end == AUDIO_END_COMPLETE)
        standin->skip_frames = 0; /* from its beginning again */
    if (evidence->end == AUDIO_END_DEVICE)
        standin->silent_us = conductor_boottime(self); /* and not at once */
    standin->audio = 0;
    standin->stopping = false;
}

bool standin_ended(Conductor *self, AudioId id, const AudioEvidence *evidence)
{
    Sounding *sounding = find(self, id);
    if (!sounding)
        return false;
    performance_read_board(self, sounding, false);
    sounding_standin_ended(sounding, evidence);
    note_end(self, &sounding->standin, evidence);
    self->changed = true;
    if (sounding->closing)
        ending_close(self, sounding);
    return true;
}
