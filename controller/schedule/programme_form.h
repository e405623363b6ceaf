/* Items of a programme or a template: from JSON, judged, and back. */
#pragma once

#include "http/request.h"
#include "schedule/programme_store.h"

/* "items" of the form. A template may leave a bulletin open, to be chosen each time. */
void programme_form_items(JsonForm *form, bool is_template, Programme *programme);
/* What only the database can tell: the bulletins, and which kinds the stations of the area play.
 * False when something was added to `problem`, or with an error. */
bool programme_form_judge(Database *database, const Request *request, const Programme *programme,
                          Problem *problem, GError **error);
Json *programme_form_items_json(Database *database, const Programme *programme);
/* Can stations below `path` play it, as far as they say? Sound files always: they are prepared
 * before the first station stands. */
bool programme_form_playable(Database *database, const char *path, ProgrammeKind kind,
                             ProgrammeSpeakers *ret_speakers, GError **error);
