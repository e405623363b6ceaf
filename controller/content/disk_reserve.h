/* The last part of the disk belongs to the ledger: sound stops before receipts do. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Whether `bytes` of sound may still be put into the file system of `directory`: a sixteenth of it,
 * at most 1 GiB, is kept free of sound. True when nobody can tell. */
bool disk_reserve_allows(const char *directory, uint64_t bytes);
/* Less than twice the reserve is left: what is out of use should go now. */
bool disk_reserve_is_low(const char *directory);
/* The rule itself. */
bool disk_reserve_judge(uint64_t free_bytes, uint64_t total_bytes, uint64_t bytes);
