/* Two orders in one small file. A file that cannot be read or written silences nobody and deafens
 * nobody: the order takes effect all the same, is said to be forgotten by a power cut, and the next
 * plan brings it again.
 *
 * A plan that names no generation is of a controller that never ordered a volume: its volume holds
 * for as long as no order of its epoch has come. */
#include "alert/standing_orders.h"

#include "base/atomic_file.h"
#include "base/log.h"

#include <string.h>

#define FILE_MAX 4096

typedef struct Order {
    StandingMark mark;
    int gain_mdb;              /* of the volume */
    int64_t from_us, until_us; /* of the silence */
} Order;

struct StandingOrders {
    Conductor *conductor;
    char *path;
    Order volume, mute;
};

/* ---- the file ---- */

static Json *order_json(const Order *order)
{
    Json *json = json_new_object();
    json_set_int(json, "epoch", order->mark.epoch);
    json_set_int(json, "generation", order->mark.generation);
    json_set_int(json, "gain_mdb", order->gain_mdb);
    json_set_int(json, "from_us", order->from_us);
    json_set_int(json, "until_us", order->until_us);
    return json;
}

static Order order_read(const Json *json)
{
    return (Order){
        .mark = {json_peek_int(json, "epoch", 0), json_peek_int(json, "generation", 0)},
        .gain_mdb = (int)CLAMP(json_peek_int(json, "gain_mdb", 0), G_MININT / 2, 0),
        .from_us = json_peek_int(json, "from_us", 0),
        .until_us = json_peek_int(json, "until_us", 0),
    };
}

static void read_file(StandingOrders *self)
{
    g_autoptr(GBytes) bytes = atomic_file_read(self->path, FILE_MAX, NULL);
    if (!bytes)
        return;
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(Json) json = json_parse(text, length, NULL);
    self->volume = order_read(json_peek(json, "volume"));
    self->mute = order_read(json_peek(json, "mute"));
}

static void save(const StandingOrders *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) json = json_new_object();
    json_set_take(json, "volume", order_json(&self->volume));
    json_set_take(json, "mute", order_json(&self->mute));
    size_t length;
    g_autofree char *text = json_print(json, &length);
    if (!atomic_file_write(self->path, text, length, 0600, &error))
        log_warning("%s; the order holds, and would be forgotten by a power cut", error->message);
}

/* ---- taking effect ---- */

static bool is_later(StandingMark one, StandingMark other)
{
    if (one.epoch != other.epoch)
        return one.epoch > other.epoch;
    return one.generation > other.generation;
}

static ConductorOrder named(StandingMark mark)
{
    return (ConductorOrder){.epoch = mark.epoch, .generation = mark.generation};
}

static void set_volume(StandingOrders *self)
{
    ConductorOrder order = named(self->volume.mark);
    conductor_set_volume(self->conductor, self->volume.gain_mdb, &order);
}

static void set_mute(StandingOrders *self)
{
    ConductorOrder order = named(self->mute.mark);
    conductor_mute(self->conductor, self->mute.from_us, self->mute.until_us, &order);
}

static void take_volume(StandingOrders *self, StandingMark mark, int gain_mdb)
{
    bool plain = mark.generation == 0 && !is_later(self->volume.mark, mark) &&
                 gain_mdb != self->volume.gain_mdb;
    if (!is_later(mark, self->volume.mark) && !plain)
        return;
    self->volume = (Order){.mark = mark, .gain_mdb = gain_mdb};
    save(self);
    set_volume(self);
}

static void take_mute(StandingOrders *self, StandingMark mark, int64_t from_us, int64_t until_us)
{
    if (!is_later(mark, self->mute.mark))
        return;
    self->mute = (Order){.mark = mark, .from_us = from_us, .until_us = until_us};
    save(self);
    set_mute(self);
}

void standing_orders_command(StandingOrders *self, const Command *command)
{
    StandingMark mark = {command->epoch, command->generation};
    if (command->kind == COMMAND_VOLUME)
        take_volume(self, mark, command->gain_mdb);
    else if (command->kind == COMMAND_MUTE)
        take_mute(self, mark, command->from_us, command->until_us);
}

void standing_orders_plan(StandingOrders *self, const Plan *plan)
{
    const PlanStanding *said = &plan->standing;
    take_volume(self, (StandingMark){plan->epoch, said->volume_generation}, plan->volume_mdb);
    take_mute(self, (StandingMark){plan->epoch, said->mute_generation}, said->mute_from_us,
              said->mute_until_us);
}

StandingMark standing_orders_volume(const StandingOrders *self)
{
    return self->volume.mark;
}

StandingMark standing_orders_mute(const StandingOrders *self)
{
    return self->mute.mark;
}

StandingOrders *standing_orders_new(const char *path, Conductor *conductor)
{
    StandingOrders *self = g_new0(StandingOrders, 1);
    self->path = g_strdup(path);
    self->conductor = conductor;
    read_file(self);
    if (self->volume.mark.epoch)
        set_volume(self);
    if (self->mute.mark.epoch)
        set_mute(self);
    return self;
}

void standing_orders_free(StandingOrders *self)
{
    if (!self)
        return;
    g_free(self->path);
    g_free(self);
}
