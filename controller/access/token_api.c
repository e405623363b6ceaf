/* A person's own tokens. The secret is in the answer that makes one and nowhere else; so no answer
 * is kept under an Idempotency-Key. A repeat ends the token whose secret was lost and answers with
 * another in its place. */
#include "access/token_api.h"

#include "access/own_act.h"
#include "access/session.h"
#include "access/token_store.h"
#include "base/clock.h"

static const ProblemKind problem_too_many_tokens = {
    "too-many-tokens", 409, "Bạn đã có {max} mã truy cập. Hãy xóa mã không dùng nữa.",
    "You have {max} tokens already. Delete one that is no longer used."};

static void set_time(Json *json, const char *key, int64_t at_us)
{
    g_autofree char *text = at_us ? clock_format_utc(at_us) : NULL;
    json_set_text(json, key, text);
}

static Json *token_json(const Token *token, const User *user)
{
    Json *may = json_new_array();
    for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
        if ((token->verbs & (1u << verb)) && access_anywhere(user, (Verb)verb))
            json_append_text(may, verb_word((Verb)verb));
    }
    Json *json = json_new_object();
    json_set_text(json, "id", token->id);
    json_set_text(json, "name", token->name);
    json_set_take(json, "may", may);
    set_time(json, "created_at", token->created_us);
    set_time(json, "expires_at", token->expires_us);
    set_time(json, "used_at", token->used_us);
    json_set_text(json, "used_from", token->used_remote);
    return json;
}

Reply *token_api_list(void *room, Request *request)
{
    People *people = room;
    g_autoptr(GError) error = NULL;
    const User *user = access_user(request);
    g_autoptr(GPtrArray) tokens = token_store_list(people->database, user->id, false, &error);
    if (!tokens)
        return reply_error(error);
    Json *answer = json_new_object();
    Json *items = json_new_array();
    for (unsigned i = 0; i < tokens->len; i++)
        json_append_take(items, token_json(tokens->pdata[i], user));
    json_set_take(answer, "items", items);
    json_set_null(answer, "next");
    return reply_json_take(200, answer);
}

/* Absent: whatever its user may. Seeing belongs to everything else. */
static unsigned read_verbs(JsonForm *form)
{
    const Json *words = json_form_array(form, "may", false, VERB_COUNT);
    unsigned verbs = 1u << VERB_VIEW;
    for (size_t i = 0; i < json_length(words); i++) {
        Verb verb;
        if (verb_from_word(json_text(json_at(words, i)), &verb))
            verbs |= 1u << verb;
        else
            json_form_fault(form, "may", FORM_CHOICE,
                            "view, manage_areas, manage_users, manage_stations, create_content, "
                            "approve_content, schedule, audit");
    }
    return words ? verbs : VERBS_ALL;
}

static Token *read_token(JsonForm *form, const Request *request)
{
    Token *token = g_new0(Token, 1);
    token->user = g_strdup(access_user(request)->id);
    token_set_id(token, request_header(request, "Idempotency-Key"));
    token->name = g_strdup(json_form_text(form, "name", true, 1, TOKEN_NAME_MAX));
    token->created_us = request_now_us(request);
    token->expires_us = json_form_time(form, "expires_at", false, 0);
    token->verbs = read_verbs(form);
    if (token->expires_us && token->expires_us <= token->created_us)
        json_form_fault(form, "expires_at", FORM_RANGE, "> now");
    return token;
}

static Reply *judge_count(People *people, const Token *token)
{
    g_autoptr(GError) error = NULL;
    unsigned others;
    if (!token_store_count_others(people->database, token, &others, &error))
        return reply_error(error);
    if (others < TOKENS_MAX)
        return NULL;
    Problem *problem = problem_new(&problem_too_many_tokens);
    problem_set(problem, "max", G_STRINGIFY(TOKENS_MAX));
    return reply_problem_take(problem);
}

typedef struct Making {
    const Token *token;
    char *secret;
} Making;

static bool write_token(People *people, Request *request, void *data, GError **error)
{
    Making *making = data;
    return token_store_add(people->database, making->token, &making->secret, error) &&
           own_act_note(people, request, "token.create", making->token->id, error);
}

Reply *token_api_create(void *room, Request *request)
{
    People *people = room;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    Reply *refusal = session_needed(request);
    if (refusal)
        return refusal;
    g_autoptr(Token) token = read_token(form, request);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    refusal = judge_count(people, token);
    if (refusal)
        return refusal;
    Making making = {.token = token};
    refusal = own_act(people, request, write_token, &making);
    g_autofree char *secret = making.secret;
    if (refusal)
        return refusal;
    Json *answer = token_json(token, access_user(request));
    json_set_text(answer, "token", secret);
    Reply *reply = reply_json_take(201, answer);
    reply_header(reply, "Cache-Control", "no-store");
    return reply;
}

static bool remove_token(People *people, Request *request, void *data, GError **error)
{
    bool *removed = data;
    const Token token = {.id = (char *)request_place(request, "id"),
                         .user = access_user(request)->id};
    return token_store_remove(people->database, &token, removed, error) &&
           (!*removed || own_act_note(people, request, "token.delete", token.id, error));
}

Reply *token_api_delete(void *room, Request *request)
{
    bool removed = false;
    Reply *refusal = session_needed(request);
    if (!refusal)
        refusal = own_act(room, request, remove_token, &removed);
    if (refusal)
        return refusal;
    return removed ? reply_empty(204) : reply_problem(&problem_not_found);
}
