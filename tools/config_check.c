/* loa config check FILE [--of controller|player]
 *
 * The daemon itself reads the file (--check) and says what is wrong, so the two never disagree.
 * Which daemon: --of, else the groups in the file ([server] is the controller's), else its name. */
#include "config_check.h"

#include <errno.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "program.h"

typedef struct Daemon {
    const char *word;
    const char *program;
    const char *built;  /* beside the tools of a build directory */
    const char *groups; /* as in its sample file */
} Daemon;

static const Daemon daemons[] = {
    {"controller", "loa-controller", "controller", "server"},
    {"player", "loa-player", "player", "station sound board clock"},
};

/* How many lines of the file open a group of this daemon's, a slip of the pen allowed. */
static unsigned count_groups(const Daemon *daemon, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_auto(GStrv) groups = g_strsplit(daemon->groups, " ", -1);
    unsigned count = 0;
    for (char **line = lines; *line; line++) {
        char *group = g_strstrip(*line);
        size_t length = strlen(group);
        if (length < 3 || group[0] != '[' || group[length - 1] != ']')
            continue;
        group[length - 1] = '\0';
        count +=
            nearest_word(group + 1, (const char *const *)groups, g_strv_length(groups)) != NULL;
    }
    return count;
}

static const Daemon *find_by_word(const char *word)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(daemons); i++)
        if (strcmp(word, daemons[i].word) == 0)
            return &daemons[i];
    return NULL;
}

static const Daemon *find_by_content(const char *path)
{
    g_autofree char *text = NULL;
    g_autofree char *name = g_path_get_basename(path);
    unsigned best = 0;
    const Daemon *found = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        text = g_strdup("");
    for (unsigned i = 0; i < G_N_ELEMENTS(daemons); i++) {
        unsigned count = count_groups(&daemons[i], text);
        if (count > best || (!best && !found && strstr(name, daemons[i].word)))
            found = &daemons[i];
        best = MAX(best, count);
    }
    return found;
}

static int ask(const Daemon *daemon, const char *path)
{
    g_autofree char *program = program_find(daemon->built, daemon->program);
    GError *error = NULL;
    int status = 0;
    const char *words[] = {program, "--check", "--config", path, NULL};
    if (!g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL,
                      NULL, &status, &error)) {
        fprintf(stderr, "loa: %s; the package %s checks its own file\n", error->message,
                daemon->program);
        g_error_free(error);
        return 2;
    }
    if (!g_spawn_check_wait_status(status, NULL))
        return 1;
    printf("%s: in order for %s\n", path, daemon->program);
    return 0;
}

int config_check_main(int argc, char **argv)
{
    const char *path = NULL, *of = NULL;
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--of") == 0 && i + 1 < argc)
            of = argv[++i];
        else if (!path && argv[i][0] != '-')
            path = argv[i];
        else
            path = of = "";
    }
    const Daemon *daemon = of ? find_by_word(of) : path ? find_by_content(path) : NULL;
    if (path && *path && daemon)
        return ask(daemon, path);
    if (path && *path && !of)
        fprintf(stderr,
                "loa: %s is neither a controller's nor a player's configuration; say which\n",
                path);
    fputs("usage: loa config check FILE [--of controller|player]\n", stderr);
    return 2;
}
