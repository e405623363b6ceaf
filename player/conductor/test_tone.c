/* A technician's tone. It is no airing: the timeline knows nothing of it, so no hour and no missing
 * time forbids it, and everything else goes before it. It takes the way of an airing all the same
 * (amplifier, journal, card, receipt), because that way is what it tests. */
#include "conductor/conductor_private.h"

#include "playout/tone.h"

#define FADE_FREE_US (INT64_C(3) * G_USEC_PER_SEC) /* something prepared that begins so soon */
#define TONE_VERSION "test-tone"

static PlanAiring *airing_of(const Conductor *self, const char *id, int gain_mdb)
{
    PlanAiring *airing = plan_airing_new();
    PlanItem *item = plan_item_new();
    airing->id = g_strdup(id);
    airing->broadcast = g_strdup(id);
    airing->start_us = conductor_wall(self);
    airing->rank = RANK_FILLER;
    airing->gain_mdb = MIN(gain_mdb, interlock_volume_mdb(self->settings.interlock));
    item->bulletin_version = g_strdup(TONE_VERSION);
    item->frames = TONE_FRAMES;
    g_ptr_array_add(airing->items, item);
    return airing;
}

/* What sounds, or will before the tone is over; or NULL. */
static const Sounding *busy_with(const Conductor *self)
{
    for (unsigned i = 0; i < self->soundings->len; i++) {
        const Sounding *one = self->soundings->pdata[i];
        bool soon =
            one->state == SOUNDING_PREPARED && one->start_us - conductor_wall(self) < FADE_FREE_US;
        if (one->state == SOUNDING_ARMED || one->state == SOUNDING_STOPPING || soon)
            return one;
    }
    return NULL;
}

static void refuse(Conductor *self, const SoundingWhat *what, Reason reason, const char *fault)
{
    SoundingHead head = conductor_head(self);
    Receipt *receipt = sounding_receipt(&head, what);
    receipt->outcome = OUTCOME_MISSED;
    receipt->reason = reason;
    receipt->fault = g_strdup(fault);
    conductor_end(self, receipt);
}

static bool prepare(Conductor *self, Sounding *sounding, GError **error)
{
    Audio *audio = self->settings.audio;
    (void)conductor_assert_volume(self); /* what is read back will tell */
    int64_t settle_us = self->amplifier_off_us ? 0 : (int64_t)self->settings.settle_ms * 1000;
    sounding->start_us = conductor_wall(self) + settle_us;
    AudioItem item = {
        .tone = true,
        .start_us = sounding->start_us,
        .gain_db = sounding->gain_mdb / 1000.0,
        .expect_frames = TONE_FRAMES,
    };
    sounding->audio = audio->ops->prepare(audio, &item, error);
    sounding->state = sounding->audio ? SOUNDING_PREPARED : SOUNDING_SILENT;
    return sounding->audio != 0;
}

void conductor_test(Conductor *self, const char *id, int gain_mdb)
{
    g_autoptr(GError) error = NULL;
    if (self->closing || g_hash_table_contains(self->known, id) || conductor_find(self, id))
        return;
    g_autoptr(PlanAiring) airing = airing_of(self, id, gain_mdb);
    SoundingWhat what = {.kind = RECEIPT_TEST, .airing = airing};
    const Sounding *other = busy_with(self);
    if (other) {
        refuse(self, &what, REASON_DISPLACED, other->id);
        return;
    }
    if (conductor_muted_until(self)) {
        refuse(self, &what, REASON_MUTED, NULL);
        return;
    }
    SoundingHead head = conductor_head(self);
    Sounding *sounding = sounding_new(&head, NULL, &what, airing->start_us);
    sounding->apart = true;
    if (!prepare(self, sounding, &error)) {
        sounding_free(sounding);
        refuse(self, &what, REASON_DEVICE_FAULT, "no-decoder");
        return;
    }
    g_ptr_array_add(self->soundings, sounding);
    performance_tick(self, sounding);
}

void test_tone_yield(Conductor *self)
{
    Sounding *tone = NULL, *other = NULL;
    for (unsigned i = 0; i < self->soundings->len; i++) {
        Sounding *one = self->soundings->pdata[i];
        if (one->apart)
            tone = one;
        else if (one->state == SOUNDING_ARMED)
            other = one;
    }
    if (!tone || !other || tone->state != SOUNDING_ARMED)
        return;
    g_free(tone->winner);
    tone->winner = g_strdup(other->id);
    performance_stop(self, tone, STOP_DISPLACED, true);
}
