/* The log of a file is a list of writes and truncations since its last sync, that of the names one
 * list for the whole disk. A cut replays a subset of both over what is durable: a write sector by
 * sector, a name as a whole (file systems keep names in a journal of their own). Old and new
 * content of a sector are both possible, and so is a file whose length came through without its
 * bytes: those read as zeros. */
#include "disk.h"

#include <string.h>

struct DiskFile {
    unsigned references;
    bool folder;
    GByteArray *now;
    GByteArray *durable;
    GArray *changes; /* Change, since the last sync */
};

typedef struct Change {
    GBytes *bytes; /* NULL: truncated or made longer to `at` */
    uint64_t at;
} Change;

typedef struct NameChange {
    char *from; /* NULL: a new name */
    char *to;   /* NULL: unlinked */
    DiskFile *file;
} NameChange;

struct Disk {
    GHashTable *now, *durable; /* path -> DiskFile */
    GPtrArray *names;          /* NameChange, since the sync of their folder */
    void (*before)(Disk *disk, void *user);
    void *user;
    DiskLies lies;
};

static void change_clear(gpointer change)
{
    g_clear_pointer(&((Change *)change)->bytes, g_bytes_unref);
}

static void name_change_free(gpointer data)
{
    NameChange *change = data;
    g_free(change->from);
    g_free(change->to);
    disk_file_unref(change->file);
    g_free(change);
}

static DiskFile *file_new(bool folder)
{
    DiskFile *file = g_new0(DiskFile, 1);
    file->references = 1;
    file->folder = folder;
    file->now = g_byte_array_new();
    file->durable = g_byte_array_new();
    file->changes = g_array_new(FALSE, FALSE, sizeof(Change));
    g_array_set_clear_func(file->changes, change_clear);
    return file;
}

static DiskFile *file_of(const uint8_t *bytes, size_t length, bool folder)
{
    DiskFile *file = file_new(folder);
    g_byte_array_append(file->now, bytes, (guint)length);
    g_byte_array_append(file->durable, bytes, (guint)length);
    return file;
}

static void file_unref(gpointer file)
{
    disk_file_unref(file);
}

static GHashTable *names_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, file_unref);
}

static void set_length(GByteArray *content, uint64_t length)
{
    guint before = content->len;
    g_byte_array_set_size(content, (guint)length);
    if (length > before)
        memset(content->data + before, 0, length - before);
}

static void put(GByteArray *content, uint64_t at, const uint8_t *bytes, size_t length)
{
    if (at + length > content->len)
        set_length(content, at + length);
    memcpy(content->data + at, bytes, length);
}

static void apply(GByteArray *content, const Change *change)
{
    size_t length;
    if (!change->bytes) {
        set_length(content, change->at);
        return;
    }
    const uint8_t *bytes = g_bytes_get_data(change->bytes, &length);
    put(content, change->at, bytes, length);
}

static void tell(Disk *self)
{
    if (self->before)
        self->before(self, self->user);
}

static void apply_name(GHashTable *names, const NameChange *change)
{
    if (change->from)
        g_hash_table_remove(names, change->from);
    if (change->to)
        g_hash_table_replace(names, g_strdup(change->to), disk_file_ref(change->file));
}

static void change_name(Disk *self, const char *from, const char *to, DiskFile *file)
{
    NameChange *change = g_new0(NameChange, 1);
    change->from = g_strdup(from);
    change->to = g_strdup(to);
    change->file = disk_file_ref(file);
    g_ptr_array_add(self->names, change);
    apply_name(self->now, change);
}

Disk *disk_new(void)
{
    Disk *self = g_new0(Disk, 1);
    self->now = names_new();
    self->durable = names_new();
    self->names = g_ptr_array_new_with_free_func(name_change_free);
    return self;
}

void disk_free(Disk *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->now);
    g_hash_table_unref(self->durable);
    g_ptr_array_unref(self->names);
    g_free(self);
}

Disk *disk_copy(const Disk *self)
{
    Disk *copy = disk_new();
    GHashTableIter all;
    gpointer path, value;
    g_hash_table_iter_init(&all, self->now);
    while (g_hash_table_iter_next(&all, &path, &value)) {
        const DiskFile *file = value;
        DiskFile *twin = file_of(file->now->data, file->now->len, file->folder);
        g_hash_table_insert(copy->now, g_strdup(path), twin);
        g_hash_table_insert(copy->durable, g_strdup(path), disk_file_ref(twin));
    }
    return copy;
}

void disk_watch(Disk *self, void (*before)(Disk *disk, void *user), void *user)
{
    self->before = before;
    self->user = user;
}

DiskFile *disk_find(const Disk *self, const char *path)
{
    return g_hash_table_lookup(self->now, path);
}

static DiskFile *create(Disk *self, const char *path, bool folder)
{
    tell(self);
    DiskFile *file = file_new(folder);
    change_name(self, NULL, path, file);
    disk_file_unref(file);
    return file;
}

DiskFile *disk_create(Disk *self, const char *path)
{
    return create(self, path, false);
}

void disk_make_folder(Disk *self, const char *path)
{
    create(self, path, true);
}

bool disk_is_folder(const DiskFile *file)
{
    return file->folder;
}

bool disk_rename(Disk *self, const char *from, const char *to)
{
    DiskFile *file = disk_find(self, from);
    if (!file)
        return false;
    tell(self);
    disk_file_ref(file);
    change_name(self, from, to, file);
    disk_file_unref(file);
    return true;
}

bool disk_unlink(Disk *self, const char *path)
{
    DiskFile *file = disk_find(self, path);
    if (!file)
        return false;
    tell(self);
    change_name(self, path, NULL, file);
    return true;
}

static bool lies_in(const NameChange *change, const char *folder)
{
    g_autofree char *mine = g_path_get_dirname(change->to ? change->to : change->from);
    return g_str_equal(mine, folder);
}

void disk_sync_folder(Disk *self, const char *path)
{
    tell(self);
    if (self->lies & DISK_LIES_FOLDERS)
        return;
    for (unsigned i = 0; i < self->names->len;) {
        NameChange *change = self->names->pdata[i];
        if (!lies_in(change, path)) {
            i++;
            continue;
        }
        apply_name(self->durable, change);
        g_ptr_array_remove_index(self->names, i);
    }
}

DiskFile *disk_file_ref(DiskFile *file)
{
    if (file)
        file->references++;
    return file;
}

void disk_file_unref(DiskFile *file)
{
    if (!file || --file->references > 0)
        return;
    g_byte_array_unref(file->now);
    g_byte_array_unref(file->durable);
    g_array_unref(file->changes);
    g_free(file);
}

const uint8_t *disk_file_bytes(const DiskFile *file, size_t *ret_length)
{
    *ret_length = file->now->len;
    return file->now->data;
}

static void change_file(Disk *self, DiskFile *file, const Change *change)
{
    tell(self);
    g_array_append_val(file->changes, *change);
    apply(file->now, change);
}

void disk_file_write(Disk *self, DiskFile *file, uint64_t offset, const void *bytes, size_t length)
{
    Change change = {.bytes = g_bytes_new(bytes, length), .at = offset};
    change_file(self, file, &change);
}

void disk_file_truncate(Disk *self, DiskFile *file, uint64_t length)
{
    Change change = {.at = length};
    change_file(self, file, &change);
}

void disk_file_sync(Disk *self, DiskFile *file)
{
    tell(self);
    if (self->lies & DISK_LIES_FILES)
        return;
    for (unsigned i = 0; i < file->changes->len; i++)
        apply(file->durable, &g_array_index(file->changes, Change, i));
    g_array_set_size(file->changes, 0);
}

void disk_lie(Disk *self, DiskLies lies)
{
    self->lies = lies;
}

/* The sector that was being written when the power went. */
static void put_noise(GByteArray *content, uint64_t at, size_t length, Dice *dice)
{
    uint64_t noise[DISK_SECTOR / sizeof(uint64_t)];
    for (unsigned i = 0; i < G_N_ELEMENTS(noise); i++)
        noise[i] = dice_next(dice);
    put(content, at, (const uint8_t *)noise, length);
}

/* A write reaches the platter in sectors of the disk, whatever its own borders are. */
static void apply_some(GByteArray *content, const Change *change, Dice *dice, unsigned percent)
{
    if (!change->bytes) {
        if (dice_chance(dice, percent))
            set_length(content, change->at);
        return;
    }
    size_t length;
    const uint8_t *bytes = g_bytes_get_data(change->bytes, &length);
    for (size_t done = 0; done < length;) {
        size_t piece = MIN(DISK_SECTOR - (change->at + done) % DISK_SECTOR, length - done);
        if (dice_chance(dice, percent))
            put(content, change->at + done, bytes + done, piece);
        else if (dice_chance(dice, 2))
            put_noise(content, change->at + done, piece, dice);
        done += piece;
    }
}

/* Only what lies behind the durable end may be missing. */
static void hurt_end(GByteArray *content, const DiskFile *file, Dice *dice)
{
    uint64_t sure = MIN(file->durable->len, content->len);
    unsigned kind = dice_below(dice, 6);
    if (kind == 0 && content->len > sure)
        set_length(content, sure + dice_below(dice, (unsigned)(content->len - sure)));
    if (kind == 1 && file->now->len > content->len)
        set_length(content, file->now->len);
}

static DiskFile *cut_file(const DiskFile *file, Dice *dice)
{
    static const unsigned shares[] = {0, 100, 50, 50, 90, 15};
    unsigned percent = shares[dice_below(dice, G_N_ELEMENTS(shares))];
    DiskFile *left = file_new(file->folder);
    g_byte_array_append(left->now, file->durable->data, file->durable->len);
    for (unsigned i = 0; i < file->changes->len; i++)
        apply_some(left->now, &g_array_index(file->changes, Change, i), dice, percent);
    if (file->changes->len > 0)
        hurt_end(left->now, file, dice);
    g_byte_array_append(left->durable, left->now->data, left->now->len);
    return left;
}

/* Half of the time the names are kept in order up to some point, as a journalling file system does;
 * else any subset of them. */
static GHashTable *cut_names(const Disk *self, Dice *dice)
{
    GHashTable *names = names_new();
    GHashTableIter all;
    gpointer path, file;
    g_hash_table_iter_init(&all, self->durable);
    while (g_hash_table_iter_next(&all, &path, &file))
        g_hash_table_insert(names, g_strdup(path), disk_file_ref(file));
    bool ordered = dice_chance(dice, 50);
    unsigned upto = dice_below(dice, self->names->len + 1);
    for (unsigned i = 0; i < self->names->len; i++)
        if (ordered ? i < upto : dice_chance(dice, 50))
            apply_name(names, self->names->pdata[i]);
    return names;
}

static bool has_place(GHashTable *names, const char *path)
{
    g_autofree char *parent = g_path_get_dirname(path);
    if (g_str_equal(parent, "/") || g_str_equal(parent, "."))
        return true;
    return g_hash_table_contains(names, parent) && has_place(names, parent);
}

Disk *disk_cut(const Disk *self, Dice *dice)
{
    Disk *left = disk_new();
    g_autoptr(GHashTable) names = cut_names(self, dice);
    g_autoptr(GList) paths = g_list_sort(g_hash_table_get_keys(names), (GCompareFunc)g_strcmp0);
    for (const GList *path = paths; path; path = path->next) {
        if (!has_place(names, path->data))
            continue;
        DiskFile *file = cut_file(g_hash_table_lookup(names, path->data), dice);
        g_hash_table_insert(left->now, g_strdup(path->data), file);
        g_hash_table_insert(left->durable, g_strdup(path->data), disk_file_ref(file));
    }
    return left;
}

static void damage(GByteArray *content, Dice *dice)
{
    for (unsigned n = 1 + dice_below(dice, 8); content->len > 0 && n > 0; n--) {
        unsigned at = dice_below(dice, content->len);
        unsigned length = 1 + dice_below(dice, MIN(64, content->len - at));
        for (unsigned i = 0; i < length; i++)
            content->data[at + i] = (guint8)dice_below(dice, 256);
    }
}

void disk_damage(Disk *self, Dice *dice)
{
    GHashTableIter all;
    gpointer file;
    g_hash_table_iter_init(&all, self->now);
    while (g_hash_table_iter_next(&all, NULL, &file))
        damage(((DiskFile *)file)->now, dice);
}

static void describe_file(GString *text, const char *path, const DiskFile *file, const Disk *disk)
{
    bool kept = g_hash_table_lookup(disk->durable, path) == file;
    g_string_append_printf(text, "  %s: %u bytes%s, %u durable", path, file->now->len,
                           kept ? "" : " under a name that may go", file->durable->len);
    for (unsigned i = 0; i < file->changes->len; i++) {
        const Change *change = &g_array_index(file->changes, Change, i);
        if (change->bytes)
            g_string_append_printf(text, ", %zu at %" G_GUINT64_FORMAT,
                                   g_bytes_get_size(change->bytes), change->at);
        else
            g_string_append_printf(text, ", cut to %" G_GUINT64_FORMAT, change->at);
    }
    g_string_append_c(text, '\n');
}

char *disk_describe(const Disk *self)
{
    GString *text = g_string_new(NULL);
    g_autoptr(GPtrArray) paths = disk_list(self);
    for (unsigned i = 0; i < paths->len; i++)
        describe_file(text, paths->pdata[i], disk_find(self, paths->pdata[i]), self);
    for (unsigned i = 0; i < self->names->len; i++) {
        const NameChange *change = self->names->pdata[i];
        g_string_append_printf(text, "  under way: %s -> %s\n", change->from ? change->from : "new",
                               change->to ? change->to : "unlinked");
    }
    return g_string_free(text, FALSE);
}

GPtrArray *disk_list(const Disk *self)
{
    GPtrArray *paths = g_ptr_array_new();
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(self->now), (GCompareFunc)g_strcmp0);
    for (const GList *path = names; path; path = path->next)
        g_ptr_array_add(paths, path->data);
    return paths;
}
