/* What conductor.c, performance.c and absence.c share; nobody else includes it. */
#pragma once

#include "conductor/agenda.h"
#include "conductor/conductor.h"
#include "conductor/life.h"
#include "conductor/sounding.h"

struct Conductor {
    ConductorSettings settings;
    char *station, *boot_id;
    Agenda *agenda;
    Happenings *happenings;
    GHashTable *known;   /* ids of airings that started or ended */
    GPtrArray *unsaved;  /* Receipt*: ended, but the journal could not be written */
    Sounding *current;   /* prepared or sounding */
    Judgement judgement; /* of the clock, at this tick */
    Life life;
    int64_t born_us;            /* boottime */
    bool untrusted;             /* the clock, at this tick */
    int64_t untrusted_since_us; /* boottime; while untrusted */
    int64_t marked_alive_us;    /* boottime */
    int64_t amplifier_off_us;   /* boottime when it may go off; 0 = it is off */
    bool closing;
    bool device_fault;
    bool journal_fault;
};

SoundingHead conductor_head(Conductor *self);
/* Ends an airing: journal, agenda, owner. Takes the receipt. */
void conductor_end(Conductor *self, Receipt *take_receipt);
/* Remembers whether the journal could be written, and says so when that changes. */
bool conductor_journal_said(Conductor *self, bool good, const GError *error);

/* performance.c: one airing from preparation to its end. */
void performance_listen(Conductor *self); /* takes the audio's events */
/* Prepares an airing; false and a note on the entry when that cannot be now. */
bool performance_begin(Conductor *self, AgendaEntry *entry);
void performance_tick(Conductor *self);
/* Ends what sounds, or drops what is only prepared. */
void performance_stop(Conductor *self, StopCause cause);
void performance_drop(Conductor *self);
void performance_tick_amplifier(Conductor *self);

/* absence.c: airings that did not start. */
/* Notes what stands in the way of an airing that is due; closes one whose time is over: true. */
bool absence_judge(Conductor *self, AgendaEntry *entry);
void absence_close(Conductor *self, const AgendaEntry *entry, Reason reason, const char *fault);
/* Closes what started in an earlier run and never ended. */
bool absence_recover(Conductor *self, GError **error);
