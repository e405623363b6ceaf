/* Judges an answer by the rules, minute by minute and pair by pair; slow and simple on purpose. */
#pragma once

#include "world.h"

/* NULL = lawful, else what is wrong with it. */
const char *oracle_judge(const World *world, const Timeline *timeline);
/* The same pieces and absences by id. */
const char *oracle_same(const World *a, const Timeline *of_a, const World *b, const Timeline *of_b);
