/* Turns the plan into sound and every airing into exactly one receipt.
 *
 * Asks for the time only through its Clock and never sleeps: somebody calls conductor_tick() at the
 * times that it asks for, so a test can let days pass in a moment. */
#pragma once

#include "base/clock.h"
#include "board.h"
#include "cache/media_cache.h"
#include "clock/trust.h"
#include "conductor/happenings.h"
#include "journal/journal.h"
#include "journal/lost_mark.h"
#include "plan/interlock.h"
#include "playout/audio.h"
#include "wire/plan.h"

typedef struct ConductorSettings {
    const Clock *clock;
    Trust *trust;
    Audio *audio;
    Board *board;
    Journal *journal;
    LostMark *lost; /* may be NULL */
    MediaCache *media;
    const char *station; /* id */
    const char *boot_id;
    const Interlock *interlock;           /* the station's own limits; NULL = none */
    unsigned settle_ms;                   /* amplifier on to sound */
    unsigned linger_ms;                   /* sound to amplifier off */
    int current_min_ma;                   /* of an amplifier that sounds; 0 = not judged */
    void (*on_receipt)(void *user);       /* one more waits in the journal */
    void (*on_media_missing)(void *user); /* a file is needed and not there */
    void (*on_sound)(void *user);         /* the first frame of an airing left the card */
    /* Whether a relay of this class may use the network now; NULL = always. Alerts are not asked
     * for. */
    bool (*may_stream)(AiringClass class, void *user);
    void *user;
} ConductorSettings;

typedef struct Conductor Conductor;

/* Closes what an earlier run left unfinished. The parts must outlive it. */
Conductor *conductor_new(const ConductorSettings *settings, GError **error);
void conductor_free(Conductor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Conductor, conductor_free)

void conductor_set_plan(Conductor *self, Plan *plan);
/* An alert sounds within this call, before anything is written; its first play is `repeat` 0. */
HappeningTaken conductor_alert(Conductor *self, const HappeningAlert *alert);
/* Of an alert or a planned airing: stops it mid-word, and forbids it if it comes later. */
void conductor_cancel(Conductor *self, const char *id, int64_t until_us);
/* A test tone, at once, without the time and outside of all hours, but under nothing else: while
 * something sounds, or is about to, it is `missed/displaced`. Its receipt is of kind `test`, `id`
 * (32 hexadecimal digits) the airing's; a second time does nothing. */
void conductor_test(Conductor *self, const char *id, int gain_mdb);
/* Which order about the station itself; its receipt, of kind `order`, is told apart by that.
 * Generation 0 = nobody ordered it, and no receipt is due. */
typedef struct ConductorOrder {
    int64_t epoch, generation;
} ConductorOrder;
/* Of everything, at most 0; what sounds follows at once. */
void conductor_set_volume(Conductor *self, int volume_mdb, const ConductorOrder *order);
/* Nothing routine sounds between these instants of the wall clock, and what sounds ends; the same
 * twice = it may sound again. Emergencies are exempt. */
void conductor_mute(Conductor *self, int64_t from_us, int64_t until_us,
                    const ConductorOrder *order);
int conductor_volume_mdb(const Conductor *self);
int64_t conductor_muted_until(const Conductor *self); /* 0 = it is not muted now */
/* Lets an alert from before this boot sound although the time is not trusted. */
void conductor_confirm(Conductor *self, const char *id);
/* Does what is due; gives in how many µs it wants to be called again, at the latest. */
int64_t conductor_tick(Conductor *self);
/* Fades out what sounds and closes it; nothing starts any more. Idle once its receipt is written.
 */
void conductor_shut_down(Conductor *self);
bool conductor_is_idle(const Conductor *self);
/* The stop button: ends what sounds. */
void conductor_stop_local(Conductor *self);

/* Adds the SHA-256 (char*, freed by the set) of every file that may still have to sound. */
void conductor_add_needed(const Conductor *self, GHashTable *files);

const char *conductor_now_playing(const Conductor *self); /* airing id, or NULL */
bool conductor_is_alerting(const Conductor *self);        /* an alert is heard now */
/* What the device did wrong with the last airing, in the words of receipts; NULL = it did well. */
const char *conductor_device_fault(const Conductor *self);
bool conductor_journal_fault(const Conductor *self); /* the journal could not be written */
