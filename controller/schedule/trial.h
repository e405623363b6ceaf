/* An order on trial: all its starts against the policies of every place where it would sound. */
#pragma once

#include "registry/policy.h"
#include "schedule/broadcast.h"

#define TRIAL_DAYS       400 /* looked at, from now or the first start on: a year and its holidays */
#define TRIAL_STARTS_MAX 2000 /* the first so many */
#define TRIAL_PLACES_MAX 2000

typedef struct TrialPlace {
    Area *area;
    bool is_below;       /* a target: it states something tighter of its own */
    GPtrArray *policies; /* Policy*, top first */
    GArray *levels;      /* TimelinePolicy */
    GArray *offsets;     /* TimelineOffset */
} TrialPlace;

/* What one place has against an order. */
typedef struct TrialBreach {
    const TrialPlace *place;
    TimelineRule rule;
    int64_t start_us; /* the first start that it is about */
    unsigned count;   /* of the starts */
} TrialBreach;

typedef struct TrialSettings {
    Database *database;
    const Broadcast *draft;
    int64_t length_us;      /* of one play */
    int64_t valid_until_us; /* nothing starts from here on; 0 = open */
    int64_t now_us;
    /* Only occurrences with a RECURRENCE-ID in [from, until); until 0 = open. */
    int64_t from_recurrence_us, until_recurrence_us;
} TrialSettings;

typedef struct Trial Trial;

/* NULL on error. */
Trial *trial_new(const TrialSettings *settings, GError **error);
void trial_free(Trial *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Trial, trial_free)

/* TrialPlace*, borrowed; those that the order leaves out are not among them. */
GPtrArray *trial_places(const Trial *self);
unsigned trial_starts(const Trial *self);
int64_t trial_first_us(const Trial *self); /* 0 where there is none */
int64_t trial_last_us(const Trial *self);
/* Whether it is about the occurrence with that RECURRENCE-ID. */
bool trial_asks(const Trial *self, int64_t recurrence_us);
/* TrialBreach, one for each place that has something against it. Its places are borrowed. */
GArray *trial_breaches(const Trial *self);
/* Whether all places let the order sound with its starts moved by so much; the first week of them.
 */
bool trial_fits(const Trial *self, int64_t by_us);
