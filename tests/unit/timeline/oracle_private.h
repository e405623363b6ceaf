/* What the files of the oracle share. */
#pragma once

#include "oracle.h"

typedef const char *(*OracleLaw)(const World *world, const Timeline *timeline);

/* Closed by NULL; each file has its own. */
extern const OracleLaw oracle_laws_of_shape[];
extern const OracleLaw oracle_laws_of_alerts[];
extern const OracleLaw oracle_laws_of_hours[];
extern const OracleLaw oracle_laws_of_absence[];

bool oracle_is_alert(const World *world, TimelineWho who);
const TimelineEvent *oracle_alert_of(const World *world, TimelineWho who);
const char *oracle_id_of(const World *world, TimelineWho who);
const TimelineItem *oracle_items_of(const World *world, TimelineWho who, unsigned *ret_length);
Rank oracle_rank_of(const World *world, TimelineWho who);
/* The first piece after a start or an interruption. */
bool oracle_is_begin(const TimelinePiece *piece);
bool oracle_has_event(const World *world, TimelineEventKind kind, const char *id);
bool oracle_sounds_at(const Timeline *timeline, TimelineWho who, int64_t at_us);
bool oracle_is_dark(const World *world, int64_t at_us);
bool oracle_is_quiet(const World *world, int64_t at_us);
bool oracle_is_in_window(const TimelinePolicy *policy, int64_t at_us);
int64_t oracle_tolerance_of(const TimelineAiring *airing);
