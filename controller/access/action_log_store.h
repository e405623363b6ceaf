/* Who did what, when: append-only. Written in the transaction of the act itself. */
#pragma once

#include "db/database.h"

typedef struct Action {
    const char *user;   /* id; NULL = the system or nobody logged in */
    const char *verb;   /* "bulletin.approve", "station.accept", "login.failed" ... */
    const char *area;   /* may be NULL */
    const char *object; /* id of what it was done to; may be NULL */
    const char *detail; /* JSON object as text; may be NULL */
    const char *remote; /* address; may be NULL */
} Action;

bool action_log_store_add(Database *database, const Action *action, int64_t now_us,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct ActionEntry {
    int64_t id;
    int64_t at_us;
    char *user_name; /* NULL = the system, or nobody logged in */
    char *verb;
    char *area;
    char *area_name; /* as it is called today */
    char *object;
    char *detail;
    char *remote;
} ActionEntry;

void action_entry_free(ActionEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ActionEntry, action_entry_free)

typedef struct ActionFilter {
    const char *area_path;  /* what happened at or below; NULL = everything */
    const char *verb;       /* "station.accept", or "station" for all about stations; NULL = all */
    const char *typed;      /* who, where, about what; accents or not; NULL = all */
    int64_t from_us, to_us; /* in [from, to) */
    int64_t before;         /* older than this id */
    unsigned limit;
} ActionFilter;

/* Newest first. Elements are ActionEntry*. */
GPtrArray *action_log_store_list(Database *database, const ActionFilter *filter, GError **error);
