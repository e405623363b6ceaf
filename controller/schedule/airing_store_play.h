/* The log of airings that no plan holds: plays of an alert, and what a button at a pole started. */
#pragma once

#include "schedule/airing_store.h"

typedef struct AiringPlay {
    const char *id;
    int64_t planned_us;
    const char *station;
    const char *broadcast; /* id of the alert; of a local play, its clip */
    const char *area;      /* of the station */
    const char *area_path;
    const char *bulletin;
    const char *version;
    const char *title;
    AiringClass class;
    int64_t duration_ms;
    const char *author;
} AiringPlay;

/* One that stands there already stays as it is. */
bool airing_store_add_play(Database *database, const AiringPlay *play,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Plays of an alert that no station has spoken about will not come any more. */
bool airing_store_cancel_plays(Database *database, const char *alert, int64_t from_us,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct AiringPlayed {
    char *id;
    char *station;
    char *outcome; /* stored word, "" = no word yet */
    char *reason;
    bool by_station; /* its own word */
} AiringPlayed;
void airing_played_free(AiringPlayed *played);
/* The first plays of an alert, by station: AiringPlayed*. */
GPtrArray *airing_store_first_plays(Database *database, const char *alert, int64_t issued_us,
                                    GError **error);
/* Paths of the areas where an alert was to sound first, each once: char*. */
GPtrArray *airing_store_play_paths(Database *database, const char *alert, int64_t issued_us,
                                   GError **error);
/* How many plays of an alert sounded, repeats included. */
int64_t airing_store_count_sounded(Database *database, const char *alert, int64_t from_us,
                                   GError **error);
/* An airing planned in [from, to) by its id alone; NULL without error when there is none. */
Airing *airing_store_by_id(Database *database, const char *id, int64_t from_us, int64_t to_us,
                           GError **error);
