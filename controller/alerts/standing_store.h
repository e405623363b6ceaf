/* Who ordered how a station stands, and what it said of that. The values themselves are the
 * station's (station_store.h), because they go out with its plan. */
#pragma once

#include "db/database.h"
#include "wire/receipt.h"

typedef struct StandingNote {
    int64_t generation; /* 0 = nobody by name ordered it */
    char *reason, *author;
    int64_t issued_us;
    int64_t taken_generation; /* the latest that a receipt tells of; 0 = none */
    int64_t taken_us;
    char *taken_outcome; /* "played" = carried out */
} StandingNote;

void standing_note_free(StandingNote *note);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StandingNote, standing_note_free)

/* One with generation 0 where nothing is known; NULL with error. */
StandingNote *standing_store_get(Database *database, const char *station, const char *kind,
                                 GError **error);
bool standing_store_say(Database *database, const char *station, const char *kind,
                        const StandingNote *note, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A receipt of kind `order`; one about an earlier generation than the last changes nothing. */
bool standing_store_taken(Database *database, const Receipt *receipt,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
