/* Whether the words by which bulletins and programmes are found are those that they have, and the
 * words made anew from them: nothing stands there that could not be told again. */
#pragma once

#include "db/database.h"

/* Quick enough for every start: the index can be walked and knows each of them once. False with an
 * error that says what is wrong. For the connection that writes; changes nothing. */
bool shelf_check_store_look(Database *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Each word of each of them, against an index made anew in memory. For a reader. */
bool shelf_check_store_compare(Database *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All of it or nothing, in a transaction of its own. 50,000 bulletins take about two seconds. */
bool shelf_check_store_rebuild(Database *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;
