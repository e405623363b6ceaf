/* Alerts: ordered, cancelled, reviewed. Rows are never deleted. */
#pragma once

#include "db/database.h"

typedef struct Alert {
    char *id;
    char *area, *area_path; /* that issued it */
    char *clip, *bulletin, *version;
    char *title;
    char *targets; /* JSON array, as ordered */
    unsigned severity;
    bool drill;
    int64_t every_us; /* 0 = once */
    int64_t duration_ms;
    int64_t issued_us, expires_us;
    char *author, *author_name;
    char *reason;
    char *corrects; /* "" = none */
    int64_t stations;
    int64_t cancelled_us; /* 0 = in force, or expired */
    char *cancelled_by;   /* name */
    char *cancel_reason;
    char *verdict; /* "" = not reviewed yet, "right", "wrong" */
    char *review_reason;
    char *reviewed_by; /* name */
    int64_t reviewed_us;
} Alert;

void alert_free(Alert *alert);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Alert, alert_free)

bool alert_store_add(Database *database, const Alert *alert,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NULL without error when there is none. */
Alert *alert_store_get(Database *database, const char *id, GError **error);

typedef struct AlertFilter {
    const char *area_path; /* issued at or below it, or above it */
    int64_t before_us;     /* 0 = from the newest */
    const char *before_id;
    bool unreviewed; /* only those, drills apart */
    unsigned limit;
} AlertFilter;
/* Newest first: Alert*. */
GPtrArray *alert_store_list(Database *database, const AlertFilter *filter, GError **error);

/* False without error when it was cancelled before. */
bool alert_store_cancel(Database *database, const char *id, const char *by, const char *reason,
                        int64_t now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* False without error when it was reviewed before. */
bool alert_store_review(Database *database, const Alert *reviewed,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Stations that were sent `max` or more alerts (drills apart) since: a set of char*. */
GHashTable *alert_store_weary(Database *database, int64_t since_us, unsigned max, GError **error);
