/* Radio stations that can be relayed, each with addresses in the order in which they are tried. A
 * deleted one keeps its rows: what was broadcast of it still names it. */
#pragma once

#include "db/database.h"

#define SOURCE_ADDRESSES_MAX 8
#define SOURCE_NAME_MAX      120 /* characters */

typedef struct SourceAddress {
    char *url;
    char *format; /* relay_format.h */
} SourceAddress;

typedef struct Source {
    char *id;
    char *area;
    char *area_name; /* read only */
    char *name;
    GPtrArray *addresses; /* SourceAddress* */
    char *created_by_name;
    int64_t created_us, updated_us;
    int64_t deleted_us; /* 0 = there */
} Source;

Source *source_new(void);
void source_free(Source *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)
void source_add_address(Source *self, const char *url, const char *format);

/* NULL without error when there is none; deleted ones too. */
Source *source_store_get(Database *database, const char *id, GError **error);
/* Those that an area may use: its own, those of the areas above it, and those below; by name.
 * Source*. */
GPtrArray *source_store_list(Database *database, const char *area, GError **error);
bool source_store_add(Database *database, const Source *source, GError **error);
/* Name and addresses. */
bool source_store_change(Database *database, const Source *source, GError **error);
/* Ids of bulletins of which any version relays it; char*. */
GPtrArray *source_store_bulletins(Database *database, const char *id, GError **error);
bool source_store_delete(Database *database, const char *id, int64_t now_us, GError **error);
