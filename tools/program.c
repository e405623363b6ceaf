/* The tools ask the daemons' programs for what only those know: configuration and database. */
#include "program.h"

#include <unistd.h>

char *program_find(const char *folder, const char *name)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *tools = g_path_get_dirname(self ? self : "/");
    g_autofree char *build = g_path_get_dirname(tools);
    char *built = g_build_filename(build, folder, name, NULL);
    if (access(built, X_OK) == 0)
        return built;
    g_free(built);
    return g_build_filename("/usr/sbin", name, NULL);
}

bool program_run(const char *const *words, char **ret_output, GError **error)
{
    int status = 0;
    GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN;
    g_autofree char *output = NULL;
    if (!g_spawn_sync(NULL, (char **)words, NULL, flags, NULL, NULL, &output, NULL, &status, error))
        return false;
    if (!g_spawn_check_wait_status(status, error))
        return false;
    if (ret_output)
        *ret_output = g_steal_pointer(&output);
    return true;
}
