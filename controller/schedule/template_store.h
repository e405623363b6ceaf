/* Programme templates in the database. */
#pragma once

#include "db/database.h"

typedef struct Template {
    char *id;
    char *area;
    char *title;
    char *body; /* JSON, as checked */
    char *changed_by;
    int64_t changed_us;
} Template;

void template_free(Template *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Template, template_free)

/* NULL without error when there is none. */
Template *template_store_get(Database *database, const char *id, GError **error);
/* Those that an area can use: its own, those above, then those below, by title. Template*;
 * `after` is the id of the last one before, or NULL. */
GPtrArray *template_store_list(Database *database, const char *path, const char *after,
                               unsigned limit, GError **error);
/* New, or instead of the one with its id. */
bool template_store_put(Database *database, const Template *one,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool template_store_delete(Database *database, const char *id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
