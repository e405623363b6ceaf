/* Prepared messages for emergencies: an approved bulletin that stations hold before it is needed.
 * A clip is held by every station at or below its area; its sound is the bulletin's newest approved
 * version. */
#pragma once

#include "content/bulletin_store.h"
#include "wire/plan.h"

#define CLIP_TITLE_MAX 100 /* characters; it stands in every plan */

typedef struct Clip {
    char *id;
    char *area;
    char *title;
    unsigned severity;
    unsigned button; /* 0 = none */
    int64_t every_s; /* offered when it is issued; 0 = once */
    bool drill;      /* the words that open a drill */
    char *created_by;
    int64_t created_us;
    Bulletin *bulletin;
} Clip;

void clip_free(Clip *clip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clip, clip_free)

/* Its sound may go out now. */
bool clip_is_ready(const Clip *clip, int64_t now_us);

/* NULL without error when there is none in force. */
Clip *clip_store_get(Database *database, const char *id, GError **error);
/* In force at an area: its own and those of every area above it, nearest area first, then those
 * with a button, then the gravest. Elements are Clip*. */
GPtrArray *clip_store_at(Database *database, const char *area_path, GError **error);
/* The same of all areas at or below `area_path` and above it. */
GPtrArray *clip_store_around(Database *database, const char *area_path, GError **error);
/* The words that open a drill, nearest area first; NULL when there are none. */
Clip *clip_store_drill(Database *database, const char *area_path, GError **error);
/* Everywhere: those whose sound is still being made. Clip*. */
GPtrArray *clip_store_drills_working(Database *database, GError **error);
bool clip_store_put(Database *database, const Clip *clip, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool clip_store_delete(Database *database, const char *id, int64_t now_us,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Areas whose stations hold a clip of this bulletin: char*. */
GPtrArray *clip_store_areas_of(Database *database, const char *bulletin, GError **error);

/* Puts the clips of an area into a plan, the ready ones, and their files among its media. A button
 * belongs to the nearest area that uses it. */
bool clip_store_fill(Database *database, const char *area_path, int64_t now_us, Plan *plan,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
