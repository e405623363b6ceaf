/* Who makes content in an area adds sources there; those below it may relay them. An address is
 * saved only after it was heard: a trial of the same person, at most a day old, stands for it. An
 * address that a source has already needs no new trial. */
#include "content/source_api.h"

#include "access/access.h"
#include "access/action_log_store.h"
#include "content/source_reach.h"
#include "content/source_store.h"
#include "crypto.h"
#include "registry/area_store.h"
#include "registry/station_store.h"
#include "relay_format.h"

#define ID_MAX   64
#define ID_BYTES 8

struct SourceApi {
    Database *database;
    SourceTrials *trials;
    BulletinChanged changed;
    void *changed_user;
    StationFacts stations;
};

static const ProblemKind problem_busy = {
    "trials-busy", 429, "Đang nghe thử nhiều nguồn cùng lúc. Hãy thử lại sau nửa phút.",
    "Several sources are being tried already. Try again in half a minute."};

static const struct {
    const char *code, *vi, *en;
} reasons[] = {
    {"unreachable",
     "Không kết nối được tới địa chỉ này. Hãy kiểm tra lại địa chỉ, hoặc hỏi đài phát.",
     "This address cannot be reached. Check it, or ask the broadcaster."},
    {"not-audio",
     "Địa chỉ này không phải luồng âm thanh mà trạm loa phát được (MP3, AAC, Ogg, HLS). Trang web "
     "nghe đài không dùng được; cần địa chỉ của chính luồng âm thanh.",
     "This is no audio stream that stations can play (MP3, AAC, Ogg, HLS). A page with a player "
     "does not do; the address of the stream itself is needed."},
    {"silent", "Kết nối được nhưng không nghe thấy gì. Hãy thử lại khi đài đang phát.",
     "It can be reached, but nothing is heard. Try again while it is on air."},
    {"ended", "Luồng bị ngắt sau vài giây. Hãy thử lại hoặc dùng địa chỉ khác.",
     "The stream broke off after a few seconds. Try again or use another address."},
    {"internal", "Máy chủ không nghe thử được. Hãy thử lại hoặc báo người quản trị.",
     "The server could not listen. Try again or tell the administrator."},
};

SourceApi *source_api_new(Database *database, SourceTrials *take_trials, BulletinChanged changed,
                          void *changed_user)
{
    SourceApi *self = g_new0(SourceApi, 1);
    self->database = database;
    self->trials = take_trials;
    self->changed = changed;
    self->changed_user = changed_user;
    return self;
}

void source_api_ask_stations(SourceApi *self, StationFacts stations)
{
    self->stations = stations;
}

void source_api_free(SourceApi *self)
{
    if (self)
        source_trials_free(self->trials);
    g_free(self);
}

/* ---- trials ---- */

static const char *why_text(const Request *request, const char *code)
{
    unsigned i = 0;
    while (i + 1 < G_N_ELEMENTS(reasons) && !g_str_equal(reasons[i].code, code))
        i++;
    return request_language(request) == LANGUAGE_EN ? reasons[i].en : reasons[i].vi;
}

static Json *trial_json(const Request *request, const SourceTrial *trial)
{
    bool heard = trial->state == TRIAL_HEARD;
    Json *json = json_new_object();
    json_set_text(json, "id", trial->id);
    json_set_text(json, "url", trial->url);
    json_set_text(json, "state", trial_state_words[trial->state]);
    json_set_text(json, "format", trial->format);
    if (heard)
        json_set_real(json, "peak_dbfs", trial->peak_dbfs);
    else
        json_set_null(json, "peak_dbfs");
    json_set_text(json, "why", trial->why ? why_text(request, trial->why) : NULL);
    return json;
}

Reply *source_api_try(void *room, Request *request)
{
    SourceApi *self = room;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    const char *area = json_form_text(form, "area", true, 1, ID_MAX);
    const char *url = json_form_text(form, "url", true, 8, RELAY_MAX_URL);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = access_check(self->database, request, VERB_CREATE_CONTENT, area);
    if (refusal)
        return refusal;
    if (!relay_format_url_is_good(url)) {
        Problem *problem = problem_new(&problem_invalid);
        problem_add(problem, "/url", "Địa chỉ phải bắt đầu bằng http:// hoặc https://.",
                    "An address begins with http:// or https://.");
        return reply_problem_take(problem);
    }
    const SourceTrial *trial =
        source_trials_start(self->trials, access_user(request)->id, url, &error);
    if (!trial)
        return error ? reply_error(error) : reply_problem(&problem_busy);
    return reply_json_take(202, trial_json(request, trial));
}

static const SourceTrial *trial_asked(SourceApi *self, const Request *request)
{
    return source_trials_find(self->trials, access_user(request)->id, request_place(request, "id"));
}

Reply *source_api_trial(void *room, Request *request)
{
    const SourceTrial *trial = trial_asked(room, request);
    return trial ? reply_json_take(200, trial_json(request, trial))
                 : reply_problem(&problem_not_found);
}

Reply *source_api_trial_audio(void *room, Request *request)
{
    const SourceTrial *trial = trial_asked(room, request);
    return trial && trial->state == TRIAL_HEARD
               ? reply_file(trial->path, "audio/ogg", trial->id, false)
               : reply_problem(&problem_not_found);
}

/* ---- sources ---- */

/* `reach`: of the area that asks; may be NULL. */
static Json *source_json(SourceApi *self, const Request *request, const Source *source,
                         SourceReach *reach)
{
    Json *addresses = json_new_array();
    for (unsigned i = 0; i < source->addresses->len; i++) {
        const SourceAddress *address = g_ptr_array_index(source->addresses, i);
        Json *one = json_new_object();
        json_set_text(one, "url", address->url);
        json_set_text(one, "format", address->format);
        json_append_take(addresses, one);
    }
    g_autofree char *created = clock_format_utc(source->created_us);
    Json *json = json_new_object();
    json_set_text(json, "id", source->id);
    json_set_text(json, "area", source->area);
    json_set_text(json, "area_name", source->area_name);
    json_set_text(json, "name", source->name);
    json_set_take(json, "addresses", addresses);
    json_set_text(json, "created_by", source->created_by_name);
    json_set_text(json, "created_at", created);
    json_set_bool(
        json, "may_change",
        access_allows(self->database, access_user(request), VERB_CREATE_CONTENT, source->area));
    if (reach)
        json_set_take(json, "reach", source_reach_json(reach, source));
    else
        json_set_null(json, "reach");
    return json;
}

Reply *source_api_list(void *room, Request *request)
{
    SourceApi *self = room;
    g_autoptr(GError) error = NULL;
    const char *asked = request_query(request, "area");
    const char *area = asked ? asked : access_home(access_user(request));
    Reply *refusal = access_check(self->database, request, VERB_VIEW, area);
    if (refusal)
        return refusal;
    g_autoptr(GPtrArray) list = source_store_list(self->database, area, &error);
    g_autoptr(GPtrArray) stations =
        list ? station_store_in_area(self->database, area, &error) : NULL;
    if (!stations)
        return reply_error(error);
    g_autoptr(SourceReach) reach = source_reach_new(&self->stations, stations);
    Json *items = json_new_array();
    for (unsigned i = 0; i < list->len; i++)
        json_append_take(items, source_json(self, request, g_ptr_array_index(list, i), reach));
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    return reply_json_take(200, body);
}

static const char *known_format(const Source *before, const char *url)
{
    for (unsigned i = 0; before && i < before->addresses->len; i++) {
        const SourceAddress *address = g_ptr_array_index(before->addresses, i);
        if (g_strcmp0(address->url, url) == 0)
            return address->format;
    }
    return NULL;
}

/* Each address is {"trial"} or, of one that is there already, {"url"}. */
static void read_addresses(SourceApi *self, const Request *request, JsonForm *form,
                           const Source *before, Source *source)
{
    const Json *list = json_form_array(form, "addresses", true, SOURCE_ADDRESSES_MAX);
    for (size_t i = 0; list && i < json_length(list); i++) {
        JsonForm *one = json_form_element(form, "addresses", i);
        const char *id = json_form_text(one, "trial", false, 1, ID_MAX);
        const char *url = json_form_text(one, "url", false, 1, RELAY_MAX_URL);
        const SourceTrial *trial =
            id ? source_trials_find(self->trials, access_user(request)->id, id) : NULL;
        const char *format = known_format(before, url);
        if (trial && trial->state == TRIAL_HEARD)
            source_add_address(source, trial->url, trial->format);
        else if (!id && format)
            source_add_address(source, url, format);
        else
            json_form_fault(one, "trial", FORM_CHOICE, NULL);
    }
    if (list && json_length(list) == 0)
        json_form_fault(form, "addresses", FORM_TOO_SHORT, "1");
}

static bool note(SourceApi *self, const Request *request, const char *verb, const Source *source,
                 GError **error)
{
    Action action = {.user = access_user(request)->id,
                     .verb = verb,
                     .area = source->area,
                     .object = source->id,
                     .remote = request_remote(request)};
    return action_log_store_add(self->database, &action, request_now_us(request), error);
}

/* Plans carry the addresses. */
static bool tell_bulletins(SourceApi *self, const Source *source, GError **error)
{
    g_autoptr(GPtrArray) bulletins = source_store_bulletins(self->database, source->id, error);
    for (unsigned i = 0; bulletins && self->changed && i < bulletins->len; i++)
        self->changed(g_ptr_array_index(bulletins, i), self->changed_user);
    return bulletins != NULL;
}

static Reply *finish(SourceApi *self, const Request *request, bool written, const char *id,
                     unsigned status, GError **error)
{
    if (!written)
        database_rollback(self->database);
    if (!written || !database_commit(self->database, error))
        return reply_error(*error);
    g_autoptr(Source) source = source_store_get(self->database, id, error);
    if (!source)
        return reply_error(*error);
    return source->deleted_us ? reply_empty(204)
                              : reply_json_take(status, source_json(self, request, source, NULL));
}

Reply *source_api_create(void *room, Request *request)
{
    SourceApi *self = room;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Source) source = source_new();
    source->area = g_strdup(json_form_text(form, "area", true, 1, ID_MAX));
    source->name = g_strdup(json_form_text(form, "name", true, 1, SOURCE_NAME_MAX));
    read_addresses(self, request, form, NULL, source);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = access_check(self->database, request, VERB_CREATE_CONTENT, source->area);
    if (refusal)
        return refusal;
    source->id = crypto_random_hex(ID_BYTES);
    source->created_by_name = g_strdup(access_user(request)->name);
    source->created_us = source->updated_us = request_now_us(request);
    if (!database_begin(self->database, &error))
        return reply_error(error);
    bool written = source_store_add(self->database, source, &error) &&
                   note(self, request, "source.create", source, &error);
    return finish(self, request, written, source->id, 201, &error);
}

/* The source of {id}, for somebody who may change it. */
static Source *find_own(SourceApi *self, const Request *request, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    const User *user = access_user(request);
    g_autoptr(Source) source =
        source_store_get(self->database, request_place(request, "id"), &error);
    if (error)
        *ret_refusal = reply_error(error);
    else if (!source || source->deleted_us ||
             !access_allows(self->database, user, VERB_VIEW, source->area))
        *ret_refusal = reply_problem(&problem_not_found);
    else if (!access_allows(self->database, user, VERB_CREATE_CONTENT, source->area))
        *ret_refusal = reply_problem(&problem_forbidden);
    return *ret_refusal ? NULL : g_steal_pointer(&source);
}

Reply *source_api_change(void *room, Request *request)
{
    SourceApi *self = room;
    g_autoptr(GError) error = NULL;
    Reply *refusal = NULL;
    g_autoptr(Source) before = find_own(self, request, &refusal);
    if (!before)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(Source) after = source_new();
    const char *name = json_form_text(form, "name", false, 1, SOURCE_NAME_MAX);
    after->id = g_strdup(before->id);
    after->area = g_strdup(before->area);
    after->name = g_strdup(name ? name : before->name);
    after->updated_us = request_now_us(request);
    if (json_peek(request_json(request), "addresses"))
        read_addresses(self, request, form, before, after);
    else
        for (unsigned i = 0; i < before->addresses->len; i++) {
            const SourceAddress *address = g_ptr_array_index(before->addresses, i);
            source_add_address(after, address->url, address->format);
        }
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if (!database_begin(self->database, &error))
        return reply_error(error);
    bool written = source_store_change(self->database, after, &error) &&
                   tell_bulletins(self, after, &error) &&
                   note(self, request, "source.change", after, &error);
    return finish(self, request, written, after->id, 200, &error);
}

Reply *source_api_delete(void *room, Request *request)
{
    SourceApi *self = room;
    g_autoptr(GError) error = NULL;
    Reply *refusal = NULL;
    g_autoptr(Source) source = find_own(self, request, &refusal);
    if (!source)
        return refusal;
    if (!database_begin(self->database, &error))
        return reply_error(error);
    bool written =
        source_store_delete(self->database, source->id, request_now_us(request), &error) &&
        note(self, request, "source.delete", source, &error);
    return finish(self, request, written, source->id, 204, &error);
}
