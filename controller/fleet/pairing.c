/* Codes have 40 bits and wait for a day, so guessing is hopeless long before it is annoying: the
 * fifth wrong code locks its person out for 15 minutes, whatever it was typed for. */
#include "fleet/pairing.h"

#include "access/access.h"
#include "access/action_log_store.h"
#include "keys.h"

static const ProblemKind code_unknown = {
    "code-unknown", 404, "Không có trạm nào đang chờ với mã này. Hãy xem lại mã trên trạm.",
    "No station waits with this code. Look at the code on the station again."};
static const ProblemKind pairing_locked = {"pairing-locked", 429,
                                           "Đã nhập sai mã 5 lần. Hãy thử lại sau 15 phút.",
                                           "Five wrong codes. Try again in 15 minutes."};

static Reply *locked(int64_t until_us, int64_t now_us)
{
    g_autofree char *seconds =
        g_strdup_printf("%" G_GINT64_FORMAT, (until_us - now_us) / G_USEC_PER_SEC + 1);
    Reply *reply = reply_problem(&pairing_locked);
    reply_header(reply, "Retry-After", seconds);
    return reply;
}

static Reply *wrong_code(Database *database, const Request *request)
{
    const User *user = access_user(request);
    g_autoptr(GError) error = NULL;
    Action action = {
        .user = user->id, .verb = "station.wrong_code", .remote = request_remote(request)};
    if (!database_begin(database, &error))
        return reply_error(error);
    if (!enrolment_store_failed(database, user->id, request_now_us(request), &error) ||
        !action_log_store_add(database, &action, request_now_us(request), &error)) {
        database_rollback(database);
        return reply_error(error);
    }
    return database_commit(database, &error) ? reply_problem(&code_unknown) : reply_error(error);
}

Reply *pairing_find(Database *database, const Request *request, const char *typed,
                    Enrolment **ret_enrolment)
{
    g_autoptr(GError) error = NULL;
    int64_t now_us = request_now_us(request);
    int64_t until_us =
        enrolment_store_locked_until(database, access_user(request)->id, now_us, &error);
    if (until_us)
        return locked(until_us, now_us);
    char code[KEY_PAIRING_CHARS + 1];
    g_autoptr(Enrolment) enrolment = NULL;
    if (!error && typed && key_pairing_normalise(typed, code))
        enrolment = enrolment_store_by_code(database, code, now_us, &error);
    if (error)
        return reply_error(error);
    if (!enrolment)
        return wrong_code(database, request);
    *ret_enrolment = g_steal_pointer(&enrolment);
    return NULL;
}
