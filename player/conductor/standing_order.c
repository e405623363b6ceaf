/* Orders about the station itself: how loud it is, and whether it keeps silent for a while. Whoever
 * gives them here has them on the disk already; here they take effect, at once, and get a receipt,
 * so that the centre need not guess whether a horn obeyed. The receipt's id follows from kind,
 * epoch and generation: the same order by another way, or after a restart, is no second one. */
#include "conductor/conductor_private.h"

#include "base/log.h"

static void account_for(Conductor *self, const ConductorOrder *order, const char *what, bool done,
                        int gain_mdb)
{
    if (order->generation <= 0)
        return;
    g_autofree char *id = standing_id(what, order->epoch, order->generation, self->station);
    if (g_hash_table_contains(self->known, id))
        return;
    g_autoptr(PlanAiring) airing = plan_airing_new();
    airing->id = g_strdup(id);
    airing->broadcast = g_strdup(what);
    airing->start_us = conductor_wall(self);
    airing->gain_mdb = gain_mdb;
    SoundingHead head = conductor_head(self);
    SoundingWhat about = {
        .kind = RECEIPT_ORDER, .airing = airing, .repeat = (unsigned)order->generation};
    Receipt *receipt = sounding_receipt(&head, &about);
    receipt->outcome = done ? OUTCOME_PLAYED : OUTCOME_MISSED;
    receipt->reason = done ? REASON_NONE : REASON_DEVICE_FAULT;
    receipt->fault = done ? NULL : g_strdup("mixer");
    conductor_end(self, receipt);
}

bool conductor_assert_volume(Conductor *self)
{
    g_autoptr(GError) error = NULL;
    Audio *audio = self->settings.audio;
    if (audio->ops->set_volume(audio, self->volume_mdb / 1000.0, &error))
        return true;
    log_warning("%s; trying again before the next sound", error->message);
    return false;
}

void conductor_set_volume(Conductor *self, int volume_mdb, const ConductorOrder *order)
{
    self->volume_mdb = MIN(volume_mdb, 0);
    bool done = conductor_assert_volume(self);
    account_for(self, order, STANDING_VOLUME, done, self->volume_mdb);
}

void conductor_mute(Conductor *self, int64_t from_us, int64_t until_us, const ConductorOrder *order)
{
    int64_t now_us = conductor_wall(self);
    bool fresh = self->mute.now.until_us || self->soundings->len > 0;
    MuteSpan span = {from_us, until_us};
    if (fresh && !self->untrusted) /* what has sounded before now has sounded */
        span.from_us = MIN(MAX(from_us, now_us), MAX(until_us, from_us));
    mute_set(&self->mute, span, now_us);
    self->changed = true;
    account_for(self, order, STANDING_MUTE, true, 0);
}

int conductor_volume_mdb(const Conductor *self)
{
    return self->volume_mdb;
}

int64_t conductor_muted_until(const Conductor *self)
{
    return mute_until(&self->mute, conductor_wall(self));
}
