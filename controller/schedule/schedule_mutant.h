/* Seeded bugs: a second build of a few files, which only tests link, can be told to have one. */
#pragma once

#ifdef SCHEDULE_MUTANTS
extern int schedule_mutant;
#define SCHEDULE_MUTANT(n) (schedule_mutant == (n))
#else
#define SCHEDULE_MUTANT(n) false
#endif
enum {
    MUTANT_DST_GAP_SKIPPED = 1,
    MUTANT_EXDATE_IGNORED,
    MUTANT_OVERRIDE_DETACHES,
    MUTANT_RULE_DETACHES,
    MUTANT_HOLIDAY_BY_RULE_DAY,
};
