/* What a station fetches: its plan, its events, root documents, media. */
#include "fleet/fleet.h"
#include "fleet/plan_store.h"
#include "fleet/root_store.h"

#include <string.h>

#include "http/conditional.h"

static const ProblemKind no_plan = {"no-plan", 503,
                                    "Lịch của trạm đang được lập. Hãy thử lại sau vài giây.",
                                    "The plan is being made. Try again in a few seconds."};

/* A station that has just been accepted may ask before the loop came to plan it. */
static bool newest_plan(Fleet *self, const char *station, bool with_bytes, StoredPlan *ret_plan,
                        GError **error)
{
    if (!plan_store_newest(self->settings.database, station, with_bytes, ret_plan, error))
        return false;
    if (ret_plan->epoch)
        return true;
    return publisher_run_station(self->publisher, station, error) >= 0 &&
           plan_store_newest(self->settings.database, station, with_bytes, ret_plan, error);
}

Reply *plan_api_get(void *fleet, Request *request)
{
    Fleet *self = fleet;
    const char *station = station_auth_caller(request)->station->id;
    g_autoptr(GError) error = NULL;
    g_auto(StoredPlan) plan = {0};
    if (!newest_plan(self, station, true, &plan, &error))
        return reply_error(error);
    if (!plan.gzip)
        return reply_problem(&no_plan);
    /* Who takes gzip never sees the plain form: it need not be made. */
    g_autoptr(GBytes) body = conditional_accepts(request, "gzip")
                                 ? g_bytes_ref(plan.gzip)
                                 : plan_store_expand(plan.gzip, &error);
    if (!body)
        return reply_error(error);
    publisher_plan_fetched(self->publisher, station, plan.epoch, plan.version);
    g_autofree char *etag =
        g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, plan.epoch, plan.version);
    return reply_cached("application/json", etag, body, plan.gzip);
}

/* What is in force goes out with the hello; more than fits a stream is to be fetched. */
static void push_unexpired(Fleet *self, const char *station, Reply *reply)
{
    if (reply_status(reply) != 200)
        return;
    g_autoptr(GPtrArray) list = command_book_for(self->commands, station, NULL);
    size_t bytes = 0;
    for (unsigned i = 0; list && i < list->len; i++)
        bytes += strlen(list->pdata[i]);
    if (bytes > PUSH_COMMAND_MAX) {
        push_commands_changed(self->push, station);
        return;
    }
    g_autoptr(GPtrArray) only = g_ptr_array_new();
    g_ptr_array_add(only, (gpointer)station);
    for (unsigned i = 0; list && i < list->len; i++)
        push_command(self->push, only, 0, list->pdata[i]);
}

Reply *events_api_open(void *fleet, Request *request)
{
    Fleet *self = fleet;
    const char *station = station_auth_caller(request)->station->id;
    g_autoptr(GError) error = NULL;
    g_auto(StoredPlan) plan = {0};
    if (!newest_plan(self, station, false, &plan, &error))
        return reply_error(error);
    Reply *reply = push_open(self->push, request, station, plan.epoch, plan.version);
    push_unexpired(self, station, reply);
    return reply;
}

Reply *commands_api_get(void *fleet, Request *request)
{
    Fleet *self = fleet;
    const char *station = station_auth_caller(request)->station->id;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = command_book_for(self->commands, station, &error);
    if (!list)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    g_autoptr(GString) text = g_string_new("{\"commands\":[");
    for (unsigned i = 0; i < list->len; i++)
        g_string_append_printf(text, "%s%s", i ? "," : "", (const char *)list->pdata[i]);
    g_string_append(text, "]}");
    g_autoptr(GBytes) body = g_bytes_new(text->str, text->len);
    Reply *reply = reply_bytes(200, "application/json", body);
    reply_header(reply, "Cache-Control", "no-store");
    return reply;
}

Reply *root_api_get(void *fleet, Request *request)
{
    Fleet *self = fleet;
    uint64_t version;
    g_autoptr(GError) error = NULL;
    if (!g_ascii_string_to_unsigned(request_place(request, "n"), 10, 1, G_MAXINT32, &version, NULL))
        return reply_problem(&problem_not_found);
    char *text = root_store_envelope(self->settings.database, (int64_t)version, &error);
    if (!text)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    g_autoptr(GBytes) body = g_bytes_new_take(text, strlen(text));
    return reply_bytes(200, "application/json", body);
}

Reply *media_api_get(void *fleet, Request *request)
{
    Fleet *self = fleet;
    const char *sha256 = request_place(request, "sha256");
    g_autofree char *path =
        self->settings.media ? media_store_path(self->settings.media, sha256) : NULL;
    if (!path)
        return reply_problem(&problem_not_found);
    return reply_file(path, "audio/ogg; codecs=opus", sha256, true);
}
