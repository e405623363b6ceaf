/* The inbox: everything that waits for a word of the person who asks, from every room that has
 * something to decide. */
#pragma once

#include "access/access.h"

#define INBOX_LIMIT 100 /* rows of one kind */

/* A row about something that waits; texts are borrowed, `take_object` (may be NULL) is what the
 * kind shows more of. */
typedef struct InboxRow {
    const char *id; /* of what waits */
    const char *title;
    const char *area;
    const char *area_name;
    const char *by; /* who asks */
    int64_t since_us;
    Json *take_object;
} InboxRow;

/* What a source fills. */
typedef struct InboxRows {
    Json *items;
    bool more; /* there is, or may be, more of this kind than `items` */
} InboxRows;

/* Adds what waits for the caller with inbox_add(), and says `more` where it stops looking before
 * the end; false with an error. */
typedef bool (*InboxList)(void *room, const Request *request, InboxRows *rows, GError **error);

typedef struct Inbox Inbox;

Inbox *inbox_new(void);
void inbox_free(Inbox *self);
/* `kind` is the word of the API and must stay valid: "approval", "wider", "acceptance",
 * "sent_back", "returned", "review". */
void inbox_add_source(Inbox *self, const char *kind, InboxList list, void *room);
/* For sources. False when the list is full: it says `more`, and there is no need to look further.
 */
bool inbox_add(InboxRows *rows, const InboxRow *row);

Reply *inbox_api_get(void *room, Request *request); /* GET /api/inbox; the room is the Inbox */
