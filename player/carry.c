/* MOUNT/loa-carry: roots/N.json, plan.json, media/<sha256>. Everything on it is signed or named by
 * its hash, so it needs no trust and goes the way of anything that comes by network: the roots one
 * by one, the plan through the same guards, a file into its part and under its name only once its
 * hash is right. A stick that is pulled out, half written or made for somebody else changes
 * nothing, or brings the whole files that it has.
 *
 * `loa station export` writes plan.json last, so a half made stick is passed over. Copying goes in
 * small pieces from the loop, the fetcher resting meanwhile: both would write the same part. */
#include "carry.h"

#include "base/atomic_file.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_S    2
#define PIECE     (256 * 1024)
#define ROOT_MAX  (2 * ROOT_MAX_BYTES)
#define PLAN_MAX  (PLAN_MAX_BYTES / 3 * 4 + 16 * 1024)
#define ROOTS_MAX 100 /* followed in one go */

struct Carry {
    CarryParts parts;
    char *folder;
    struct stat seen; /* of the plan.json that was taken last */
    GPtrArray *names; /* sha256 of what is to be copied */
    int from, to;     /* descriptors; -1 = between two files */
    int64_t bytes, brought;
    unsigned look, step;
};

static char *on_stick(const Carry *self, const char *folder, const char *name)
{
    return g_build_filename(self->folder, folder, name, NULL);
}

static void follow_roots(Carry *self)
{
    for (unsigned i = 0; i < ROOTS_MAX; i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *name =
            g_strdup_printf("%" G_GINT64_FORMAT ".json", self->parts.identity->root->version + 1);
        g_autofree char *path = on_stick(self, "roots", name);
        g_autoptr(GBytes) bytes = atomic_file_read(path, ROOT_MAX, NULL);
        if (!bytes)
            return;
        size_t length;
        const char *text = g_bytes_get_data(bytes, &length);
        if (identity_follow(self->parts.identity, self->parts.data, text, length, &error))
            continue;
        refusals_add(self->parts.refusals, "import", "root");
        log_warning("the stick's root document is not believed: %s", error->message);
        return;
    }
}

static void take_plan(Carry *self, GBytes *bytes)
{
    AcceptCode code;
    g_autoptr(GError) error = NULL;
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    int64_t epoch, version, new_epoch, new_version;
    plan_file_seen(self->parts.plan, &epoch, &version);
    if (!plan_file_replace(self->parts.plan, text, length, &code, &error)) {
        if (code != ACCEPT_OK)
            refusals_add(self->parts.refusals, "import", accept_words[code]);
        log_warning("the stick's plan is refused (%s): %s; keeping the old plan",
                    code == ACCEPT_OK ? "not-written" : accept_words[code], error->message);
        return;
    }
    plan_file_seen(self->parts.plan, &new_epoch, &new_version);
    if (new_epoch == epoch && new_version == version)
        return;
    log_notice("plan %" G_GINT64_FORMAT ".%" G_GINT64_FORMAT " came on a stick", new_epoch,
               new_version);
    self->parts.on_plan(self->parts.user);
}

static void list_missing(Carry *self)
{
    const Plan *plan = plan_file_plan(self->parts.plan);
    g_ptr_array_set_size(self->names, 0);
    self->brought = 0;
    for (unsigned i = 0; plan && i < plan->media->len; i++) {
        const PlanMedia *media = plan->media->pdata[i];
        if (!media_cache_has(self->parts.media, media->sha256))
            g_ptr_array_add(self->names, g_strdup(media->sha256));
    }
}

static int64_t announced(const Carry *self, const char *sha256)
{
    const Plan *plan = plan_file_plan(self->parts.plan);
    for (unsigned i = 0; plan && i < plan->media->len; i++) {
        const PlanMedia *media = plan->media->pdata[i];
        if (g_str_equal(media->sha256, sha256))
            return media->bytes;
    }
    return -1;
}

static void close_both(Carry *self)
{
    if (self->from >= 0)
        close(self->from);
    if (self->to >= 0)
        close(self->to);
    self->from = self->to = -1;
}

/* Opens the file and its part; false when this one is passed over. */
static bool open_both(Carry *self, const char *sha256)
{
    struct stat about;
    int64_t have = 0;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = on_stick(self, "media", sha256);
    self->bytes = announced(self, sha256);
    self->from = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (self->from < 0)
        return false; /* not on this stick */
    if (self->bytes < 0 || fstat(self->from, &about) != 0 || !S_ISREG(about.st_mode) ||
        about.st_size != self->bytes) {
        refusals_add(self->parts.refusals, "import", "wrong-size");
        return false;
    }
    self->to = media_cache_part_open(self->parts.media, sha256, self->bytes, &have, &error);
    if (self->to < 0)
        log_warning("%s; what is here still plays", error->message);
    return self->to >= 0 && lseek(self->from, have, SEEK_SET) == have;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t written = write(fd, bytes + done, length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        done += (size_t)written;
    }
    return true;
}

/* 1 = there is more, 0 = the end, -1 = it cannot be read or written. */
static int copy_piece(Carry *self)
{
    static char piece[PIECE];
    ssize_t got = read(self->from, piece, sizeof piece);
    if (got < 0)
        return errno == EINTR ? 1 : -1;
    if (got == 0)
        return 0;
    return write_all(self->to, piece, (size_t)got) ? 1 : -1;
}

static void finish(Carry *self, const char *sha256)
{
    g_autoptr(GError) error = NULL;
    if (!media_cache_part_finish(self->parts.media, sha256, self->bytes, &error)) {
        refusals_add(self->parts.refusals, "import", "wrong-hash");
        log_warning("the stick: %s", error->message);
        return;
    }
    self->brought++;
    self->parts.on_ready(sha256, self->parts.user);
}

static void next_file(Carry *self)
{
    close_both(self);
    g_ptr_array_set_size(self->names, (int)self->names->len - 1);
    if (self->names->len > 0)
        return;
    if (self->brought)
        log_notice("%" G_GINT64_FORMAT " file(s) came on a stick", self->brought);
    fetcher_set_wanted(self->parts.fetcher, plan_file_plan(self->parts.plan)); /* goes on */
}

bool carry_step(Carry *self)
{
    if (self->names->len == 0)
        return false;
    const char *sha256 = self->names->pdata[self->names->len - 1];
    if (self->from < 0 && !open_both(self, sha256)) {
        next_file(self);
        return self->names->len > 0;
    }
    int more = copy_piece(self);
    if (more > 0)
        return true;
    if (more == 0)
        finish(self, sha256);
    next_file(self);
    return self->names->len > 0;
}

static gboolean on_step(gpointer user)
{
    Carry *self = user;
    if (carry_step(self))
        return G_SOURCE_CONTINUE;
    self->step = 0;
    return G_SOURCE_REMOVE;
}

static bool is_same(const struct stat *left, const struct stat *right)
{
    return left->st_dev == right->st_dev && left->st_ino == right->st_ino &&
           left->st_size == right->st_size && left->st_mtim.tv_sec == right->st_mtim.tv_sec &&
           left->st_mtim.tv_nsec == right->st_mtim.tv_nsec &&
           left->st_ctim.tv_sec == right->st_ctim.tv_sec &&
           left->st_ctim.tv_nsec == right->st_ctim.tv_nsec;
}

bool carry_look(Carry *self)
{
    struct stat about;
    g_autofree char *path = g_build_filename(self->folder, "plan.json", NULL);
    if (self->names->len > 0)
        return true;
    if (lstat(path, &about) != 0) {
        self->seen = (struct stat){0}; /* pulled out: the same stick may come again */
        return false;
    }
    if (!S_ISREG(about.st_mode) || is_same(&about, &self->seen))
        return false;
    self->seen = about;
    g_autoptr(GBytes) bytes = atomic_file_read(path, PLAN_MAX, NULL);
    if (!bytes) {
        refusals_add(self->parts.refusals, "import", "too-large");
        return false;
    }
    follow_roots(self);
    take_plan(self, bytes);
    list_missing(self);
    if (self->names->len > 0)
        fetcher_set_wanted(self->parts.fetcher, NULL); /* rests until we are done */
    return self->names->len > 0;
}

static gboolean on_look(gpointer user)
{
    Carry *self = user;
    if (!self->step && carry_look(self))
        self->step = g_idle_add_full(G_PRIORITY_LOW, on_step, self, NULL);
    return G_SOURCE_CONTINUE;
}

Carry *carry_new(const CarryParts *parts)
{
    Carry *self = g_new0(Carry, 1);
    self->parts = *parts;
    self->folder = g_build_filename(parts->mount, CARRY_FOLDER, NULL);
    self->names = g_ptr_array_new_with_free_func(g_free);
    self->from = self->to = -1;
    self->look = g_timeout_add_seconds(LOOK_S, on_look, self);
    return self;
}

void carry_free(Carry *self)
{
    if (!self)
        return;
    g_clear_handle_id(&self->look, g_source_remove);
    g_clear_handle_id(&self->step, g_source_remove);
    close_both(self);
    g_ptr_array_unref(self->names);
    g_free(self->folder);
    g_free(self);
}
