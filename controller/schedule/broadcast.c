/* What a broadcast is and whom it reaches. Excluding wins over including, however deep either
 * stands in the tree, so that "the whole province but not this village" needs no order of rows. */
#include "schedule/broadcast.h"

const char *const broadcast_kind_words[] = {"now", "once", "daily", NULL};
const char *const target_kind_words[] = {"area", "station", NULL};

static void target_free(gpointer data)
{
    BroadcastTarget *target = data;
    g_free(target->id);
    g_free(target);
}

Broadcast *broadcast_new(void)
{
    Broadcast *self = g_new0(Broadcast, 1);
    self->targets = g_ptr_array_new_with_free_func(target_free);
    return self;
}

void broadcast_free(Broadcast *self)
{
    if (!self)
        return;
    g_free(self->id);
    g_free(self->bulletin);
    g_free(self->area);
    g_free(self->until);
    g_free(self->zone);
    g_free(self->created_by);
    g_free(self->created_by_name);
    g_ptr_array_unref(self->targets);
    g_free(self);
}

void broadcast_add_target(Broadcast *self, TargetKind kind, const char *id, bool exclude)
{
    BroadcastTarget *target = g_new0(BroadcastTarget, 1);
    target->kind = kind;
    target->id = g_strdup(id);
    target->exclude = exclude;
    g_ptr_array_add(self->targets, target);
}

static bool on_path(const GPtrArray *area_path, const char *area)
{
    for (unsigned i = 0; i < area_path->len; i++)
        if (g_str_equal(g_ptr_array_index(area_path, i), area))
            return true;
    return false;
}

static bool target_names(const BroadcastTarget *target, const char *station,
                         const GPtrArray *area_path)
{
    return target->kind == TARGET_STATION ? g_str_equal(target->id, station)
                                          : on_path(area_path, target->id);
}

bool broadcast_reaches(const Broadcast *self, const char *station, const GPtrArray *area_path)
{
    if (!on_path(area_path, self->area))
        return false;
    bool included = false;
    for (unsigned i = 0; i < self->targets->len; i++) {
        const BroadcastTarget *target = g_ptr_array_index(self->targets, i);
        if (!target_names(target, station, area_path))
            continue;
        if (target->exclude)
            return false;
        included = true;
    }
    return included;
}

Recurrence broadcast_rule(const Broadcast *self)
{
    return (Recurrence){
        .kind = self->kind == BROADCAST_DAILY ? RECURRENCE_DAILY : RECURRENCE_ONCE,
        .start_us = self->start_us,
        .until = self->until,
        .zone = self->zone,
    };
}
