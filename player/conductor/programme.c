/* The items of an airing, one after the other.
 *
 * They join without a gap: the next one waits while one sounds. What is wrong with one of them
 * never silences the others: where a file that is not there, or breaks off, has something to stand
 * in for it, its time passes in silence over which that sounds (standin.c); where it has nothing,
 * the next item comes at once. A stream that may not cost any more data keeps its time either way,
 * so that what follows it comes when people expect it. */
#include "conductor/conductor_private.h"

#include "base/log.h"

#define NEXT_LEAD_US (INT64_C(6) * G_USEC_PER_SEC) /* for a decoder's start */
#define SURE_US      (INT64_C(2) * G_USEC_PER_SEC) /* from its end on, no file is stood in for */

/* ---- what can be played ---- */

static bool is_there(Conductor *self, const PlanItem *item, Reason *ret_reason)
{
    g_autoptr(GError) error = NULL;
    MediaCache *media = self->settings.media;
    if (item->path)
        return g_file_test(item->path, G_FILE_TEST_EXISTS);
    bool there = media_cache_has(media, item->sha256);
    if (there && media_cache_verify(media, item->sha256, &error))
        return true;
    if (there)
        log_warning("%s; fetching it again", error->message);
    *ret_reason = there ? REASON_BAD_MEDIA : REASON_NO_MEDIA;
    if (self->settings.on_media_missing)
        self->settings.on_media_missing(self->settings.user);
    return false;
}

static bool may_stream(const Conductor *self, const PlanAiring *airing)
{
    const ConductorSettings *settings = &self->settings;
    return !settings->may_stream || settings->may_stream(airing->class, settings->user);
}

/* Why an item cannot sound now, or REASON_NONE. */
static Reason check_item(Conductor *self, const PlanAiring *airing, const PlanItem *item,
                         bool alert)
{
    Reason reason = REASON_NO_MEDIA;
    if (!plan_item_is_stream(item))
        return is_there(self, item, &reason) ? REASON_NONE : reason;
    if (!item->sources)
        return REASON_UNSUPPORTED;
    return alert || may_stream(self, airing) ? REASON_NONE : REASON_DATA_BUDGET;
}

/* What is not there is waited for as long as there is time; then what was named for that case
 * stands in, and of a programme whatever there is sounds. An alert is not cut to pieces. */
Reason programme_check(Conductor *self, const PlanAiring *airing, bool alert, bool last_call)
{
    Reason first = REASON_NONE;
    bool any = false;
    for (unsigned i = 0; i < airing->items->len; i++) {
        const PlanItem *item = airing->items->pdata[i];
        Reason reason = check_item(self, airing, item, alert);
        bool stood_in = last_call && standin_is_ready(self, item);
        if (reason == REASON_UNSUPPORTED)
            return reason;
        any |= reason == REASON_NONE || stood_in;
        if (reason != REASON_NONE && !stood_in && first == REASON_NONE)
            first = reason;
    }
    return any && last_call && !alert ? REASON_NONE : first;
}

static bool is_here(const Conductor *self, const PlanItem *item)
{
    return item->path || media_cache_has(self->settings.media, item->sha256);
}

/* The item that sounds at `index` or after it: the number of items when none does. Those that are
 * passed over are what the airing lacks. */
static unsigned playable_from(const Conductor *self, Sounding *sounding, unsigned index)
{
    for (; index < sounding->airing->items->len; index++) {
        const PlanItem *item = sounding->airing->items->pdata[index];
        if (sounding->alert || plan_item_is_stream(item) || is_here(self, item) ||
            standin_is_ready(self, item))
            break;
        if (sounding->account.lack == REASON_NONE)
            sounding->account.lack = REASON_NO_MEDIA;
    }
    return index;
}

bool programme_is_at_last(const Sounding *sounding)
{
    return sounding->item + 1 == sounding->airing->items->len;
}

/* ---- on its way to the sound ---- */

/* The addresses of a relay, ended by an empty one; strings are the item's. */
static AudioSource *sources_of(const PlanItem *item)
{
    if (!item->sources)
        return NULL;
    AudioSource *sources = g_new0(AudioSource, item->sources->len + 1);
    for (unsigned i = 0; i < item->sources->len; i++) {
        const PlanSource *source = item->sources->pdata[i];
        sources[i] = (AudioSource){.url = source->url, .format = source->format};
    }
    return sources;
}

/* An item that is not there, or costs too much, passes in silence. */
static bool is_hollow(const Conductor *self, Sounding *sounding, unsigned index)
{
    const PlanItem *item = sounding->airing->items->pdata[index];
    Reason *reason = &sounding->hollow[index];
    bool stream = plan_item_is_stream(item);
    if (*reason == REASON_NONE && stream && !sounding->alert && !may_stream(self, sounding->airing))
        *reason = REASON_DATA_BUDGET;
    if (*reason == REASON_NONE && !stream && plan_item_fallbacks(item) > 0 && !is_here(self, item))
        *reason = REASON_NO_MEDIA;
    return *reason != REASON_NONE;
}

static AudioId prepare_item(Conductor *self, Sounding *sounding, unsigned index, int64_t start_us,
                            AudioId after, GError **error)
{
    static const AudioSource nobody;
    const PlanItem *item = sounding->airing->items->pdata[index];
    g_autofree AudioSource *own = sources_of(item);
    const AudioSource *sources = is_hollow(self, sounding, index) ? &nobody : own;
    bool stored = item->path || sources;
    g_autofree char *cached = stored ? NULL : media_cache_path(self->settings.media, item->sha256);
    AudioItem audio = {
        .path = item->path ? item->path : cached,
        .sources = sources,
        .may_leave = plan_item_fallbacks(item) > 0,
        .start_us = start_us,
        .gain_db = sounding_gain_db(sounding, index),
        .expect_frames = item->frames,
        .skip_frames = index == sounding->item ? sounding->skip_frames : 0,
        .after = after,
        .regardless = sounding->alert != NULL,
    };
    return self->settings.audio->ops->prepare(self->settings.audio, &audio, error);
}

AudioId programme_prepare(Conductor *self, Sounding *sounding, int64_t start_us, AudioId after,
                          GError **error)
{
    unsigned last = sounding->airing->items->len - 1;
    unsigned index = MIN(playable_from(self, sounding, sounding->item), last);
    if (index != sounding->item)
        sounding->skip_frames = 0;
    sounding->item = index;
    sounding->next = 0;
    return prepare_item(self, sounding, index, start_us, after, error);
}

/* ---- the next one ---- */

/* A file with something to stand in for it: until shortly before its end the next item must not
 * join, because what stands in comes first if the file breaks off. */
static bool next_must_wait(Conductor *self, const Sounding *sounding)
{
    const PlanItem *item = sounding->airing->items->pdata[sounding->item];
    return !plan_item_is_stream(item) && sounding->hollow[sounding->item] == REASON_NONE &&
           standin_is_ready(self, item) &&
           sounding_item_left_us(sounding, conductor_boottime(self)) > SURE_US;
}

static void arm_next(Conductor *self, Sounding *sounding)
{
    if (!sounding->next || sounding->next_armed || next_must_wait(self, sounding))
        return;
    sounding->next_armed = true;
    self->settings.audio->ops->arm(self->settings.audio, sounding->next);
}

/* Where that fails, it is tried again when this one has ended. */
void programme_prepare_next(Conductor *self, Sounding *sounding)
{
    g_autoptr(GError) error = NULL;
    unsigned index = playable_from(self, sounding, sounding->item + 1);
    if (index >= sounding->airing->items->len || sounding->account.stop != STOP_NONE)
        return;
    sounding->next_item = index;
    sounding->next_armed = false;
    sounding->next =
        prepare_item(self, sounding, index, conductor_wall(self), sounding->audio, &error);
    arm_next(self, sounding);
}

bool programme_go_on(Conductor *self, Sounding *sounding)
{
    if (!sounding->next) /* could not be prepared ahead, or this one never sounded */
        programme_prepare_next(self, sounding);
    if (!sounding->next)
        return false;
    if (!sounding->next_armed)
        self->settings.audio->ops->arm(self->settings.audio, sounding->next);
    standin_stop(self, sounding, 0);
    sounding->item = sounding->next_item;
    sounding->skip_frames = 0;
    sounding->item_us = conductor_boottime(self);
    sounding->audio = sounding->next;
    sounding->next = 0;
    return true;
}

bool programme_hollow(Conductor *self, Sounding *sounding, Reason reason)
{
    if (sounding->next) /* it would join what has just ended */
        self->settings.audio->ops->stop(self->settings.audio, sounding->next, 0);
    sounding->next = 0;
    sounding->hollow[sounding->item] = reason;
    sounding->skip_frames = sounding->reached[sounding->item];
    AudioId rest = prepare_item(self, sounding, sounding->item, conductor_wall(self), 0, NULL);
    if (!rest)
        return false;
    sounding->audio = rest;
    sounding->item_us = conductor_boottime(self);
    self->settings.audio->ops->arm(self->settings.audio, rest);
    return true;
}

bool programme_heed_data(Conductor *self, Sounding *sounding)
{
    bool may = may_stream(self, sounding->airing);
    return programme_hollow(self, sounding, may ? REASON_NONE : REASON_DATA_BUDGET);
}

/* ---- while it sounds ---- */

/* What a relay costs is only known while it sounds. Where something stands in for it, or comes
 * after it, the rest of its time passes in silence (ending.c). */
static void heed_budget(Conductor *self, Sounding *sounding)
{
    const PlanItem *item = sounding->airing->items->pdata[sounding->item];
    if (sounding->alert || !plan_item_is_stream(item) || sounding->account.stop != STOP_NONE)
        return;
    Reason hollow = sounding->hollow[sounding->item];
    bool may = may_stream(self, sounding->airing);
    if (hollow == REASON_DATA_BUDGET && may)
        performance_stop(self, sounding, STOP_BUDGET, false); /* a new day: back to the relay */
    if (hollow != REASON_NONE || may)
        return;
    bool goes_on = standin_is_ready(self, item) || !programme_is_at_last(sounding);
    performance_stop(self, sounding, STOP_BUDGET, !goes_on);
}

/* What is not heard does not say that it has begun, so that the next one could be prepared. */
static void see_to_next(Conductor *self, Sounding *sounding)
{
    const PlanItem *item = sounding->airing->items->pdata[sounding->item];
    bool unheard = plan_item_is_stream(item) || sounding->hollow[sounding->item] != REASON_NONE;
    if (sounding->next)
        arm_next(self, sounding);
    else if (unheard && !programme_is_at_last(sounding) &&
             sounding_item_left_us(sounding, conductor_boottime(self)) < NEXT_LEAD_US)
        programme_prepare_next(self, sounding);
}

void programme_tick(Conductor *self, Sounding *sounding)
{
    if (sounding->state != SOUNDING_ARMED)
        return;
    heed_budget(self, sounding);
    if (sounding->state == SOUNDING_ARMED)
        see_to_next(self, sounding);
}
