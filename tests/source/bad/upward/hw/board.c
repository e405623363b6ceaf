/* The hardware knows the wire format of the link. */
#include "wire/plan.h"
