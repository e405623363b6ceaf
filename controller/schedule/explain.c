/* From a plan to the timeline's input, one to one, as a player makes it from the same plan. The
 * planner's `order` already says who goes first among equals, so that the time of approval is not
 * needed here. */
#include "schedule/explain.h"

#define FRAME_RATE 48000

static int level_of(const Plan *plan, const char *issuer)
{
    unsigned level = 0;
    while (level < plan->area_path->len &&
           g_strcmp0(g_ptr_array_index(plan->area_path, level), issuer) != 0)
        level++;
    return (int)level;
}

static int64_t length_of(const PlanItem *item)
{
    return item->frames * G_USEC_PER_SEC / FRAME_RATE;
}

int64_t explain_length_us(const PlanAiring *airing)
{
    int64_t length_us = 0;
    for (unsigned i = 0; i < airing->items->len; i++)
        length_us += length_of(g_ptr_array_index(airing->items, i));
    return length_us;
}

static unsigned count_items(const Plan *plan)
{
    unsigned count = 0;
    for (unsigned i = 0; i < plan->airings->len; i++)
        count += ((const PlanAiring *)g_ptr_array_index(plan->airings, i))->items->len;
    return count;
}

static TimelineAiring airing_of(const Plan *plan, const PlanAiring *airing, TimelineItem *items)
{
    for (unsigned i = 0; i < airing->items->len; i++)
        items[i].length_us = length_of(g_ptr_array_index(airing->items, i));
    return (TimelineAiring){
        .id = airing->id,
        .start_us = airing->start_us,
        .tolerance_us = airing->start_by_us - airing->start_us,
        .valid_until_us = airing->valid_until_us,
        .order = airing->order,
        .level = level_of(plan, airing->issuer),
        .rank = airing->rank,
        .class = airing->class,
        .on_preempt = airing->on_preempt,
        .items = items,
        .n_items = airing->items->len,
        .gain_mdb = airing->gain_mdb,
    };
}

Explained *explain_plan(const Plan *plan, TimelineEvents events, TimelinePolicies policies,
                        int64_t now_us)
{
    Explained *self = g_new0(Explained, 1);
    TimelineAiring *airings = g_new(TimelineAiring, plan->airings->len + 1);
    TimelineItem *items = self->items = g_new0(TimelineItem, count_items(plan) + 1);
    self->plan = plan;
    self->airings = (TimelineAirings){.data = airings, .length = plan->airings->len};
    for (unsigned i = 0; i < plan->airings->len; i++) {
        airings[i] = airing_of(plan, g_ptr_array_index(plan->airings, i), items);
        items += airings[i].n_items;
    }
    self->timeline = timeline_resolve(self->airings, events, policies, now_us);
    return self;
}

void explained_free(Explained *self)
{
    if (!self)
        return;
    timeline_free(self->timeline);
    g_free((TimelineAiring *)self->airings.data);
    g_free(self->items);
    g_free(self);
}

const PlanAiring *explained_airing(const Explained *self, TimelineWho who)
{
    return who >= 0 && (unsigned)who < self->plan->airings->len
               ? g_ptr_array_index(self->plan->airings, (unsigned)who)
               : NULL;
}

static char *sentence(TimelineRule rule, TimelineLimit limit, TimelineLanguage language,
                      const char *other)
{
    g_autofree char *why = timeline_explain(rule, language, other);
    const char *end = limit ? timeline_explain_limit(limit, language) : NULL;
    return end && *end ? g_strconcat(why, " ", end, NULL) : g_steal_pointer(&why);
}

Json *explain_rule_json(const Explained *self, TimelineRule rule, TimelineWho by,
                        TimelineLimit limit)
{
    const PlanAiring *other = explained_airing(self, by);
    const char *title = other ? other->title : NULL;
    g_autofree char *vi = sentence(rule, limit, TIMELINE_VI, title);
    g_autofree char *en = sentence(rule, limit, TIMELINE_EN, title);
    Json *json = json_new_object();
    json_set_text(json, "code", timeline_rule_words[rule]);
    json_set_text(json, "vi", vi);
    json_set_text(json, "en", en);
    if (!other) {
        json_set_null(json, "by");
        return json;
    }
    Json *winner = json_new_object();
    json_set_text(winner, "broadcast", other->broadcast);
    json_set_text(winner, "title", other->title);
    json_set_text(winner, "airing", other->id);
    json_set_take(json, "by", winner);
    return json;
}
