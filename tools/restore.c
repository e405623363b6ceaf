/* A restore that fails leaves nothing behind and touches nothing that was there. NEW_DATA_DIR must
 * not exist or be empty; an empty one lends its owner, so that root may restore for the service. */
#include "restore.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup_age.h"
#include "base/clock.h"
#include "program.h"
#include "restore_read.h"

#define OPEN_FOLDERS 16

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    return remove(path);
}

static void remove_tree(const char *path)
{
    nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

static uid_t new_owner;
static gid_t new_group;

static int own_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    return lchown(path, new_owner, new_group);
}

static bool set_owner(const char *tree, const char *like, GError **error)
{
    struct stat about;
    if (geteuid() != 0 || stat(like, &about) != 0)
        return true;
    new_owner = about.st_uid;
    new_group = about.st_gid;
    if (nftw(tree, own_one, OPEN_FOLDERS, FTW_PHYS) == 0)
        return true;
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", tree, g_strerror(errno));
    return false;
}

static bool is_free(const char *path, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    g_autoptr(GDir) dir = g_dir_open(path, 0, error);
    if (!dir)
        return false;
    if (!g_dir_read_name(dir))
        return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                "%s is not empty; move what is in it away first, it is not touched", path);
    return false;
}

static bool unpack(const char *backup, const char *identity, const char *into,
                   RestoredBackup *ret_backup, GError **error)
{
    AgePipe age;
    g_autoptr(GError) refused = NULL, locked = NULL;
    if (!age_pipe_decrypt(&age, identity, backup, error))
        return false;
    bool good = restore_read(age.out, into, ret_backup, &refused);
    bool opened = age_pipe_close(&age, &locked);
    if (good && opened)
        return true;
    g_propagate_error(error, refused ? g_steal_pointer(&refused) : g_steal_pointer(&locked));
    return false;
}

static bool take_over(const char *data, const RestoredBackup *backup, char **ret_epoch,
                      GError **error)
{
    g_autofree char *program = program_find("controller", "loa-controller");
    g_autofree char *made = g_strdup_printf("%" G_GINT64_FORMAT, backup->made_us);
    const char *words[] = {program, "--take-over", made, "--data", data, NULL};
    if (!program_run(words, ret_epoch, error)) {
        g_prefix_error(error, "the restored database was not taken over: ");
        return false;
    }
    g_strchomp(*ret_epoch);
    return true;
}

static bool give_name(const char *staging, const char *data, GError **error)
{
    if (rename(staging, data) == 0) {
        sync();
        return true;
    }
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", data, g_strerror(errno));
    return false;
}

static bool restore_into(const char *backup, const char *staging, const char *data,
                         const char *identity, RestoredBackup *ret_backup, char **ret_epoch,
                         GError **error)
{
    return unpack(backup, identity, staging, ret_backup, error) &&
           take_over(staging, ret_backup, ret_epoch, error) && set_owner(staging, data, error) &&
           give_name(staging, data, error);
}

static void say_what(const RestoredBackup *backup)
{
    g_autofree char *made = clock_format_utc(backup->made_us / G_USEC_PER_SEC * G_USEC_PER_SEC);
    printf("made %s by Loa %s: %" G_GUINT64_FORMAT " files, %" G_GUINT64_FORMAT " bytes, all as "
           "its manifest says\n",
           made, backup->software, backup->files, backup->bytes);
}

static bool restore(const char *backup, const char *data, const char *identity, GError **error)
{
    RestoredBackup found;
    g_autofree char *epoch = NULL;
    g_autofree char *absolute = g_canonicalize_filename(data, NULL);
    g_autofree char *staging = g_strdup_printf("%s.restore-XXXXXX", absolute);
    if (!is_free(absolute, error))
        return false;
    if (!g_mkdtemp_full(staging, 0700)) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", staging,
                    g_strerror(errno));
        return false;
    }
    if (!restore_into(backup, staging, absolute, identity, &found, &epoch, error)) {
        remove_tree(staging);
        return false;
    }
    say_what(&found);
    printf(
        "restored to %s, epoch %s. The old machine must never run again; what was done after the "
        "backup is to be done again, and people log in anew.\n",
        absolute, epoch);
    return true;
}

static bool check_only(const char *backup, const char *identity, GError **error)
{
    RestoredBackup found;
    if (!unpack(backup, identity, NULL, &found, error))
        return false;
    say_what(&found);
    return true;
}

static int run(const char *backup, const char *data, const char *identity)
{
    g_autoptr(GError) error = NULL;
    umask(077);
    bool good =
        data ? restore(backup, data, identity, &error) : check_only(backup, identity, &error);
    if (!good)
        fprintf(stderr, "loa: %s: %s%s\n", backup, error->message,
                data ? "; nothing was restored" : "");
    return good ? 0 : 1;
}

int restore_main(int argc, char **argv)
{
    g_autofree char *identity = NULL;
    gboolean check = FALSE;
    const GOptionEntry options[] = {
        {"identity", 'i', 0, G_OPTION_ARG_FILENAME, &identity, "The secret made by age-keygen",
         "FILE"},
        {"check", 0, 0, G_OPTION_ARG_NONE, &check, "Judge the backup, restore nothing", NULL},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new("BACKUP NEW_DATA_DIR");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, options, NULL);
    g_auto(GStrv) words = g_new0(char *, argc + 2);
    words[0] = g_strdup("loa restore");
    for (int i = 0; i < argc; i++)
        words[i + 1] = g_strdup(argv[i]);
    bool good = g_option_context_parse_strv(context, &words, &error);
    if (good && identity && g_strv_length(words) == (check ? 2 : 3))
        return run(words[1], check ? NULL : words[2], identity);
    if (!good)
        fprintf(stderr, "loa: %s\n", error->message);
    fputs("usage: loa restore BACKUP NEW_DATA_DIR --identity FILE\n"
          "       loa restore --check BACKUP --identity FILE\n",
          stderr);
    return 2;
}
