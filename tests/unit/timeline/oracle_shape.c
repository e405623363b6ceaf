/* Laws of shape: pieces, their parts and wholes, and who gives way to whom. */
#include "oracle_private.h"

/* ---- shape ---- */

static const char *pieces_are_whole(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        unsigned n_items;
        const TimelineItem *items = oracle_items_of(world, piece->who, &n_items);
        if (piece->from_us >= piece->until_us)
            return "a piece is empty";
        if (piece->item >= n_items || piece->offset_us < 0 ||
            piece->offset_us + piece->until_us - piece->from_us > items[piece->item].length_us)
            return "a piece lies outside its item";
        if (i > 0 && timeline->pieces[i - 1].from_us > piece->from_us)
            return "pieces are out of order";
    }
    return NULL;
}

static const char *nothing_overlaps(G_GNUC_UNUSED const World *world, const Timeline *timeline)
{
    for (unsigned output = 0; output < 32; output++) {
        int64_t busy_us = G_MININT64;
        for (unsigned i = 0; i < timeline->n_pieces; i++) {
            const TimelinePiece *piece = &timeline->pieces[i];
            if (!(piece->outputs >> output & 1))
                continue;
            if (piece->from_us < busy_us)
                return "two pieces overlap on one output";
            busy_us = piece->until_us;
        }
    }
    return NULL;
}

static const char *everything_is_named(const World *world, const Timeline *timeline)
{
    for (unsigned who = 0; who < world->n_airings; who++) {
        unsigned pieces = 0, absences = 0;
        for (unsigned i = 0; i < timeline->n_pieces; i++)
            pieces += timeline->pieces[i].who == (TimelineWho)who;
        for (unsigned i = 0; i < timeline->n_absences; i++)
            absences += timeline->absences[i].who == (TimelineWho)who;
        Outcome outcome = timeline->fates[who].outcome;
        if (outcome == OUTCOME_PLAYED && (!pieces || absences))
            return "played, but without a piece or with an absence";
        if (outcome == OUTCOME_PARTIAL && (!pieces || absences != 1))
            return "partial without a piece or a named absence";
        if (outcome == OUTCOME_MISSED && (pieces || absences != 1))
            return "missed with a piece or without a named absence";
        if (outcome == OUTCOME_CANCELLED && absences != 1)
            return "cancelled without a named absence";
    }
    return NULL;
}

/* ---- parts and wholes ---- */

/* Length of what sounded; of the last run only, where it starts again from the top. */
static int64_t heard(const Timeline *timeline, TimelineWho who, bool last_run_only)
{
    int64_t sum_us = 0;
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (piece->who != who)
            continue;
        if (last_run_only && piece->item == 0 && piece->offset_us == 0)
            sum_us = 0;
        sum_us += piece->until_us - piece->from_us;
    }
    return sum_us;
}

static const char *parts_are_the_whole(const World *world, const Timeline *timeline)
{
    for (unsigned who = 0; who < world->n_airings; who++) {
        const TimelineAiring *airing = &world->airings[who];
        int64_t length_us = 0;
        bool streams = false;
        for (unsigned i = 0; i < airing->n_items; i++) {
            length_us += airing->items[i].length_us;
            streams |= airing->items[i].stream;
        }
        if (streams || timeline->fates[who].outcome != OUTCOME_PLAYED ||
            oracle_has_event(world, TIMELINE_ENDED, airing->id))
            continue;
        if (heard(timeline, who, airing->on_preempt == PREEMPT_RESTART) != length_us)
            return "the parts of an airing do not sum to the whole";
    }
    return NULL;
}

/* What follows an interruption goes on where it was, or starts at 0 where that is its fate. */
static const char *offsets_go_on(const World *world, const Timeline *timeline)
{
    for (unsigned who = 0; who < world->n_airings; who++) {
        const TimelinePiece *before = NULL;
        for (unsigned i = 0; i < timeline->n_pieces; i++) {
            const TimelinePiece *piece = &timeline->pieces[i];
            if (piece->who != (TimelineWho)who)
                continue;
            bool resumed = before && piece->rule == TIMELINE_RULE_RESUMED;
            int64_t next_us = before ? before->offset_us + before->until_us - before->from_us : 0;
            if (resumed && piece->item == before->item && piece->offset_us != next_us)
                return "a remainder does not begin where it was interrupted";
            before = piece;
        }
    }
    return NULL;
}

/* ---- ranks ---- */

static const char *winners_sound(const World *world, const Timeline *timeline)
{
    for (unsigned i = 0; i < timeline->n_pieces; i++) {
        const TimelinePiece *piece = &timeline->pieces[i];
        if (piece->end_by == TIMELINE_NOBODY)
            continue;
        if (!oracle_sounds_at(timeline, piece->end_by, piece->until_us))
            return "a winner does not sound at the instant at which it displaces";
        if (oracle_rank_of(world, piece->end_by) > oracle_rank_of(world, piece->who))
            return "a lower rank displaces a higher one";
        if (piece->end_rule == TIMELINE_RULE_RANK &&
            oracle_rank_of(world, piece->end_by) == oracle_rank_of(world, piece->who))
            return "an equal rank displaces by rank";
    }
    return NULL;
}

const OracleLaw oracle_laws_of_shape[] = {pieces_are_whole,
                                          nothing_overlaps,
                                          everything_is_named,
                                          parts_are_the_whole,
                                          offsets_go_on,
                                          winners_sound,
                                          NULL};
