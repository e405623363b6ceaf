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

bool backup_prune(const char *directory, unsigned keep, unsigned *ret_removed, GError **error)
{
    g_autoptr(GPtrArray) names = backup_prune_list(directory, error);
    if (!names)
        return false;
    *ret_removed = 0;
    for (unsigned i = MAX(keep, 1); i < names->len; i++) {
        g_autofree char *path = g_build_filename(directory, g_ptr_array_index(names, i), NULL);
        if (!atomic_file_remove(path, error))
            return false;
        ++*ret_removed;
    }
    return true;
}
