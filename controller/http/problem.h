/* Problem documents (RFC 9457) in the caller's language.
 *
 * A room declares the problems it can answer with as constants beside the code that finds them;
 * the texts may hold {name} places that problem_set() fills. */
#pragma once

#include "json.h"

typedef enum { LANGUAGE_VI, LANGUAGE_EN } Language;

typedef struct ProblemKind {
    const char *slug; /* the last part of the type URI, e.g. "bulletin-not-approved" */
    unsigned status;
    const char *vi; /* what happened and what to do, one or two sentences */
    const char *en;
} ProblemKind;

typedef struct Problem Problem;

/* The ones that every room needs. */
extern const ProblemKind problem_bad_request;   /* 400 the request cannot be read: {why} */
extern const ProblemKind problem_invalid;       /* 422 some values are wrong, see `errors` */
extern const ProblemKind problem_not_logged_in; /* 401 */
extern const ProblemKind problem_forbidden;     /* 403 no right to do this here */
extern const ProblemKind problem_not_found;     /* 404 */
extern const ProblemKind problem_conflict;      /* 409 */
extern const ProblemKind problem_too_large;     /* 413 {max} */
extern const ProblemKind problem_too_many;      /* 429 */
extern const ProblemKind problem_internal;      /* 500 said without details; those are logged */
extern const ProblemKind problem_disk_full;     /* 507 */

Problem *problem_new(const ProblemKind *kind);
/* 422 with one entry in `errors` for each mistake of a form. */
Problem *problem_from_form(JsonForm *form);
/* A database or file error: disk full -> problem_disk_full, else problem_internal (logged once). */
Problem *problem_from_error(const GError *error);
void problem_set(Problem *self, const char *place, const char *value);
/* One more entry of `errors`: a JSON pointer and its texts. */
void problem_add(Problem *self, const char *pointer, const char *vi, const char *en);
/* Members of its own beside those that every problem has; once. */
void problem_extend(Problem *self, Json *take_members);
unsigned problem_status(const Problem *self);
const ProblemKind *problem_kind(const Problem *self);
/* {"type","title","status","detail","instance","errors":[{"pointer","detail"}]} */
char *problem_print(const Problem *self, Language language, const char *request_id,
                    size_t *ret_length);
void problem_free(Problem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Problem, problem_free)
