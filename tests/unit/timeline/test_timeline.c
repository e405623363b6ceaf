/* One program, so that a build with a seeded bug can be asked everything at once: LOA_MUTANT=n
 * selects the bug in the build that can have one. */
#include "tests.h"
#include "world.h"

#include <stdlib.h>

#ifdef TIMELINE_MUTANTS
int timeline_mutant = 0;
#endif

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#ifdef TIMELINE_MUTANTS
    const char *mutant = g_getenv("LOA_MUTANT");
    timeline_mutant = mutant ? atoi(mutant) : 0;
    g_test_set_nonfatal_assertions(); /* every test that catches it is to be named */
#endif
    examples_add();
    rules_add();
    happened_add();
    worlds_add();
    hostile_add();
    return g_test_run();
}
