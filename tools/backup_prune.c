/* The name says when a backup was made ("loa-20261122T070000Z.tar.age"), so order by name is order
 * by time, whatever became of the files' own times on the way to another disk. */
#include "backup_prune.h"

#include <string.h>

#include "base/atomic_file.h"

#define STAMP "00000000T000000Z"

static bool is_backup(const char *name)
{
    size_t prefix = strlen(BACKUP_PREFIX), stamp = strlen(STAMP);
    if (!g_str_has_prefix(name, BACKUP_PREFIX) ||
        strcmp(name + MIN(strlen(name), prefix + stamp), BACKUP_SUFFIX) != 0)
        return false;
    for (size_t i = 0; i < stamp; i++) {
        char c = name[prefix + i];
        if (STAMP[i] == '0' ? !g_ascii_isdigit(c) : c != STAMP[i])
            return false;
    }
    return true;
}

static gint by_name_down(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)b, *(const char *const *)a);
}

GPtrArray *backup_prune_list(const char *directory, GError **error)
{
    g_autoptr(GDir) folder = g_dir_open(directory, 0, error);
    if (!folder)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while ((name = g_dir_read_name(folder)) != NULL)
        if (is_backup(name))
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_name_down);
    return names;
}

/* The calendar day, and the day of the Monday before it, both counted from the year 1. */
static void days_of(const char *name, unsigned *ret_day, unsigned *ret_monday)
{
    const char *stamp = name + strlen(BACKUP_PREFIX);
    g_autofree char *iso = g_strdup_printf("%.4s-%.2s-%.2sT00:00:00Z", stamp, stamp + 4, stamp + 6);
    g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(iso, NULL);
    *ret_day = *ret_monday = 0; /* all that say 31 February count as one day */
    if (!at)
        return;
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)g_date_time_get_day_of_month(at),
                   (GDateMonth)g_date_time_get_month(at), (GDateYear)g_date_time_get_year(at));
    *ret_day = g_date_get_julian(&date);
    *ret_monday = *ret_day - (unsigned)(g_date_get_weekday(&date) - G_DATE_MONDAY);
}

typedef struct Counter {
    unsigned left; /* periods that may still keep one */
    unsigned last; /* the one that has kept its own */
} Counter;

/* Names come newest first, so the first of a period is its last. */
static bool keeps(Counter *self, unsigned period)
{
    if (self->left == 0 || self->last == period)
        return false;
    self->left--;
    self->last = period;
    return true;
}

bool backup_prune(const char *directory, const BackupKeep *keep, unsigned *ret_removed,
                  GError **error)
{
    g_autoptr(GPtrArray) names = backup_prune_list(directory, error);
    Counter days = {.left = keep->days, .last = G_MAXUINT};
    Counter weeks = {.left = keep->weeks, .last = G_MAXUINT};
    if (!names)
        return false;
    *ret_removed = 0;
    for (unsigned i = 0; i < names->len; i++) {
        unsigned day, monday;
        days_of(g_ptr_array_index(names, i), &day, &monday);
        bool daily = keeps(&days, day), weekly = keeps(&weeks, monday);
        if (daily || weekly || i < MAX(keep->newest, 1))
            continue;
        g_autofree char *path = g_build_filename(directory, g_ptr_array_index(names, i), NULL);
        if (!atomic_file_remove(path, error))
            return false;
        ++*ret_removed;
    }
    return true;
}
