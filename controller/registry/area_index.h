/* Finding an area by what a spreadsheet says: its id, its name, or names from above ("Xã Đông Hưng
 * / Thôn Thượng"), accents or not. */
#pragma once

#include "access/access.h"
#include "registry/area_store.h"

typedef enum { AREA_INDEX_FOUND, AREA_INDEX_NONE, AREA_INDEX_SEVERAL } AreaIndexAnswer;

typedef struct AreaIndex AreaIndex;

/* All areas in which `user` holds `verb`; both must outlive the index. */
AreaIndex *area_index_new(Database *database, const User *user, Verb verb, GError **error);
void area_index_free(AreaIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AreaIndex, area_index_free)

/* `ret_area` is borrowed. */
AreaIndexAnswer area_index_find(const AreaIndex *self, const char *said, const Area **ret_area);
/* The child of `parent` with that name; NULL when there is none. Borrowed. */
const Area *area_index_child(const AreaIndex *self, const char *parent, const char *name);
/* An area that is only about to be. */
const Area *area_index_add_take(AreaIndex *self, Area *area);
