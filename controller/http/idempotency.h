/* Repeats: a write with the same Idempotency-Key of the same person answers as the first did. */
#pragma once

#include "db/database.h"
#include "http/request.h"

#define IDEMPOTENCY_KEY_MAX    200
#define IDEMPOTENCY_US         (24LL * 3600 * G_USEC_PER_SEC)
#define IDEMPOTENCY_PENDING_US (60LL * G_USEC_PER_SEC) /* of an answer that is still being made */
#define IDEMPOTENCY_ANSWER_MAX (256 * 1024)            /* bytes; larger answers are not kept */

typedef struct Idempotency Idempotency;

/* `who` names the caller of a request, NULL for nobody (then keys are ignored). */
Idempotency *idempotency_new(Database *database, const char *(*who)(const Request *request));
void idempotency_free(Idempotency *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Idempotency, idempotency_free)

/* Before the handler. A reply (the first one again, 409, 422, 400) ends the matter. NULL: go on;
 * then `ret_row` names the row to finish, or is NULL when the request has no key. With a row a
 * transaction is open, so that the act and its answer become durable together. */
Reply *idempotency_begin(Idempotency *self, const Request *request, char **ret_row);
/* After the handler has answered at once: keeps a success, forgets a failure, and commits. What
 * comes back is to be sent: `take_reply`, or a problem when the commit failed. */
Reply *idempotency_answer(Idempotency *self, const char *row, Reply *take_reply, int64_t now_us);
/* The handler holds the request: commits what it did so far. */
bool idempotency_hold(Idempotency *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Later it goes on to its act: a transaction is open again, for idempotency_answer() to end. */
bool idempotency_resume(Idempotency *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The answer to one that was held and has done its act by itself, or refuses it. */
Reply *idempotency_late(Idempotency *self, const char *row, Reply *take_reply, int64_t now_us);
/* Drops what has expired. */
bool idempotency_sweep(Idempotency *self, int64_t now_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;
