/* Programmes, and the lead-in tune of areas, in the database. */
#pragma once

#include "db/database.h"
#include "registry/shelf_store.h"
#include "schedule/programme.h"

/* NULL without error when there is none; deleted ones are found too. */
Programme *programme_store_get(Database *database, const char *id, GError **error);
/* A page of those that are not deleted; elements are Programme*. `ret_next`: 0 = no more. */
GPtrArray *programme_store_page(Database *database, const ShelfQuery *query, int64_t *ret_next,
                                GError **error);
/* Ids (char*) of those that have the bulletin among their items, deleted ones too. */
GPtrArray *programme_store_holding(Database *database, const char *bulletin, GError **error);
/* All these write inside the caller's transaction. */
bool programme_store_add(Database *database, const Programme *programme,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Title and items. */
bool programme_store_change(Database *database, const Programme *programme,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool programme_store_delete(Database *database, const char *id, int64_t now_us,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Some broadcast in force that may still air uses it. */
bool programme_store_in_use(Database *database, const char *id, int64_t now_us, GError **error);

/* The bulletin that leads in at `area`: its own choice, else that of the nearest area above.
 * NULL = none. g_free(). */
char *programme_store_tune(Database *database, const char *area);
char *programme_store_own_tune(Database *database, const char *area);
bool programme_store_set_tune(Database *database, const char *area, const char *bulletin,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many stations at or below an area are in service, and how many of them last said that they
 * speak `format`. */
typedef struct ProgrammeSpeakers {
    int64_t stations, speaking;
} ProgrammeSpeakers;
bool programme_store_speakers(Database *database, const char *path, const char *format,
                              ProgrammeSpeakers *ret_speakers, GError **error);
