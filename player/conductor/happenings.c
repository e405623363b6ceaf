/* Alerts and cancels in memory, on the monotonic clock.
 *
 * A cancel is a tombstone: it holds whether it comes before its alert or after it, and stays until
 * the alert could not sound any more. Both lists are bounded; a full list of cancels forgets the
 * oldest, a full list of alerts takes no more. */
#include "conductor/happenings.h"

#include <string.h>

#define FRAMES_TO_US(frames) ((frames)*G_USEC_PER_SEC / 48000)

typedef struct Tombstone {
    char *id;
    int64_t at_us, until_us; /* boottime */
} Tombstone;

struct Happenings {
    GPtrArray *alerts;     /* Happening* */
    GPtrArray *tombstones; /* Tombstone*, oldest first */
};

static void happening_free(gpointer data)
{
    Happening *one = data;
    plan_airing_free(one->airing);
    g_free(one->items);
    g_free(one->id);
    g_free(one);
}

static void tombstone_free(gpointer data)
{
    Tombstone *one = data;
    g_free(one->id);
    g_free(one);
}

Happenings *happenings_new(void)
{
    Happenings *self = g_new0(Happenings, 1);
    self->alerts = g_ptr_array_new_with_free_func(happening_free);
    self->tombstones = g_ptr_array_new_with_free_func(tombstone_free);
    return self;
}

void happenings_free(Happenings *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->alerts);
    g_ptr_array_unref(self->tombstones);
    g_free(self);
}

static Happening *find(const Happenings *self, const char *id)
{
    for (unsigned i = 0; i < self->alerts->len; i++) {
        Happening *one = self->alerts->pdata[i];
        if (g_str_equal(one->id, id))
            return one;
    }
    return NULL;
}

static bool is_cancelled(const Happenings *self, const char *id)
{
    for (unsigned i = 0; i < self->tombstones->len; i++)
        if (g_str_equal(((Tombstone *)self->tombstones->pdata[i])->id, id))
            return true;
    return false;
}

static PlanAiring *airing_of(const HappeningAlert *alert)
{
    PlanAiring *airing = plan_airing_new();
    airing->id = g_strdup("");
    airing->broadcast = g_strdup(alert->id);
    airing->title = g_strdup(alert->title);
    airing->rank = RANK_EMERGENCY;
    airing->class = CLASS_EMERGENCY;
    airing->on_preempt = PREEMPT_RESTART;
    airing->gain_mdb = MIN(alert->gain_mdb, 0);
    for (unsigned i = 0; i < MIN(alert->n_clips, HAPPENINGS_MAX_CLIPS); i++) {
        const HappeningClip *clip = &alert->clips[i];
        if (clip->frames <= 0 || !clip->sha256)
            continue;
        PlanItem *item = plan_item_new();
        item->bulletin_version = g_strdup(clip->version ? clip->version : "clip");
        item->sha256 = g_strdup(clip->sha256);
        item->path = g_strdup(clip->path);
        item->frames = clip->frames;
        item->gain_mdb = MIN(clip->gain_mdb, 0);
        g_ptr_array_add(airing->items, item);
    }
    return airing;
}

static Happening *happening_new(const HappeningAlert *alert, int64_t now_us, int64_t boottime_us)
{
    Happening *one = g_new0(Happening, 1);
    int64_t at_us = alert->at_us ? MIN(alert->at_us, now_us) : now_us;
    int64_t most_us = at_us + TIMELINE_ALERT_EXPIRES_MAX_US;
    int64_t until_us = alert->until_us ? alert->until_us : at_us + TIMELINE_ALERT_EXPIRES_US;
    one->id = g_strdup(alert->id);
    one->local = alert->local;
    one->restored = alert->restored;
    one->at_us = boottime_us - (now_us - at_us);
    one->until_us = boottime_us - (now_us - MIN(until_us, most_us));
    one->every_us = MAX(alert->every_us, 0);
    one->severity = alert->severity;
    one->level = alert->level;
    one->airing = airing_of(alert);
    one->items = g_new0(TimelineItem, one->airing->items->len);
    for (unsigned i = 0; i < one->airing->items->len; i++)
        one->items[i].length_us =
            MAX(FRAMES_TO_US(((PlanItem *)one->airing->items->pdata[i])->frames), 1);
    return one;
}

HappeningTaken happenings_alert(Happenings *self, const HappeningAlert *alert, int64_t now_us,
                                int64_t boottime_us)
{
    if (find(self, alert->id))
        return HAPPENING_KNOWN;
    if (is_cancelled(self, alert->id))
        return HAPPENING_CANCELLED;
    if (alert->until_us && alert->until_us <= now_us)
        return HAPPENING_OVER;
    if (self->alerts->len >= HAPPENINGS_MAX_ALERTS)
        return HAPPENING_FULL;
    Happening *one = happening_new(alert, now_us, boottime_us);
    if (one->airing->items->len == 0) {
        happening_free(one);
        return HAPPENING_EMPTY;
    }
    g_ptr_array_add(self->alerts, one);
    return HAPPENING_TAKEN;
}

static void bury(Happening *one, int64_t boottime_us)
{
    if (!one || one->over)
        return;
    one->over = true;
    one->gone_us = boottime_us;
}

void happenings_cancel(Happenings *self, const char *id, int64_t until_us, int64_t now_us,
                       int64_t boottime_us)
{
    bury(find(self, id), boottime_us);
    if (is_cancelled(self, id))
        return;
    if (self->tombstones->len >= HAPPENINGS_MAX_CANCELS)
        g_ptr_array_remove_index(self->tombstones, 0);
    int64_t most_us = TIMELINE_ALERT_EXPIRES_MAX_US;
    Tombstone *stone = g_new0(Tombstone, 1);
    stone->id = g_strdup(id);
    stone->at_us = boottime_us;
    stone->until_us = boottime_us + (until_us ? CLAMP(until_us - now_us, 0, most_us) : most_us);
    g_ptr_array_add(self->tombstones, stone);
}

void happenings_confirm(Happenings *self, const char *id)
{
    Happening *one = find(self, id);
    if (one)
        one->confirmed = true;
}

void happenings_stop(Happenings *self, const char *id, int64_t boottime_us)
{
    bury(find(self, id), boottime_us);
}

void happenings_postpone(Happenings *self, const char *id, int64_t retry_us, Reason reason)
{
    Happening *one = find(self, id);
    if (!one)
        return;
    one->retry_us = retry_us;
    one->reason = reason;
}

void happenings_begun(Happenings *self, const char *id)
{
    Happening *one = find(self, id);
    if (one)
        one->begun = true;
}

void happenings_forget_expired(Happenings *self, int64_t boottime_us)
{
    for (unsigned i = self->alerts->len; i-- > 0;)
        if (((Happening *)self->alerts->pdata[i])->until_us <
            boottime_us - TIMELINE_ALERT_EXPIRES_US) /* what still sounds of it, sounds on */
            g_ptr_array_remove_index(self->alerts, i);
    for (unsigned i = self->tombstones->len; i-- > 0;)
        if (((Tombstone *)self->tombstones->pdata[i])->until_us < boottime_us)
            g_ptr_array_remove_index(self->tombstones, i);
}

unsigned happenings_length(const Happenings *self)
{
    return self->alerts->len;
}

const Happening *happenings_at(const Happenings *self, unsigned index)
{
    return self->alerts->pdata[index];
}

const Happening *happenings_find(const Happenings *self, const char *id)
{
    return find(self, id);
}

static void append(GArray *events, GPtrArray *alerts, TimelineEvent event, const Happening *one)
{
    g_array_append_val(events, event);
    g_ptr_array_add(alerts, (gpointer)one);
}

void happenings_events(const Happenings *self, int64_t now_us, int64_t boottime_us, bool trusted,
                       GArray *events, GPtrArray *ret_alerts)
{
    int64_t shift_us = now_us - boottime_us;
    for (unsigned i = 0; i < self->alerts->len; i++) {
        const Happening *one = self->alerts->pdata[i];
        if (one->restored && !one->confirmed && !trusted)
            continue;
        TimelineEvent alert = {
            .kind = TIMELINE_ALERT,
            .id = one->id,
            .at_us = one->at_us + shift_us,
            .until_us = one->until_us + shift_us,
            .severity = one->severity,
            .level = one->level,
            .every_us = one->every_us,
            .items = one->items,
            .n_items = one->airing->items->len,
            .gain_mdb = one->airing->gain_mdb,
        };
        append(events, ret_alerts, alert, one);
        bool fails = one->retry_us && one->retry_us > one->at_us;
        if (fails && !one->begun && one->retry_us < one->until_us)
            g_array_index(events, TimelineEvent, events->len - 1).at_us = one->retry_us + shift_us;
        TimelineEvent cancel = {
            .kind = TIMELINE_CANCEL, .id = one->id, .at_us = one->gone_us + shift_us};
        if (one->gone_us)
            append(events, ret_alerts, cancel, NULL);
    }
    for (unsigned i = 0; i < self->tombstones->len; i++) { /* of planned airings, perhaps */
        const Tombstone *stone = self->tombstones->pdata[i];
        TimelineEvent cancel = {
            .kind = TIMELINE_CANCEL, .id = stone->id, .at_us = stone->at_us + shift_us};
        if (!find(self, stone->id))
            append(events, ret_alerts, cancel, NULL);
    }
}
