/* The lowest room reaches up into a higher one. */
#include "schedule/planner.h"
