/* Order matters: the database is copied first, then the sound, so every file that the copy names is
 * there when its turn comes. The plain copy of the database stays inside the data directory, which
 * only its owner reads, and is gone afterwards. Sound whose bytes are not what its name says is
 * named on stderr: the disk is rotting, and this backup tells it first. */
#include "backup.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "backup_format.h"
#include "backup_prune.h"
#include "backup_seal.h"
#include "backup_write.h"
#include "base/atomic_file.h"
#include "base/clock.h"
#include "json.h"
#include "program.h"

#define RECIPIENTS     "/etc/loa/backup-recipients"
#define RECIPIENTS_MAX (64 * 1024)

typedef struct Backup {
    const char *data;
    char *out; /* the file */
    const char *recipients;
    const char *config; /* NULL = none */
    char *work;
    int64_t made_us;
    GPtrArray *media; /* char*: "media/ab/..." */
    uint64_t total, done;
    unsigned said;
    unsigned damaged;
} Backup;

static void say_progress(size_t bytes, void *user)
{
    Backup *self = user;
    self->done += bytes;
    unsigned percent =
        self->total ? (unsigned)(MIN(self->done, self->total) * 100 / self->total) : 100;
    if (percent == self->said)
        return;
    self->said = percent;
    fprintf(stderr, "\rpacking: %u %%%s", percent, percent == 100 ? "\n" : "");
}

static void add_size(Backup *self, const char *path)
{
    struct stat about;
    if (stat(path, &about) == 0)
        self->total += (uint64_t)about.st_size;
}

static void list_folder(Backup *self, const char *media, const char *folder)
{
    g_autofree char *full = g_build_filename(media, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(full, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_strdup_printf("media/%s/%s", folder, name);
        g_autofree char *file = g_build_filename(full, name, NULL);
        if (!backup_format_media(path))
            continue; /* a file that is being written */
        add_size(self, file);
        g_ptr_array_add(self->media, g_steal_pointer(&path));
    }
}

static void list_media(Backup *self)
{
    g_autofree char *media = g_build_filename(self->data, "media", NULL);
    g_autoptr(GDir) dir = g_dir_open(media, 0, NULL);
    const char *folder;
    while (dir && (folder = g_dir_read_name(dir)) != NULL)
        list_folder(self, media, folder);
}

static bool copy_database(Backup *self, GError **error)
{
    g_autofree char *program = program_find("controller", "loa-controller");
    g_autofree char *copy = g_build_filename(self->work, BACKUP_DATABASE, NULL);
    const char *words[] = {program, "--copy-database", copy, "--data", self->data, NULL};
    if (!program_run(words, NULL, error)) {
        g_prefix_error(error, "the database could not be copied: ");
        return false;
    }
    add_size(self, copy);
    return true;
}

static bool pack_media(Backup *self, BackupWriter *writer, GError **error)
{
    for (unsigned i = 0; i < self->media->len; i++) {
        const char *path = g_ptr_array_index(self->media, i);
        g_autofree char *source = g_build_filename(self->data, path, NULL);
        g_autofree char *sha256 = NULL;
        g_autoptr(GError) failed = NULL;
        bool good = backup_writer_file(writer, path, source, &sha256, &failed);
        if (g_error_matches(failed, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
            continue; /* retention took it meanwhile */
        if (!good) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return false;
        }
        if (g_str_equal(sha256, backup_format_media(path)))
            continue;
        fprintf(stderr, "\nloa: %s is damaged on the disk; it is kept as it is\n", source);
        self->damaged++;
    }
    return true;
}

static bool pack_keys(Backup *self, BackupWriter *writer, GError **error)
{
    g_autofree char *online = g_build_filename(self->data, BACKUP_ONLINE, NULL);
    g_autofree char *root = g_build_filename(self->data, BACKUP_ROOT, NULL);
    if (!backup_writer_file(writer, BACKUP_ONLINE, online, NULL, error))
        return false;
    if (!g_file_test(root, G_FILE_TEST_EXISTS))
        return true; /* as it should be */
    fprintf(stderr, "loa: %s is still on this machine and now in the backup too; carry it away\n",
            root);
    return backup_writer_file(writer, BACKUP_ROOT, root, NULL, error);
}

static bool pack(int fd, void *user, GError **error)
{
    Backup *self = user;
    g_autofree char *database = g_build_filename(self->work, BACKUP_DATABASE, NULL);
    g_autoptr(BackupWriter) writer = backup_writer_new(fd, say_progress, self);
    return backup_writer_head(writer, self->made_us, error) &&
           backup_writer_file(writer, BACKUP_DATABASE, database, NULL, error) &&
           pack_keys(self, writer, error) &&
           (!self->config ||
            backup_writer_file(writer, BACKUP_CONFIG, self->config, NULL, error)) &&
           pack_media(self, writer, error) && backup_writer_finish(writer, error);
}

/* For the controller, which says how old the last backup is. */
static bool note_last(const Backup *self, const Sealed *sealed, GError **error)
{
    g_autofree char *path = g_build_filename(self->data, BACKUP_LAST, NULL);
    g_autoptr(Json) json = json_new_object();
    size_t length;
    json_set_int(json, "made_us", self->made_us);
    json_set_text(json, "file", self->out);
    json_set_int(json, "bytes", (int64_t)sealed->bytes);
    json_set_text(json, "sha256", sealed->sha256);
    g_autofree char *text = json_print(json, &length);
    struct stat about;
    if (!atomic_file_write(path, text, length, 0600, error))
        return false;
    if (geteuid() == 0 && stat(self->data, &about) == 0)
        (void)!chown(path, about.st_uid, about.st_gid);
    return true;
}

static bool recipients_are_public(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = atomic_file_read(path, RECIPIENTS_MAX, error);
    if (!bytes) {
        g_prefix_error(error, "the recipients of the backup: ");
        return false;
    }
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    if (!g_strstr_len(text, (gssize)length, "AGE-SECRET-KEY"))
        return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                "%s holds the secret that opens the backups. Keep it on another machine; only the "
                "line that begins with age1 belongs here",
                path);
    return false;
}

static void remove_work(Backup *self)
{
    static const char *const names[] = {BACKUP_DATABASE, BACKUP_DATABASE "-wal",
                                        BACKUP_DATABASE "-shm", BACKUP_DATABASE "-journal"};
    if (!self->work)
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(self->work, names[i], NULL);
        (void)g_unlink(path);
    }
    (void)g_rmdir(self->work);
}

static bool make_work(Backup *self, GError **error)
{
    self->work = g_build_filename(self->data, ".backup-XXXXXX", NULL);
    if (g_mkdtemp_full(self->work, 0700))
        return true;
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", self->data,
                g_strerror(errno));
    g_clear_pointer(&self->work, g_free);
    return false;
}

static bool run(Backup *self, GError **error)
{
    Sealed sealed;
    if (!recipients_are_public(self->recipients, error) || !make_work(self, error) ||
        !copy_database(self, error))
        return false;
    list_media(self);
    if (!backup_seal(self->out, self->recipients, pack, self, &sealed, error) ||
        !note_last(self, &sealed, error))
        return false;
    fprintf(stderr, "loa: %s, %" G_GUINT64_FORMAT " bytes, written and read back\nsha256 %s\n",
            self->out, sealed.bytes, sealed.sha256);
    return true;
}

static char *out_file(const char *out, int64_t made_us)
{
    char name[64];
    time_t seconds = made_us / G_USEC_PER_SEC;
    struct tm utc;
    if (!g_file_test(out, G_FILE_TEST_IS_DIR))
        return g_strdup(out);
    gmtime_r(&seconds, &utc);
    strftime(name, sizeof name, BACKUP_PREFIX "%Y%m%dT%H%M%SZ" BACKUP_SUFFIX, &utc);
    return g_build_filename(out, name, NULL);
}

static int prune(const char *out, const BackupKeep *keep)
{
    unsigned removed = 0;
    g_autoptr(GError) error = NULL;
    bool asked = keep->newest || keep->days || keep->weeks;
    if (!asked || !g_file_test(out, G_FILE_TEST_IS_DIR))
        return 0;
    if (!backup_prune(out, keep, &removed, &error)) {
        fprintf(stderr, "loa: old backups could not be removed: %s\n", error->message);
        return 1;
    }
    if (removed)
        fprintf(stderr, "loa: %u older backups removed\n", removed);
    return 0;
}

static int back_up(const char *data, const char *out, const char *recipients, const char *config,
                   const BackupKeep *keep)
{
    g_autoptr(GError) error = NULL;
    Backup self = {.data = data, .recipients = recipients, .config = config, .said = 101};
    self.made_us = clock_wall_us(clock_system());
    self.out = out_file(out, self.made_us);
    self.media = g_ptr_array_new_with_free_func(g_free);
    umask(077);
    signal(SIGPIPE, SIG_IGN);
    bool good = run(&self, &error);
    remove_work(&self);
    if (!good)
        fprintf(stderr, "\nloa: no backup was made: %s\n", error->message);
    else if (self.damaged)
        fprintf(stderr, "loa: the backup is whole, but %u files were damaged before\n",
                self.damaged);
    g_ptr_array_unref(self.media);
    g_free(self.work);
    g_free(self.out);
    return good && prune(out, keep) == 0 && self.damaged == 0 ? 0 : 1;
}

int backup_main(int argc, char **argv)
{
    g_autofree char *recipients = NULL, *config = NULL;
    int newest = 0, days = 0, weeks = 0;
    const GOptionEntry options[] = {
        {"recipients", 'R', 0, G_OPTION_ARG_FILENAME, &recipients,
         "Public keys made by age-keygen (" RECIPIENTS ")", "FILE"},
        {"config", 'c', 0, G_OPTION_ARG_FILENAME, &config, "Configuration to be kept too", "FILE"},
        {"prune", 0, 0, G_OPTION_ARG_INT, &newest, "Keep the newest in the directory OUT", "KEEP"},
        {"daily", 0, 0, G_OPTION_ARG_INT, &days, "and the last of so many days", "DAYS"},
        {"weekly", 0, 0, G_OPTION_ARG_INT, &weeks, "and the last of so many weeks", "WEEKS"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new("DATA_DIR OUT");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, options, NULL);
    g_auto(GStrv) words = g_new0(char *, argc + 2);
    words[0] = g_strdup("loa backup");
    for (int i = 0; i < argc; i++)
        words[i + 1] = g_strdup(argv[i]);
    bool good = g_option_context_parse_strv(context, &words, &error);
    if (good && g_strv_length(words) == 3 && newest >= 0 && days >= 0 && weeks >= 0) {
        BackupKeep keep = {(unsigned)newest, (unsigned)days, (unsigned)weeks};
        return back_up(words[1], words[2], recipients ? recipients : RECIPIENTS, config, &keep);
    }
    if (!good)
        fprintf(stderr, "loa: %s\n", error->message);
    fputs("usage: loa backup DATA_DIR OUT [--recipients FILE] [--config FILE]\n"
          "                  [--prune KEEP] [--daily DAYS] [--weekly WEEKS]\n",
          stderr);
    return 2;
}
