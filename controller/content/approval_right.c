/* An approval covers a version, an area and a class. So the question is never "is it approved" but
 * "is it approved for this": a bulletin approved for one village waits again when somebody wants it
 * in the whole commune, and goes on in the village meanwhile. */
#include "content/approval_right.h"

#include "base/clock.h"
#include "registry/area_store.h"
#include "registry/policy.h"

void approval_right_clear(ApprovalRight *right)
{
    approval_scope_clear(&right->wanted);
    g_clear_pointer(&right->scope_name, g_free);
    g_clear_pointer(&right->given, g_ptr_array_unref);
}

static unsigned needed_in(Database *database, const Area *area)
{
    g_autoptr(GPtrArray) policies = policy_store_path(database, area->path, NULL);
    int needed = 1;
    for (unsigned i = 0; policies && i < policies->len; i++)
        needed = MAX(needed, ((const Policy *)g_ptr_array_index(policies, i))->approvers);
    return (unsigned)needed;
}

static bool is_given_by(const GPtrArray *given, const char *user)
{
    for (unsigned i = 0; i < given->len; i++)
        if (g_str_equal(((const ApprovalStep *)g_ptr_array_index(given, i))->by, user))
            return true;
    return false;
}

bool approval_right_read(Database *database, const Bulletin *bulletin, const ApprovalScope *wanted,
                         const User *user, ApprovalRight *ret_right, GError **error)
{
    g_autoptr(Area) own = area_store_get(database, bulletin->area, error);
    const char *scope = wanted && wanted->area ? wanted->area : bulletin->area;
    g_autoptr(Area) area = own ? area_store_get(database, scope, error) : NULL;
    if (!area)
        return false;
    g_auto(ApprovalRight) right = {
        .wanted = {.area = g_strdup(area->id), .class = wanted ? wanted->class : CLASS_NORMAL},
        .scope_name = g_strdup(area->name),
        .needed = needed_in(database, own),
        .own = g_strcmp0(bulletin->author, user->id) == 0,
        .one_person = own->one_person_approves,
        .may = access_allows(database, user, VERB_APPROVE_CONTENT, bulletin->area),
    };
    right.given = approval_store_given(database, bulletin->version, &right.wanted, error);
    if (!right.given)
        return false;
    right.already = is_given_by(right.given, user->id);
    right.covered = approval_store_covers(database, bulletin->version, &right.wanted, NULL);
    *ret_right = right;
    right = (ApprovalRight){0};
    return true;
}

ApprovalQuestion approval_right_question(const ApprovalRight *right, const Bulletin *bulletin)
{
    return (ApprovalQuestion){
        .state = bulletin->state,
        .audio = bulletin->audio,
        .own = right->own,
        .one_person_approves = right->one_person,
        .wider = bulletin->state == BULLETIN_APPROVED && !right->covered,
        .already = right->already,
        .given = right->given->len,
        .needed = right->needed,
    };
}

bool approval_right_waits(const ApprovalRight *right, const Bulletin *bulletin)
{
    const ApprovalQuestion question = approval_right_question(right, bulletin);
    BulletinState next;
    return right->may && approval_ask(&question, APPROVAL_APPROVE, &next) == APPROVAL_OK;
}

static const char *why_not(const ApprovalRight *right, const Bulletin *bulletin)
{
    static const char *const words[] = {
        [APPROVAL_OK] = NULL,           [APPROVAL_WRONG_STATE] = "state",
        [APPROVAL_OWN] = "own",         [APPROVAL_NO_SOUND] = "no_sound",
        [APPROVAL_ALREADY] = "already",
    };
    const ApprovalQuestion question = approval_right_question(right, bulletin);
    BulletinState next;
    return right->may ? words[approval_ask(&question, APPROVAL_APPROVE, &next)] : "right";
}

Json *approval_right_json(const ApprovalRight *right, const Bulletin *bulletin)
{
    Json *given = json_new_array();
    for (unsigned i = 0; i < right->given->len; i++) {
        const ApprovalStep *step = g_ptr_array_index(right->given, i);
        g_autofree char *at = clock_format_utc(step->at_us);
        Json *one = json_new_object();
        json_set_text(one, "id", step->by);
        json_set_text(one, "name", step->by_name);
        json_set_text(one, "at", at);
        json_append_take(given, one);
    }
    const char *why = why_not(right, bulletin);
    Json *object = json_new_object();
    json_set_int(object, "needed", right->needed);
    json_set_take(object, "given", given);
    json_set_text(object, "scope", right->wanted.area);
    json_set_text(object, "scope_name", right->scope_name);
    json_set_text(object, "class", class_words[right->wanted.class]);
    json_set_bool(object, "covered", right->covered);
    json_set_bool(object, "may_approve", why == NULL);
    json_set_text(object, "why_not", why);
    return object;
}
