/* The whole HTTP interface as one table. */
#pragma once

#include "http/router.h"

const Route *routes_table(size_t *ret_count);
