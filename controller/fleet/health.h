/* What stations say of themselves: kept whole while the posts bring only what changed. */
#pragma once

#include "db/database.h"
#include "http/problem.h"

#define HEALTH_SILENCE_US   (INT64_C(90) * G_USEC_PER_SEC)
#define HEALTH_BODY_MAX     (16 * 1024)
#define HEALTH_FAULTS_MAX   32
#define HEALTH_REFUSALS_MAX 64
#define HEALTH_MISSING_MAX  64

typedef struct Health Health;

typedef struct HealthView {
    const Json *facts;   /* NULL = never heard of */
    const char *state;   /* "online" | "offline" | "never" */
    int64_t state_us;    /* since when */
    int64_t last_us;     /* last contact */
    int urgency;         /* of the worst fault that it names; 0 = none (fault_text.h) */
    bool is_ready;       /* online and misses no audio that it was told to fetch */
    const char *playing; /* airing that sounds there now by its own word; NULL = none or offline */
} HealthView;

/* Where one station's health lies; stays where it is as long as the Health. */
typedef struct HealthState HealthState;

/* Reads what was known before. Silence is counted from `now_us` at the earliest: the controller may
 * have been the silent one. */
Health *health_new(Database *database, int64_t now_us, GError **error);
void health_free(Health *self); /* writes what waits */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Health, health_free)

/* Takes a post in; NULL, or what is wrong with it. */
Problem *health_take(Health *self, const char *station, const Json *body, int64_t now_us);
void health_view(const Health *self, const char *station, HealthView *ret_view);
/* For who asks often: NULL = never heard of, and health_state_view() takes it. */
const HealthState *health_find(const Health *self, const char *station);
void health_state_view(const HealthState *state, HealthView *ret_view);
/* Marks silent stations offline; true when any changed its state since the last call. */
bool health_tick(Health *self, int64_t now_us);
/* Writes what changed, in one transaction. */
bool health_flush(Health *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
