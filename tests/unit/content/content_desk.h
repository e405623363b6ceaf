/* A desk for tests of the content room: people, areas, the rooms themselves behind a real server,
 * and a client of its own. */
#pragma once

#include "content/bulletin_api.h"
#include "http/server.h"

typedef struct {
    Uploads *uploads;
    BulletinApi *bulletins;
} App;

typedef struct {
    char *folder;
    Database *database;
    MediaStore *media;
    Intake *intake;
    App app;
    Router *router;
    Server *server;
    unsigned changed;
} Fixture;

typedef struct {
    unsigned status;
    char *head;
    GBytes *body;
    Json *json;
} Answer;

#define CHUNKED (-2)

/* Fixture and its client. `announced`: the Content-Length to claim; -1 = what is sent; more than is
 * sent = hang up in the middle; CHUNKED = none, `body` is chunks. Locations are "/api/uploads/ID".
 */
void desk_set_up(Fixture *self, gconstpointer data);
void desk_tear_down(Fixture *self, gconstpointer data);
void desk_open_rooms(Fixture *self);
void desk_start_server(Fixture *self);
Answer *desk_talk(Fixture *self, const char *line, const char *headers, const void *body,
                  size_t length, gint64 announced);
char *answer_header(const Answer *answer, const char *name);
void assert_header(const Answer *answer, const char *name, const char *wanted);
Answer *desk_json(Fixture *self, const char *who, const char *line, const char *body);
Answer *desk_get(Fixture *self, const char *who, const char *path, const char *more);
char *desk_create_upload(Fixture *self, const char *who, gint64 length, const char *filename);
Answer *desk_patch(Fixture *self, const char *who, const char *location, gint64 offset,
                   const void *bytes, size_t length, gint64 announced);
Answer *desk_head(Fixture *self, const char *who, const char *location);
char *desk_upload(Fixture *self, const char *who, const char *name, const void *bytes,
                  size_t length);
/* The bulletin, once its sound is no longer being worked on. */
Answer *desk_wait_for_sound(Fixture *self, const char *id);
unsigned desk_count(Fixture *self, const char *name);
void answer_free(Answer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answer, answer_free)
