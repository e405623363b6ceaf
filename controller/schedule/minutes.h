/* An order beside all else that is planned, over its whole time: the minutes of a session and of a
 * day, and what would no longer sound. What is ordered, what is changed about a series and what a
 * calendar brings in are judged here, one like the other. */
#pragma once

#include "schedule/losses.h"
#include "schedule/minutes_slot.h"
#include "schedule/trial.h"

typedef struct MinutesBreach {
    char *area, *area_name, *zone;
    TimelineRule rule; /* SESSION_MINUTES or DAY_MINUTES */
    char *title;       /* of what would not sound in full */
    bool is_own;       /* the order itself; else something that is planned already */
    int64_t start_us;  /* of it, the first time */
    int64_t limit_us;
    int64_t wanted_us; /* what that session or day would need */
    unsigned days;     /* on so many days */
} MinutesBreach;

typedef struct Minutes Minutes;

Minutes *minutes_new(int64_t now_us);
void minutes_free(Minutes *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Minutes, minutes_free)

/* One order more; each later one is judged beside those before it that fit. `replaces`: a broadcast
 * of its id is there and gives way to it. All belong to the minutes now. */
void minutes_add(Minutes *self, Broadcast *take_broadcast, Rundown *take_rundown, Trial *take_trial,
                 bool replaces);
unsigned minutes_length(const Minutes *self);
const Broadcast *minutes_broadcast(const Minutes *self, unsigned order);
const Rundown *minutes_rundown(const Minutes *self, unsigned order);
const Trial *minutes_trial(const Minutes *self, unsigned order);
/* The rule of the agenda that gives way to the order; AGENDA_NONE = none. */
unsigned minutes_replaced(const Minutes *self, unsigned order, const Agenda *agenda);

/* The minutes belong to the one who is called; `error` says that it came to no end. */
typedef void (*MinutesDone)(Minutes *minutes, const GError *error, void *user);
/* Area by area, in turns of the loop. False where the stations cannot be read; then `done` is not
 * called. The orders have the same targets, but for what they leave out. */
bool minutes_run(Database *database, Minutes *take_minutes, MinutesDone done, void *user,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* MinutesBreach, one for each area that has something against it. */
const GArray *minutes_breaches(const Minutes *self, unsigned order);
/* What would no longer sound through it. */
const Losses *minutes_losses(const Minutes *self, unsigned order);
/* Whether all its starts, moved by so much, meet nothing and keep within the minutes everywhere. */
bool minutes_fits(const Minutes *self, unsigned order, int64_t by_us);
