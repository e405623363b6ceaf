/* What a report counts, in one struct that adds up. */
#pragma once

#include "json.h"

typedef enum {
    FIGURE_PLAYED,
    FIGURE_PARTIAL,
    FIGURE_MISSED,
    FIGURE_CANCELLED,
    FIGURE_UNKNOWN, /* due, and no word yet */
    FIGURE_UNREPORTED,
    FIGURE_UPCOMING,
    FIGURE_COUNT
} Figure;
extern const char *const figure_words[]; /* NULL-terminated, in this order */

typedef struct Figures {
    int64_t counts[FIGURE_COUNT];
    int64_t planned_ms; /* of what was due and not cancelled */
    int64_t played_ms;
    int64_t late; /* started more than a second late */
    int64_t late_ms;
} Figures;

/* One row of the counts; `stored` is the log's word. */
typedef struct FigureRow {
    const char *stored;
    bool is_to_come; /* without a word: not due yet */
    int64_t airings, planned_ms, played_ms, late, late_ms;
} FigureRow;

void figures_add(Figures *self, const FigureRow *row);
int64_t figures_due(const Figures *self); /* all but cancelled and upcoming */
/* Played as a whole among those that were due; NAN when none was. */
double figures_success(const Figures *self);
/* The words that a table is kept by, borrowed from it. */
GPtrArray *figures_keys(GHashTable *table);
void figures_write(const Figures *self, Json *object);
