/* Which bug is seeded: LOA_MUTANT, 0 = none. */
#include "schedule/schedule_mutant.h"

#include <stdlib.h>

int schedule_mutant;

__attribute__((constructor)) static void read_mutant(void)
{
    const char *number = getenv("LOA_MUTANT");
    schedule_mutant = number ? atoi(number) : 0;
}
