/* Signed plans and commands: every airing that they name for a station, the key that they name as
 * the station's, and what is left of a plan that retention took away.
 *
 * The newest plan that names an airing tells when it was to be; older ones may have moved it. */
#include "audit_orders.h"

#include <string.h>

#include "audit_roots.h"
#include "wire/command.h"
#include "wire/plan.h"

static char *plan_name(const char *station, int64_t epoch, int64_t version)
{
    return g_strdup_printf("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, station, epoch, version);
}

void audit_orders_free(void *data)
{
    AuditOrder *self = data;
    g_array_unref(self->starts);
    g_free(self);
}

static AuditOrder *order_of(Audit *self, const char *station, const char *airing)
{
    g_autofree char *name = g_strdup_printf("%s %s", station, airing);
    AuditOrder *order = g_hash_table_lookup(self->orders, name);
    if (!order) {
        order = g_new0(AuditOrder, 1);
        order->starts = g_array_new(FALSE, FALSE, sizeof(int64_t));
        g_hash_table_insert(self->orders, g_steal_pointer(&name), order);
    }
    return order;
}

const AuditOrder *audit_orders_find(const Audit *self, const char *station, const char *airing)
{
    g_autofree char *name = g_strdup_printf("%s %s", station, airing);
    return g_hash_table_lookup(self->orders, name);
}

static void add_start(AuditOrder *order, int64_t start_us)
{
    for (unsigned i = 0; i < order->starts->len; i++)
        if (g_array_index(order->starts, int64_t, i) == start_us)
            return;
    g_array_append_val(order->starts, start_us);
}

static int64_t length_us(const PlanAiring *airing)
{
    int64_t frames = 0;
    for (unsigned i = 0; i < airing->items->len; i++)
        frames += ((const PlanItem *)airing->items->pdata[i])->frames;
    return frames * 1000 / 48;
}

static void note_airing(Audit *self, const Plan *plan, const PlanAiring *airing)
{
    AuditOrder *order = order_of(self, plan->station, airing->id);
    add_start(order, airing->start_us);
    if (plan->epoch < order->epoch ||
        (plan->epoch == order->epoch && plan->version < order->version))
        return;
    order->start_us = airing->start_us;
    order->end_us = airing->start_us + length_us(airing);
    order->issued_us = plan->issued_us;
    order->line = self->line;
    order->epoch = plan->epoch;
    order->version = plan->version;
}

static void pruned_plan(Audit *self, const Json *object)
{
    const char *station = json_peek_text(object, "station");
    const char *hash = json_peek_text(object, "sha256");
    if (!station || !hash) {
        audit_rows_fault(self, "a pruned plan needs station and sha256");
        return;
    }
    char *name =
        plan_name(station, json_peek_int(object, "epoch", 0), json_peek_int(object, "version", 0));
    g_hash_table_insert(self->plans, g_strdup(name), g_strdup(hash));
    g_hash_table_add(self->pruned, g_strdup(station));
    g_hash_table_add(self->pruned, name);
}

/* Every area that it was ever placed in: it may have moved since an alert. */
static void note_path(Audit *self, const Plan *plan)
{
    GPtrArray *path = g_hash_table_lookup(self->paths, plan->station);
    if (!path) {
        path = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(self->paths, g_strdup(plan->station), path);
    }
    for (unsigned i = 0; i < plan->area_path->len; i++)
        if (!g_ptr_array_find_with_equal_func(path, plan->area_path->pdata[i], g_str_equal, NULL))
            g_ptr_array_add(path, g_strdup(plan->area_path->pdata[i]));
}

/* How a station is to stand: its receipt names the order as plan and command both do. */
static void expect_standing(Audit *self, const char *station, const char *what, int64_t epoch,
                            int64_t generation)
{
    if (generation <= 0)
        return;
    g_autofree char *id = standing_id(what, epoch, generation, station);
    order_of(self, station, id);
}

static void note_plan(Audit *self, const Plan *plan, GBytes *payload)
{
    size_t length = 0;
    const void *bytes = g_bytes_get_data(payload, &length);
    g_hash_table_insert(self->plans, plan_name(plan->station, plan->epoch, plan->version),
                        digest_hex_of(bytes, length));
    g_hash_table_add(self->bound, g_strdup_printf("%s %s", plan->station, plan->keyid));
    self->latest_us = MAX(self->latest_us, plan->issued_us);
    note_path(self, plan);
    for (unsigned i = 0; i < plan->airings->len; i++)
        note_airing(self, plan, plan->airings->pdata[i]);
    expect_standing(self, plan->station, STANDING_VOLUME, plan->epoch,
                    plan->standing.volume_generation);
    expect_standing(self, plan->station, STANDING_MUTE, plan->epoch,
                    plan->standing.mute_generation);
}

void audit_orders_plan(Audit *self, const Json *object)
{
    self->report->plans++;
    if (audit_rows_pruned(self, object)) {
        pruned_plan(self, object);
        return;
    }
    g_autoptr(Envelope) envelope = audit_rows_envelope(self, object);
    if (envelope == NULL)
        return;
    g_autoptr(GError) error = NULL;
    if (strcmp(envelope->type, ENVELOPE_TYPE_PLAN) != 0) {
        audit_rows_fault(self, "payload type %s is not a plan's", envelope->type);
        return;
    }
    /* The area path stands inside the plan: signature first, scope with the path that it states. */
    size_t length = 0;
    const void *bytes = g_bytes_get_data(envelope->payload, &length);
    g_autoptr(Plan) plan = plan_parse(bytes, length, &error);
    if (plan == NULL ||
        !audit_roots_accept(self, envelope, ROOT_ROLE_PLAN, plan->area_path, &error)) {
        audit_rows_fault(self, "%s", error->message);
        return;
    }
    note_plan(self, plan, envelope->payload);
}

static void keep_alert(Audit *self, Command *take_command)
{
    g_hash_table_insert(self->alerts, g_strdup(take_command->id), take_command);
}

static void standing_command(Audit *self, const Command *command)
{
    const char *what = command->kind == COMMAND_MUTE ? STANDING_MUTE : STANDING_VOLUME;
    for (unsigned i = 0; i < command->targets->len; i++) {
        const CommandTarget *target = command->targets->pdata[i];
        if (target->kind == COMMAND_STATION && !target->exclude)
            expect_standing(self, target->id, what, command->epoch, command->generation);
    }
}

void audit_orders_command(Audit *self, const Json *object)
{
    g_autoptr(Envelope) envelope = audit_rows_envelope(self, object);
    if (envelope == NULL)
        return;
    g_autoptr(GError) error = NULL;
    size_t length = 0;
    const void *bytes = g_bytes_get_data(envelope->payload, &length);
    g_autoptr(Command) command = command_parse(bytes, length, &error);
    g_autoptr(GPtrArray) issuer = g_ptr_array_new();
    if (command != NULL)
        g_ptr_array_add(issuer, command->issuer);
    if (strcmp(envelope->type, ENVELOPE_TYPE_COMMAND) != 0)
        audit_rows_fault(self, "payload type %s is not a command's", envelope->type);
    else if (command == NULL ||
             !audit_roots_accept(self, envelope, ROOT_ROLE_COMMAND, issuer, &error))
        audit_rows_fault(self, "%s", error ? error->message : "not a command");
    else if (command->kind == COMMAND_ALERT)
        keep_alert(self, g_steal_pointer(&command));
    else if (command_is_standing(command))
        standing_command(self, command);
}

static bool is_named_play(const char *station, const char *airing, const char *alert,
                          unsigned repeat)
{
    g_autofree char *id = plan_airing_id(alert, 0, repeat, station);
    return g_str_equal(id, airing);
}

bool audit_orders_is_play(const Audit *self, const char *station, const char *airing,
                          const char *alert, unsigned repeat)
{
    const Command *command = g_hash_table_lookup(self->alerts, alert);
    const GPtrArray *path = g_hash_table_lookup(self->paths, station);
    return command && path && is_named_play(station, airing, alert, repeat) &&
           command_reaches(command, station, path);
}

/* True for a play of an alert that meant this station, or of one that a button there started;
 * or for a test tone, which may be asked for at the pole. */
static bool is_beside_plans(const Audit *self, const Receipt *receipt)
{
    if (receipt->kind == RECEIPT_TEST)
        return g_str_equal(receipt->broadcast, receipt->airing);
    if (receipt->kind == RECEIPT_LOCAL)
        return is_named_play(receipt->station, receipt->airing, receipt->broadcast,
                             receipt->repeat);
    return audit_orders_is_play(self, receipt->station, receipt->airing, receipt->broadcast,
                                receipt->repeat);
}

void audit_orders_check(Audit *self, const char *keyid, const Receipt *receipt)
{
    g_autofree char *binding = g_strdup_printf("%s %s", receipt->station, keyid);
    if (!g_hash_table_contains(self->bound, binding) &&
        !g_hash_table_contains(self->pruned, receipt->station))
        audit_rows_fault(self, "station %s: no plan names the key that signed", receipt->station);
    g_autofree char *plan = plan_name(receipt->station, receipt->plan_epoch, receipt->plan_version);
    if (!audit_orders_find(self, receipt->station, receipt->airing) &&
        !is_beside_plans(self, receipt) && !g_hash_table_contains(self->pruned, plan))
        audit_rows_fault(self, "station %s: airing %s stands in no plan", receipt->station,
                         receipt->airing);
}
