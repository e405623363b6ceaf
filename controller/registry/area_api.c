/* The tree over HTTP. Everybody sees the areas at or below the own ones, parents first, so that a
 * panel can draw the tree in one pass. */
#include "registry/area_api.h"

#include <string.h>

#include "access/action_log_store.h"
#include "crypto.h"

#define ID_BYTES      8
#define AREA_NAME_MAX 120
#define KIND_MAX      40

static const ProblemKind problem_too_deep = {
    "area-too-deep", 422, "Cây đơn vị đã quá sâu. Hãy chọn đơn vị cấp trên khác.",
    "The tree is too deep here. Choose another parent."};

Json *area_api_json(const Area *area)
{
    Json *json = json_new_object();
    json_set_text(json, "id", area->id);
    json_set_text(json, "parent", area->parent);
    json_set_text(json, "name", area->name);
    json_set_text(json, "kind", area->kind);
    json_set_text(json, "zone", area->zone);
    json_set_bool(json, "one_person_approves", area->one_person_approves);
    return json;
}

static bool add_subtree(Database *database, const char *top, GHashTable *seen, GPtrArray *areas,
                        GError **error)
{
    g_autoptr(GPtrArray) found = area_store_list(database, top, error);
    for (unsigned i = 0; found && i < found->len; i++) {
        Area *area = found->pdata[i];
        if (!g_hash_table_add(seen, g_strdup(area->id)))
            continue;
        g_ptr_array_add(areas, area);
        found->pdata[i] = NULL;
    }
    return found != NULL;
}

static int by_depth_and_name(const void *a, const void *b)
{
    const Area *left = *(Area *const *)a, *right = *(Area *const *)b;
    size_t left_length = strlen(left->path), right_length = strlen(right->path);
    if (left_length != right_length)
        return left_length < right_length ? -1 : 1;
    return strcmp(left->name, right->name);
}

/* Areas of all the person's grants, each once. */
static GPtrArray *areas_of(Database *database, const User *user, GError **error)
{
    g_autoptr(GPtrArray) areas = g_ptr_array_new_with_free_func((GDestroyNotify)area_free);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 0; i < user->grants->len; i++) {
        const UserGrant *grant = &g_array_index(user->grants, UserGrant, i);
        if (!add_subtree(database, grant->area, seen, areas, error))
            return NULL;
    }
    g_ptr_array_sort(areas, by_depth_and_name);
    return g_steal_pointer(&areas);
}

static Json *list_json(Database *database, const User *user, GError **error)
{
    g_autoptr(GPtrArray) areas = areas_of(database, user, error);
    if (!areas)
        return NULL;
    Json *list = json_new_array();
    for (unsigned i = 0; i < areas->len; i++)
        json_append_take(list, area_api_json(areas->pdata[i]));
    return list;
}

static bool make_top(Database *database, const char *name, int64_t now_us, char **ret_id,
                     GError **error)
{
    g_autofree char *id = crypto_random_hex(ID_BYTES);
    Area area = {.id = id,
                 .name = (char *)name,
                 .kind = (char *)"province",
                 .zone = (char *)AREA_ZONE_DEFAULT};
    if (!area_store_add(database, &area, now_us, error))
        return false;
    *ret_id = g_steal_pointer(&id);
    return true;
}

static char *name_of(Database *database, const char *id)
{
    g_autoptr(Area) area = area_store_get(database, id, NULL);
    return area ? g_steal_pointer(&area->name) : NULL;
}

const AreasOps area_api_ops = {.make_top = make_top, .list = list_json, .name = name_of};

Reply *area_api_list(void *room, Request *request)
{
    Registry *self = room;
    g_autoptr(GError) error = NULL;
    Json *items = list_json(self->database, access_user(request), &error);
    if (!items)
        return reply_error(error);
    Json *answer = json_new_object();
    json_set_take(answer, "items", items);
    json_set_null(answer, "next");
    return reply_json_take(200, answer);
}

static bool write_log(Registry *self, const Request *request, const char *verb, const char *area,
                      GError **error)
{
    Action action = {.user = access_user(request)->id,
                     .verb = verb,
                     .area = area,
                     .object = area,
                     .remote = request_remote(request)};
    return action_log_store_add(self->database, &action, request_now_us(request), error);
}

/* Commits what `written` says worked and answers with the area as it is now. */
static Reply *finish(Registry *self, bool written, const char *id, unsigned status, GError **error)
{
    if (!written)
        database_rollback(self->database);
    if (!written || !database_commit(self->database, error))
        return reply_error(*error);
    g_autoptr(Area) area = area_store_get(self->database, id, error);
    return area ? reply_json_take(status, area_api_json(area)) : reply_error(*error);
}

static unsigned depth_of(const char *path)
{
    unsigned depth = 0;
    for (const char *at = path; *at; at++)
        depth += *at == '/';
    return depth;
}

static Reply *judge_parent(Registry *self, const Request *request, const char *parent)
{
    Reply *refusal = access_check(self->database, request, VERB_MANAGE_AREAS, parent);
    if (refusal)
        return refusal;
    g_autoptr(Area) above = area_store_get(self->database, parent, NULL);
    return above && depth_of(above->path) > AREA_DEPTH_MAX ? reply_problem(&problem_too_deep)
                                                           : NULL;
}

Reply *area_api_create(void *room, Request *request)
{
    Registry *self = room;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autofree char *id = crypto_random_hex(ID_BYTES);
    Area area = {.id = id};
    area.parent = (char *)json_form_text(form, "parent", true, 1, 64);
    area.name = (char *)json_form_text(form, "name", true, 1, AREA_NAME_MAX);
    area.kind = (char *)json_form_text(form, "kind", true, 1, KIND_MAX);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    Reply *refusal = judge_parent(self, request, area.parent);
    if (refusal)
        return refusal;
    if (!database_begin(self->database, &error))
        return reply_error(error);
    bool written = area_store_add(self->database, &area, request_now_us(request), &error) &&
                   write_log(self, request, "area.create", id, &error);
    return finish(self, written, id, 201, &error);
}

Reply *area_api_patch(void *room, Request *request)
{
    Registry *self = room;
    g_autoptr(GError) error = NULL;
    const char *id = request_place(request, "id");
    Reply *refusal = access_check(self->database, request, VERB_MANAGE_AREAS, id);
    if (refusal)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    bool one_person = json_form_bool(form, "one_person_approves", false, false);
    AreaChange change = {.name = json_form_text(form, "name", false, 1, AREA_NAME_MAX)};
    if (json_peek(request_json(request), "one_person_approves"))
        change.one_person_approves = &one_person;
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    if (!database_begin(self->database, &error))
        return reply_error(error);
    bool written = area_store_change(self->database, id, &change, &error) &&
                   write_log(self, request, "area.change", id, &error);
    return finish(self, written, id, 200, &error);
}
