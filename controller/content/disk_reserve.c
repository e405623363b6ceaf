/* A full disk must not cost a receipt: a station keeps what was not acknowledged, but a province
 * that cannot write its ledger is blind. So uploads end while there is still room for weeks of
 * papers, and the database uses the rest. */
#include "content/disk_reserve.h"

#include <glib.h>
#include <sys/statvfs.h>

#define RESERVE_MAX   (UINT64_C(1) << 30)
#define RESERVE_SHARE 16

static uint64_t reserve_of(uint64_t total_bytes)
{
    return MIN(RESERVE_MAX, total_bytes / RESERVE_SHARE);
}

bool disk_reserve_judge(uint64_t free_bytes, uint64_t total_bytes, uint64_t bytes)
{
    return free_bytes >= bytes && free_bytes - bytes >= reserve_of(total_bytes);
}

static bool measure(const char *directory, uint64_t *ret_free, uint64_t *ret_total)
{
    struct statvfs about;
    if (statvfs(directory, &about) != 0)
        return false;
    *ret_free = (uint64_t)about.f_bavail * about.f_frsize;
    *ret_total = (uint64_t)about.f_blocks * about.f_frsize;
    return true;
}

bool disk_reserve_allows(const char *directory, uint64_t bytes)
{
    uint64_t left, total;
    return !measure(directory, &left, &total) || disk_reserve_judge(left, total, bytes);
}

bool disk_reserve_is_low(const char *directory)
{
    uint64_t left, total;
    return measure(directory, &left, &total) && !disk_reserve_judge(left, total, reserve_of(total));
}
