/* One transaction for the act and the line that tells of it. A `write` that fails without an error
 * has its own reason, which the caller knows: the answer is then a plain conflict. */
#include "access/own_act.h"

#include "access/action_log_store.h"

Reply *own_act(People *people, Request *request,
               bool (*write)(People *people, Request *request, void *data, GError **error),
               void *data)
{
    g_autoptr(GError) error = NULL;
    if (!database_begin(people->database, &error))
        return reply_error(error);
    bool written = write(people, request, data, &error);
    if (!written)
        database_rollback(people->database);
    if (written && database_commit(people->database, &error))
        return NULL;
    return error ? reply_error(error) : reply_problem(&problem_conflict);
}

bool own_act_note(People *people, const Request *request, const char *verb, const char *object,
                  GError **error)
{
    const User *user = access_user(request);
    Action action = {.user = user->id,
                     .verb = verb,
                     .area = access_home(user),
                     .object = object,
                     .remote = request_remote(request)};
    return action_log_store_add(people->database, &action, request_now_us(request), error);
}
