/* Who was told that a broadcast loses through another one. */
#pragma once

#include "db/database.h"
#include "schedule/losses.h"

typedef struct LossRow {
    char *broadcast; /* that loses */
    char *displaced_by;
    char *bulletin, *programme;       /* of the one that loses */
    char *by_bulletin, *by_programme; /* of the other */
    char *area;                       /* of the one that loses */
    char *created_by;
    char *outcome;
    unsigned starts, stations;
    int64_t first_us;
    char *why_vi, *why_en;
    char *by_name;
    int64_t at_us;
} LossRow;

void loss_row_free(LossRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LossRow, loss_row_free)

typedef struct LossWord {
    const char *displaced_by;
    const char *by_user, *by_name;
    const char *remote; /* address; may be NULL */
    int64_t at_us;
} LossWord;

/* What `broadcast` is said to lose, or to take from others, no longer counts. */
bool loss_store_forget(Database *database, const char *broadcast,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Once more about the same pair: the worse outcome, and all starts together. */
bool loss_store_add(Database *database, const Loss *loss, const LossWord *word,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* LossRow*, newest first, of broadcasts in force that the person ordered, or that an area issued in
 * which the person holds a role; without what the person confirmed. */
GPtrArray *loss_store_of_user(Database *database, const char *user, int64_t now_us, unsigned limit,
                              GError **error);
/* False without an error where there is no such row. */
bool loss_store_see(Database *database, const char *broadcast, const char *displaced_by,
                    int64_t now_us, GError **error);
