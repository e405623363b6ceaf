/* Four files in one directory: ca.crt, which phones and stations trust, ca.key, server.crt and
 * server.key, which nginx reads. A certificate that Loa's authority did not make (a public one that
 * was linked here) is left alone by `renew`. The authority's key is written before anything that it
 * signs, and nothing that exists is replaced before what takes its place was verified. */
#include "tls.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/atomic_file.h"
#include "base/clock.h"
#include "certificate.h"
#include "program.h"

#define PEM_MAX    (256 * 1024)
#define RENEW_DAYS 30
#define DAY_US     (INT64_C(24) * 3600 * G_USEC_PER_SEC)
#define RELOAD     "systemctl", "reload", "nginx"

typedef struct Place {
    char *dir;
    char *authority, *authority_key, *server, *server_key; /* paths */
} Place;

static void place_clear(Place *self)
{
    g_free(self->dir);
    g_free(self->authority);
    g_free(self->authority_key);
    g_free(self->server);
    g_free(self->server_key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static void place_init(Place *self, const char *dir)
{
    self->dir = g_strdup(dir ? dir : TLS_DIR);
    self->authority = g_build_filename(self->dir, "ca.crt", NULL);
    self->authority_key = g_build_filename(self->dir, "ca.key", NULL);
    self->server = g_build_filename(self->dir, "server.crt", NULL);
    self->server_key = g_build_filename(self->dir, "server.key", NULL);
}

static char *read_text(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = atomic_file_read(path, PEM_MAX, error);
    size_t length = 0;
    if (!bytes)
        return NULL;
    const char *text = g_bytes_get_data(bytes, &length);
    return g_strndup(text, length);
}

static bool write_text(const char *path, const char *text, int mode, GError **error)
{
    return atomic_file_write(path, text, strlen(text), mode, error);
}

/* The key that is there, or a new one, written down before it is used. */
static char *keep_key(const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return read_text(path, error);
    g_autofree char *key = certificate_make_key(error);
    if (!key || !write_text(path, key, 0600, error))
        return NULL;
    return g_steal_pointer(&key);
}

static char *keep_authority(const Place *place, const char *key, const GPtrArray *names,
                            int64_t now_us, GError **error)
{
    if (g_file_test(place->authority, G_FILE_TEST_EXISTS))
        return read_text(place->authority, error);
    g_autofree char *made = certificate_make_authority(key, names, now_us, error);
    if (!made || !write_text(place->authority, made, 0644, error))
        return NULL;
    return g_steal_pointer(&made);
}

static bool make_server(const Place *place, const char *authority, const char *authority_key,
                        const GPtrArray *names, int64_t now_us, GError **error)
{
    g_autofree char *key = keep_key(place->server_key, error);
    g_autofree char *made =
        key ? certificate_make_server(authority, authority_key, key, names, now_us, error) : NULL;
    return made && write_text(place->server, made, 0644, error);
}

static void say_day(const char *what, int64_t at_us)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(at_us / G_USEC_PER_SEC);
    g_autofree char *day = g_date_time_format(at, "%Y-%m-%d");
    printf("%-12s %s\n", what, day);
}

static bool show(const Place *place, GError **error)
{
    g_autofree char *server = read_text(place->server, error);
    g_autoptr(CertificateFacts) facts = server ? certificate_read(server, error) : NULL;
    if (!facts)
        return false;
    g_ptr_array_add(facts->names, NULL);
    g_autofree char *names = g_strjoinv(" ", (char **)facts->names->pdata);
    printf("%-12s %s\n%-12s %s\n%-12s %s\n", "server", place->server, "names", names, "made by",
           facts->issuer);
    say_day("valid until", facts->until_us);
    g_autofree char *authority = read_text(place->authority, NULL);
    g_autoptr(CertificateFacts) own = authority ? certificate_read(authority, NULL) : NULL;
    if (!own)
        return true;
    printf("%-12s %s\n", "authority", place->authority);
    say_day("valid until", own->until_us);
    printf("%-12s %s\n", "SHA-256", own->fingerprint);
    return true;
}

static bool make(const Place *place, const GPtrArray *names, GError **error)
{
    int64_t now_us = clock_wall_us(clock_system());
    if (!atomic_file_make_folders(place->dir, 0755, error))
        return false;
    g_autofree char *key = keep_key(place->authority_key, error);
    g_autofree char *authority = key ? keep_authority(place, key, names, now_us, error) : NULL;
    if (!authority)
        return false;
    if (make_server(place, authority, key, names, now_us, error))
        return show(place, error);
    if (error && g_error_matches(*error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
        g_prefix_error(error,
                       "%s was made for other names. Keep them, or move the directory away, make a "
                       "new authority, and let phones and stations trust that one: ",
                       place->authority);
    return false;
}

typedef enum { RENEW_NOTHING, RENEW_DONE, RENEW_FAILED } Renewal;

static Renewal renew(const Place *place, bool now, GError **error)
{
    int64_t now_us = clock_wall_us(clock_system());
    g_autofree char *server = read_text(place->server, error);
    g_autofree char *authority = read_text(place->authority, server ? error : NULL);
    g_autoptr(CertificateFacts) facts = authority ? certificate_read(server, error) : NULL;
    g_autoptr(CertificateFacts) own = facts ? certificate_read(authority, error) : NULL;
    if (!own)
        return RENEW_FAILED;
    if (!g_str_equal(facts->issuer, own->subject)) {
        fprintf(stderr, "loa: %s is not of this machine's own authority; left as it is\n",
                place->server);
        return RENEW_NOTHING;
    }
    if (!now && facts->until_us - now_us > RENEW_DAYS * DAY_US)
        return RENEW_NOTHING;
    g_autofree char *key = read_text(place->authority_key, error);
    bool good = key && make_server(place, authority, key, facts->names, now_us, error);
    return good ? RENEW_DONE : RENEW_FAILED;
}

/* Options of the three; what is left of the words stays in `argv` from 1 on. */
static bool parse(const char *usage, const GOptionEntry *options, int *argc, char ***argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, options, NULL);
    char **words = g_new0(char *, *argc + 2);
    words[0] = g_strdup("loa tls");
    for (int i = 0; i < *argc; i++)
        words[i + 1] = g_strdup((*argv)[i]);
    bool good = g_option_context_parse_strv(context, &words, &error);
    if (!good)
        fprintf(stderr, "loa: %s\n%s", error->message, usage);
    *argc = (int)g_strv_length(words);
    *argv = words;
    return good;
}

static int judge(bool good, GError *const *error)
{
    if (!good && *error)
        fprintf(stderr, "loa: %s\n", (*error)->message);
    return good ? 0 : 1;
}

static GPtrArray *take_names(char **words)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 1; words[i]; i++) {
        char *name = certificate_name(words[i]);
        if (!name || names->len == CERTIFICATE_NAMES_MAX) {
            fprintf(stderr, "loa: '%s' is neither a host name nor an IP address\n", words[i]);
            g_free(name);
            return NULL;
        }
        g_ptr_array_add(names, name);
    }
    return names->len ? g_steal_pointer(&names) : NULL;
}

int tls_make_main(int argc, char **argv)
{
    static const char usage[] = "usage: loa tls make NAME... [--dir DIR]\n"
                                "       the names and addresses by which people and stations call "
                                "this machine\n";
    g_autofree char *dir = NULL;
    const GOptionEntry options[] = {
        {"dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "Directory (" TLS_DIR ")", "DIR"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GError) error = NULL;
    bool good = parse(usage, options, &argc, &argv);
    g_auto(GStrv) words = argv;
    if (!good)
        return 2;
    g_autoptr(GPtrArray) names = take_names(words);
    if (!names) {
        fputs(usage, stderr);
        return 2;
    }
    g_auto(Place) place = {0};
    place_init(&place, dir);
    return judge(make(&place, names, &error), &error);
}

static int reload(void)
{
    const char *words[] = {RELOAD, NULL};
    g_autoptr(GError) error = NULL;
    return judge(program_run(words, NULL, &error), &error);
}

int tls_renew_main(int argc, char **argv)
{
    static const char usage[] = "usage: loa tls renew [--now] [--reload] [--dir DIR]\n";
    g_autofree char *dir = NULL;
    gboolean now = FALSE, reloads = FALSE;
    const GOptionEntry options[] = {
        {"now", 0, 0, G_OPTION_ARG_NONE, &now, "Not only in the last 30 days", NULL},
        {"reload", 0, 0, G_OPTION_ARG_NONE, &reloads, "Let nginx read the new one", NULL},
        {"dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "Directory (" TLS_DIR ")", "DIR"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GError) error = NULL;
    bool good = parse(usage, options, &argc, &argv) && argc == 1;
    g_auto(GStrv) words G_GNUC_UNUSED = argv;
    if (!good)
        return 2;
    g_auto(Place) place = {0};
    place_init(&place, dir);
    Renewal renewal = renew(&place, now, &error);
    if (renewal == RENEW_DONE) {
        printf("%s is new\n", place.server);
        return reloads ? reload() : 0;
    }
    return judge(renewal == RENEW_NOTHING, &error);
}

int tls_show_main(int argc, char **argv)
{
    static const char usage[] = "usage: loa tls show [--dir DIR]\n";
    g_autofree char *dir = NULL;
    const GOptionEntry options[] = {
        {"dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "Directory (" TLS_DIR ")", "DIR"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GError) error = NULL;
    bool good = parse(usage, options, &argc, &argv) && argc == 1;
    g_auto(GStrv) words G_GNUC_UNUSED = argv;
    if (!good)
        return 2;
    g_auto(Place) place = {0};
    place_init(&place, dir);
    return judge(show(&place, &error), &error);
}
