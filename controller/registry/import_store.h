/* The storing of a list that was judged: all of its rows and one line of the log, or nothing. */
#pragma once

#include "db/database.h"
#include "http/request.h"

typedef struct ImportRows {
    unsigned count;
    bool (*write)(const void *self, int64_t now_us, GError **error);
    const void *self;
    const char *verb; /* for the log, "area.import" */
} ImportRows;

bool import_store(Database *database, const Request *request, const ImportRows *rows,
                  GError **error);
