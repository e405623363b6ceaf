/* Where an alert sounds: areas, stations, and groups across communes.
 *
 * A group is what it is at the moment of the order. Members below the issuer are named like any
 * target; those elsewhere only with the area that accepted the group, so that a station there knows
 * why it is meant although the issuer does not stand above it. Who has not accepted hears nothing.
 */
#include "alerts/alerts_parts.h"

#include "schedule/airing_store_play.h"
#include "schedule/broadcast_store.h"

#define ID_MAX 64
/* Its end goes to the same places and to the issuer's own area, in one command. */
#define TARGETS_MAX 199
G_STATIC_ASSERT(TARGETS_MAX < COMMAND_MAX_TARGETS);

static const ProblemKind problem_crowded = {
    "too-many-targets", 422,
    "Các nhóm đã chọn có hơn {max} nơi phát. Hãy chọn ít nhóm hơn, hoặc chọn cả đơn vị.",
    "The chosen groups name more than {max} places. Choose fewer groups, or whole areas."};

Broadcast *alert_targets_read(JsonForm *form, Alert *alert)
{
    Broadcast *where = broadcast_new();
    where->area = g_strdup(alert->area);
    const Json *targets = json_form_array(form, "targets", true, TARGETS_MAX);
    bool included = false;
    for (size_t i = 0; i < json_length(targets); i++) {
        JsonForm *one = json_form_element(form, "targets", i);
        int kind = json_form_choice(one, "kind", true, target_kind_words, TARGET_AREA);
        const char *id = json_form_text(one, "id", true, 1, ID_MAX);
        bool exclude = json_form_bool(one, "exclude", false, false);
        included = included || !exclude;
        broadcast_add_target(where, (TargetKind)kind, id, exclude);
    }
    if (targets && !included)
        json_form_fault(form, "targets", FORM_TOO_SHORT, "1");
    alert->targets = targets ? json_print(targets, NULL) : NULL;
    return where;
}

static char *area_of(Database *database, const BroadcastTarget *target, GError **error)
{
    if (target->kind == TARGET_GROUP)
        return group_store_area(database, target->id);
    if (target->kind == TARGET_STATION) {
        g_autoptr(Station) station = station_store_get(database, target->id, error);
        return station && !station->retired_us ? g_strdup(station->area) : NULL;
    }
    g_autoptr(Area) area = area_store_get(database, target->id, error);
    return area ? g_strdup(area->id) : NULL;
}

static Reply *judge(Database *database, const Broadcast *where)
{
    g_autoptr(Problem) problem = problem_new(&problem_invalid);
    bool wrong = false;
    for (unsigned i = 0; i < where->targets->len; i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *area = area_of(database, where->targets->pdata[i], &error);
        if (error)
            return reply_error(error);
        if (area && area_store_within(database, area, where->area))
            continue;
        g_autofree char *pointer = g_strdup_printf("/targets/%u/id", i);
        problem_add(problem, pointer,
                    "Nơi phát này không có hoặc không thuộc đơn vị ra lệnh. Hãy chọn lại.",
                    "This place is not there or does not lie in the area that orders. Choose "
                    "again.");
        wrong = true;
    }
    return wrong ? reply_problem_take(g_steal_pointer(&problem)) : NULL;
}

static void name_group(const BroadcastTarget *group, Command *command)
{
    for (unsigned i = 0; i < group->members->len; i++) {
        const GroupMember *member = group->members->pdata[i];
        CommandTargetKind kind = member->kind == GROUP_STATION ? COMMAND_STATION : COMMAND_AREA;
        if (!group->exclude && member->accepted_area)
            command_add_accepted(command, kind, member->id, member->accepted_area);
        else
            command_add_target(command, kind, member->id, group->exclude);
    }
}

Reply *alert_targets_resolve(Alerts *self, Broadcast *where, Command *command)
{
    g_autoptr(GError) error = NULL;
    Reply *refusal = judge(self->parts.database, where);
    if (refusal)
        return refusal;
    if (!broadcast_store_read_groups(self->parts.database, where, &error))
        return reply_error(error);
    for (unsigned i = 0; i < where->targets->len; i++) {
        const BroadcastTarget *target = where->targets->pdata[i];
        if (target->kind == TARGET_GROUP)
            name_group(target, command);
        else
            command_add_target(command,
                               target->kind == TARGET_STATION ? COMMAND_STATION : COMMAND_AREA,
                               target->id, target->exclude);
    }
    if (command->targets->len <= TARGETS_MAX)
        return NULL;
    Problem *problem = problem_new(&problem_crowded);
    problem_set(problem, "max", G_STRINGIFY(TARGETS_MAX));
    return reply_problem_take(problem);
}

bool alert_targets_concern(Alerts *self, const User *user, const Alert *alert)
{
    if (access_allows(self->parts.database, user, VERB_VIEW, alert->area))
        return true;
    g_autoptr(GPtrArray) paths =
        airing_store_play_paths(self->parts.database, alert->id, alert->issued_us, NULL);
    for (unsigned i = 0; paths && i < paths->len; i++)
        if (access_allows_path(user, VERB_VIEW, paths->pdata[i]))
            return true;
    return false;
}
