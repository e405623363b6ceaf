/* Puts the laws of all files to an answer. Shares nothing with the engine but its header. */
#include "oracle_private.h"

#include <stdlib.h>
#include <string.h>

bool oracle_is_alert(const World *world, TimelineWho who)
{
    return who >= (TimelineWho)world->n_airings;
}

const TimelineEvent *oracle_alert_of(const World *world, TimelineWho who)
{
    return &world->events[who - (TimelineWho)world->n_airings];
}

const char *oracle_id_of(const World *world, TimelineWho who)
{
    return oracle_is_alert(world, who) ? oracle_alert_of(world, who)->id : world->airings[who].id;
}

const TimelineItem *oracle_items_of(const World *world, TimelineWho who, unsigned *ret_length)
{
    if (oracle_is_alert(world, who)) {
        *ret_length = oracle_alert_of(world, who)->n_items;
        return oracle_alert_of(world, who)->items;
    }
    *ret_length = world->airings[who].n_items;
    return world->airings[who].items;
}

bool oracle_is_begin(const TimelinePiece *piece)
{
    return piece->rule != TIMELINE_RULE_CONTINUED;
}

bool oracle_has_event(const World *world, TimelineEventKind kind, const char *id)
{
    for (unsigned i = 0; i < world->n_events; i++)
        if (world->events[i].kind == kind && world->events[i].id &&
            g_str_equal(world->events[i].id, id))
            return true;
    return false;
}

Rank oracle_rank_of(const World *world, TimelineWho who)
{
    return oracle_is_alert(world, who) ? RANK_EMERGENCY : world->airings[who].rank;
}

bool oracle_sounds_at(const Timeline *timeline, TimelineWho who, int64_t at_us)
{
    for (unsigned i = 0; i < timeline->n_pieces; i++)
        if (timeline->pieces[i].who == who && timeline->pieces[i].from_us <= at_us &&
            timeline->pieces[i].until_us > at_us)
            return true;
    return false;
}

const char *oracle_judge(const World *world, const Timeline *timeline)
{
    const OracleLaw *const books[] = {oracle_laws_of_shape, oracle_laws_of_alerts,
                                      oracle_laws_of_hours, oracle_laws_of_absence};
    for (unsigned i = 0; i < G_N_ELEMENTS(books); i++) {
        for (const OracleLaw *law = books[i]; *law; law++) {
            const char *breach = (*law)(world, timeline);
            if (breach)
                return breach;
        }
    }
    return NULL;
}

static int compare_lines(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Numbers differ between the two, ids do not; lines of one instant may stand in another order. */
const char *oracle_same(const World *a, const Timeline *of_a, const World *b, const Timeline *of_b)
{
    g_autofree char *text_a = world_text(a, of_a);
    g_autofree char *text_b = world_text(b, of_b);
    g_auto(GStrv) lines_a = g_strsplit(text_a, "\n", -1);
    g_auto(GStrv) lines_b = g_strsplit(text_b, "\n", -1);
    if (g_strv_length(lines_a) != g_strv_length(lines_b))
        return "another number of lines";
    qsort(lines_a, g_strv_length(lines_a), sizeof *lines_a, compare_lines);
    qsort(lines_b, g_strv_length(lines_b), sizeof *lines_b, compare_lines);
    for (unsigned i = 0; lines_a[i]; i++) {
        if (g_str_equal(lines_a[i], lines_b[i]))
            continue;
        g_printerr("  %s\n  %s\n", lines_a[i], lines_b[i]);
        return "another line";
    }
    return NULL;
}
