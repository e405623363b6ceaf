/* Orders on trial, and what was found about each: minutes_judge.c fills it in. */
#include "schedule/minutes_private.h"

static void breach_clear(gpointer data)
{
    MinutesBreach *breach = data;
    g_free(breach->area);
    g_free(breach->area_name);
    g_free(breach->zone);
    g_free(breach->title);
}

static void order_free(gpointer data)
{
    MinutesOrder *order = data;
    broadcast_free(order->broadcast);
    rundown_free(order->rundown);
    trial_free(order->trial);
    g_array_unref(order->breaches);
    g_ptr_array_unref(order->slots);
    losses_free(order->losses);
    g_free(order);
}

Minutes *minutes_new(int64_t now_us)
{
    Minutes *self = g_new0(Minutes, 1);
    self->now_us = now_us;
    self->orders = g_ptr_array_new_with_free_func(order_free);
    return self;
}

void minutes_free(Minutes *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->orders);
    g_free(self);
}

void minutes_add(Minutes *self, Broadcast *take_broadcast, Rundown *take_rundown, Trial *take_trial,
                 bool replaces)
{
    MinutesOrder *order = g_new0(MinutesOrder, 1);
    order->broadcast = take_broadcast;
    order->rundown = take_rundown;
    order->rundown->is_given = true;
    order->trial = take_trial;
    order->replaces = replaces;
    order->breaches = g_array_new(FALSE, FALSE, sizeof(MinutesBreach));
    g_array_set_clear_func(order->breaches, breach_clear);
    order->slots = g_ptr_array_new_with_free_func((GDestroyNotify)minutes_slot_free);
    order->losses = losses_new();
    g_ptr_array_add(self->orders, order);
}

unsigned minutes_length(const Minutes *self)
{
    return self->orders->len;
}

const Broadcast *minutes_broadcast(const Minutes *self, unsigned order)
{
    return minutes_order(self, order)->broadcast;
}

const Rundown *minutes_rundown(const Minutes *self, unsigned order)
{
    return minutes_order(self, order)->rundown;
}

const Trial *minutes_trial(const Minutes *self, unsigned order)
{
    return minutes_order(self, order)->trial;
}

unsigned minutes_replaced(const Minutes *self, unsigned order, const Agenda *agenda)
{
    const MinutesOrder *asked = minutes_order(self, order);
    const GArray *rules = agenda_rules(agenda);
    for (unsigned i = 0; asked->replaces && i < rules->len; i++)
        if (g_str_equal(g_array_index(rules, PlannerRule, i).broadcast->id, asked->broadcast->id))
            return i;
    return AGENDA_NONE;
}

const GArray *minutes_breaches(const Minutes *self, unsigned order)
{
    return minutes_order(self, order)->breaches;
}

const Losses *minutes_losses(const Minutes *self, unsigned order)
{
    return minutes_order(self, order)->losses;
}

bool minutes_fits(const Minutes *self, unsigned order, int64_t by_us)
{
    const GPtrArray *slots = minutes_order(self, order)->slots;
    for (unsigned i = 0; i < slots->len; i++)
        if (!minutes_slot_fits(g_ptr_array_index(slots, i), by_us))
            return false;
    return slots->len < MINUTES_SLOTS_MAX;
}
