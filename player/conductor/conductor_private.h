/* What the files of the conductor share; nobody else includes it. */
#pragma once

#include "conductor/agenda.h"
#include "conductor/conductor.h"
#include "conductor/life.h"
#include "conductor/mute.h"
#include "conductor/outlook.h"
#include "conductor/sounding.h"

struct Conductor {
    ConductorSettings settings;
    char *station, *boot_id;
    Plan *plan; /* in force, held; NULL = none yet */
    Agenda *agenda;
    Happenings *happenings;
    GHashTable *known;    /* ids of airings that started or ended, plays of alerts among them */
    GHashTable *heard;    /* id -> Heard: of those that ended in an earlier run */
    GPtrArray *soundings; /* Sounding*: prepared, sounding, or silent for a while */
    GPtrArray *drafts;    /* Receipt*: of an earlier run, may go on; waits for its plan or alert */
    GPtrArray *unsaved;   /* Receipt*: ended, but the journal could not be written */
    Outlook *outlook;
    int64_t outlook_us, edge_us; /* asked for then; says something else from there on */
    bool changed;                /* something happened since */
    Judgement judgement;         /* of the clock, at this tick */
    Life life;
    Mute mute;
    int volume_mdb;             /* of everything */
    bool untrusted;             /* the clock, at this tick */
    int64_t untrusted_since_us; /* boottime; while untrusted */
    int64_t marked_alive_us;    /* boottime */
    int64_t amplifier_off_us;   /* boottime when it may go off; 0 = it is off */
    bool amnesia;               /* nobody knows what the run before did */
    bool forbids;               /* what lies before this run has yet to be forbidden */
    bool closing;
    char device_fault[32]; /* "" = none */
    bool journal_fault;
};

int64_t conductor_wall(const Conductor *self);
int64_t conductor_boottime(const Conductor *self);
SoundingHead conductor_head(Conductor *self);
/* Ends an airing or a play: journal, agenda, owner. Takes the receipt. */
void conductor_end(Conductor *self, Receipt *take_receipt);
/* Remembers whether the device is to blame. */
void conductor_note_device(Conductor *self, const Receipt *receipt);
/* Remembers whether the journal could be written, and says so when that changes. */
bool conductor_journal_said(Conductor *self, bool good, const GError *error);
Sounding *conductor_find(const Conductor *self, const char *id); /* or NULL */
/* The play of an alert as an airing. To be freed. */
char *conductor_play_id(const Conductor *self, const char *alert, unsigned repeat);
/* An instant of now, on the clock that the entry's facts are kept on. */
int64_t conductor_in_frame(const Conductor *self, const AgendaEntry *entry, int64_t at_us);

/* stage.c: carries out what the outlook says. */
void stage_follow(Conductor *self);
/* How long nothing is to be done, in µs. */
int64_t stage_wait_us(const Conductor *self);

/* performance.c: one airing from preparation to the card. */
void performance_begin(Conductor *self, const OutlookWho *who, const TimelinePiece *piece);
void performance_tick(Conductor *self, Sounding *sounding);
/* Ends what sounds, or drops what is only prepared. `final`: it does not go on later. */
void performance_stop(Conductor *self, Sounding *sounding, StopCause cause, bool final);
void performance_read_board(Conductor *self, Sounding *sounding, bool sounds);
void performance_mark(Conductor *self, Sounding *sounding);
void performance_mark_in_time(Conductor *self, Sounding *sounding); /* every few seconds */
void performance_tick_amplifier(Conductor *self);

/* standing_order.c: the card is as loud as it should be; says so where it cannot. */
bool conductor_assert_volume(Conductor *self);

/* programme.c: the items of an airing, one after the other. */
/* Why the airing cannot sound now, or REASON_NONE; `last_call`: there is no time left to wait. */
Reason programme_check(Conductor *self, const PlanAiring *airing, bool alert, bool last_call);
/* The item it has come to, or the first after it that can sound. 0 with error. */
AudioId programme_prepare(Conductor *self, Sounding *sounding, int64_t start_us, AudioId after,
                          GError **error);
void programme_prepare_next(Conductor *self, Sounding *sounding);
/* From the item that has ended to the next; false when there is none that can be prepared. */
bool programme_go_on(Conductor *self, Sounding *sounding);
/* The rest of the item under way, which has ended, passes without it. */
bool programme_hollow(Conductor *self, Sounding *sounding, Reason reason);
/* The same when the data for its stream ran out, or came again. */
bool programme_heed_data(Conductor *self, Sounding *sounding);
bool programme_is_at_last(const Sounding *sounding);
void programme_tick(Conductor *self, Sounding *sounding);

/* test_tone.c: gives way to whatever else sounds. */
void test_tone_yield(Conductor *self);

/* standin.c: what sounds while an item cannot be heard. */
/* Of a file that is not there: something could stand in for it now. */
bool standin_is_ready(const Conductor *self, const PlanItem *item);
void standin_tick(Conductor *self, Sounding *sounding);
void standin_stop(Conductor *self, Sounding *sounding, unsigned fade_ms);
/* True when the airing can be closed only after what stands in has ended, which is under way. */
bool standin_holds_up(Conductor *self, Sounding *sounding);
/* True when the audio's event was about one that stands in. */
bool standin_started(Conductor *self, AudioId id, int64_t first_us);
bool standin_progress(Conductor *self, AudioId id, int64_t frames, int64_t at_us);
bool standin_ended(Conductor *self, AudioId id, const AudioEvidence *evidence);

/* ending.c: what the sound says, and what becomes of it. */
void ending_listen(Conductor *self); /* takes the audio's events */
/* Its receipt; the sounding is gone afterwards. */
void ending_close(Conductor *self, Sounding *sounding);

/* absence.c: what did not sound. */
/* Closes whatever the outlook has settled. */
void absence_settle(Conductor *self);

/* recovery.c: what an earlier run left. */
bool recovery_read(Conductor *self, GError **error);
void recovery_take_plan(Conductor *self);
void recovery_take_alert(Conductor *self, const Happening *alert);
/* Nothing whose start lies before this run plays. */
void recovery_forbid(Conductor *self);
void recovery_give_up(Conductor *self); /* of alerts that nobody gave again */
