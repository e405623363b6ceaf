/* Whole or old: a file that was being replaced holds the old content or the new one, a file whose
 * writing returned true holds the new one. Media may be missing before they were published, and
 * must be refused when a bit is wrong. */
#include "files_kept.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic_file.h"
#include "digest.h"

#define NOTE_MAX      (64 * 1024)
#define NOTE_VERSIONS 256 /* more than a life writes */
#define PIECE         1400
#define MEDIA_MAX     12000
#define SECOND        INT64_C(1000000)
#define ISSUED_US     (INT64_C(1795000000) * SECOND)
#define STATION_ID    "tram-01"

static char *in(const char *dir, const char *name)
{
    return g_build_filename(dir, name, NULL);
}

static GBytes *noise(uint64_t seed, size_t length)
{
    Dice dice = dice_of(seed);
    uint8_t *bytes = g_malloc(length);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)dice_below(&dice, 256);
    return g_bytes_new_take(bytes, length);
}

/* The same version always has the same text, from nothing to many sectors. Borrowed. */
static GBytes *note_of(int version)
{
    static GBytes *made[NOTE_VERSIONS];
    Dice dice = dice_of((uint64_t)version);
    GBytes **text = &made[version % NOTE_VERSIONS];
    if (!*text)
        *text =
            noise((uint64_t)version, 1 + dice_below(&dice, dice_chance(&dice, 30) ? 20000 : 1500));
    return *text;
}

static GBytes *sign_plan(const Outside *self, int version)
{
    g_autoptr(Plan) plan = plan_new();
    plan->station = g_strdup(STATION_ID);
    plan->epoch = 1;
    plan->version = version;
    plan->issued_us = plan->from_us = ISSUED_US;
    plan->until_us = ISSUED_US + 86400 * SECOND;
    g_ptr_array_add(plan->area_path, g_strdup("xa-01"));
    for (int i = 0; i < 5; i++) {
        g_autofree char *path = g_strdup_printf("Bản tin %d.%d", version, i);
        PlanAiring *airing = plan_airing_new();
        airing->id = plan_airing_id(path, ISSUED_US, 0, STATION_ID);
        airing->broadcast = g_strdup("ban-tin");
        airing->start_us = ISSUED_US + i * 600 * SECOND;
        airing->start_by_us = airing->start_us + 60 * SECOND;
        airing->order = i;
        airing->title = g_steal_pointer(&path);
        airing->issuer = g_strdup("xa-01");
        airing->author = g_strdup("Lan");
        airing->approver = g_strdup("Hùng");
        PlanItem *item = plan_item_new();
        item->bulletin = g_strdup("ban-tin");
        item->bulletin_version = g_strdup("v1");
        item->sha256 = g_strdup(self->sha256[i % KEPT_MEDIA]);
        item->frames = 48000;
        g_ptr_array_add(airing->items, item);
        g_ptr_array_add(plan->airings, airing);
    }
    g_autoptr(Json) json = plan_to_json(plan);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_PLAN, payload, &self->signer);
    size_t length;
    char *text = envelope_print(envelope, &length);
    return g_bytes_new_take(text, length);
}

static Identity *identify(const Outside *self)
{
    Identity *identity = g_new0(Identity, 1);
    identity->station = g_strdup(STATION_ID);
    identity->area_path = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(identity->area_path, g_strdup("xa-01"));
    identity->root = root_new();
    identity->root->version = identity->root->epoch = 1;
    root_add_key(identity->root, &self->signer);
    root_grant(identity->root, ROOT_ROLE_PLAN, &self->signer);
    return identity;
}

Outside *outside_new(void)
{
    static const size_t sizes[KEPT_MEDIA] = {300, 5000, MEDIA_MAX};
    Outside *self = g_new0(Outside, 1);
    key_generate(&self->signer);
    self->identity = identify(self);
    for (unsigned i = 0; i < KEPT_MEDIA; i++) {
        self->media[i] = noise(1000 + i, sizes[i]);
        self->sha256[i] = digest_hex_of(g_bytes_get_data(self->media[i], NULL), sizes[i]);
    }
    for (int i = 1; i <= KEPT_VERSIONS; i++)
        self->plans[i] = sign_plan(self, i);
    return self;
}

void outside_free(Outside *self)
{
    identity_free(self->identity);
    for (int i = 1; i <= KEPT_VERSIONS; i++)
        g_bytes_unref(self->plans[i]);
    for (unsigned i = 0; i < KEPT_MEDIA; i++) {
        g_bytes_unref(self->media[i]);
        g_free(self->sha256[i]);
    }
    g_free(self);
}

bool files_write_note(FilesKept *kept, const char *dir, Dice *dice)
{
    g_autofree char *path = in(dir, "note");
    bool remove = kept->note > 0 && dice_chance(dice, 15);
    kept->note_next = remove ? 0 : kept->note + 1 + (int)dice_below(dice, 3);
    GBytes *text = note_of(kept->note_next);
    bool good = remove ? atomic_file_remove(path, NULL)
                       : atomic_file_write(path, g_bytes_get_data(text, NULL),
                                           g_bytes_get_size(text), 0600, NULL);
    kept->note = kept->note_next;
    return good;
}

bool files_make_key(FilesKept *kept, const char *dir, Dice *dice)
{
    g_autofree char *path = in(dir, "station.key");
    Key key;
    kept->key_changes = true;
    bool good;
    if (dice_chance(dice, 50)) {
        good = key_load_or_make(path, &key, NULL, NULL);
    } else {
        key_generate(&key);
        good = key_save(&key, path, NULL);
    }
    kept->key_changes = false;
    if (good)
        g_strlcpy(kept->key, key.id, sizeof kept->key);
    return good;
}

bool files_take_plan(FilesKept *kept, const char *dir, const Outside *outside)
{
    if (kept->plan == KEPT_VERSIONS)
        return true;
    AcceptCode code;
    g_autoptr(PlanFile) file = plan_file_open(dir, outside->identity, &code);
    kept->plan_next = kept->plan + 1;
    size_t length;
    const char *text = g_bytes_get_data(outside->plans[kept->plan_next], &length);
    bool good = plan_file_replace(file, text, length, &code, NULL);
    kept->plan = kept->plan_next;
    return good;
}

static bool fetch(const char *dir, const char *sha256, GBytes *whole, size_t upto, bool *ret_wrong)
{
    g_autofree char *media = in(dir, "media");
    g_autoptr(MediaCache) cache = media_cache_open(media, NULL);
    g_autoptr(GError) error = NULL;
    int64_t have = 0;
    size_t length;
    const uint8_t *bytes = g_bytes_get_data(whole, &length);
    int fd = cache ? media_cache_part_open(cache, sha256, (int64_t)length, &have, &error) : -1;
    if (fd < 0)
        return false;
    for (size_t at = (size_t)have; at < MIN(length, upto);) {
        ssize_t n = write(fd, bytes + at, MIN(PIECE, length - at));
        at += (size_t)MAX(n, 0);
    }
    close(fd);
    if (upto < length)
        return true;
    bool good = media_cache_part_finish(cache, sha256, (int64_t)length, &error);
    *ret_wrong = g_error_matches(error, MEDIA_ERROR, MEDIA_ERROR_WRONG);
    return good;
}

bool files_fetch_media(FilesKept *kept, const char *dir, const Outside *outside, Dice *dice)
{
    unsigned i = dice_below(dice, KEPT_MEDIA);
    size_t upto = dice_chance(dice, 30) ? dice_below(dice, MEDIA_MAX) : MEDIA_MAX;
    if (kept->media[i])
        return true;
    bool wrong = false;
    bool good = fetch(dir, outside->sha256[i], outside->media[i], upto, &wrong);
    kept->media[i] = good && upto >= g_bytes_get_size(outside->media[i]);
    return good || wrong; /* a part that a power cut has damaged starts over */
}

bool files_drop_media(FilesKept *kept, const char *dir)
{
    g_autofree char *media = in(dir, "media");
    g_autoptr(MediaCache) cache = media_cache_open(media, NULL);
    g_autoptr(GHashTable) nothing = g_hash_table_new(g_str_hash, g_str_equal);
    memset(kept->media, 0, sizeof kept->media); /* from here on each may be there or not */
    if (cache)
        media_cache_drop_unused(cache, nothing);
    return cache != NULL;
}

static bool is_version(GBytes *found, int version)
{
    GBytes *text = version > 0 ? note_of(version) : NULL;
    return text && found ? g_bytes_equal(text, found) : !text && !found;
}

static const char *judge_note(const FilesKept *kept, const char *dir, FilesKept *found)
{
    g_autofree char *path = in(dir, "note");
    g_autoptr(GBytes) text = atomic_file_read(path, NOTE_MAX, NULL);
    found->note = is_version(text, kept->note) ? kept->note : kept->note_next;
    found->note_next = found->note;
    if (is_version(text, found->note))
        return NULL;
    for (int version = 0; version < kept->note; version++)
        if (is_version(text, version))
            return "lost";
    return "torn";
}

static const char *judge_key(const FilesKept *kept, const char *dir, FilesKept *found)
{
    g_autofree char *path = in(dir, "station.key");
    g_autoptr(GError) error = NULL;
    Key key = {0};
    found->key_changes = false;
    if (!key_load(path, &key, &error)) {
        found->key[0] = '\0';
        if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
            return "torn";
        return kept->key[0] ? "lost" : NULL;
    }
    g_strlcpy(found->key, key.id, sizeof found->key);
    return kept->key_changes || g_str_equal(kept->key, key.id) ? NULL : "lost";
}

static const char *judge_plan(const FilesKept *kept, const char *dir, const Outside *outside,
                              Dice *dice, FilesKept *found)
{
    AcceptCode code;
    int64_t epoch, seen;
    g_autoptr(PlanFile) file = plan_file_open(dir, outside->identity, &code);
    plan_file_seen(file, &epoch, &seen);
    const Plan *plan = plan_file_plan(file);
    if (code != ACCEPT_OK)
        return "torn";
    found->plan = found->plan_next = plan ? (int)plan->version : 0;
    if (found->plan != kept->plan && found->plan != kept->plan_next)
        return "lost";
    if (seen < kept->plan)
        return "lost";
    if (kept->plan < 2 || !dice_chance(dice, 25))
        return NULL;
    size_t length;
    const char *old = g_bytes_get_data(outside->plans[kept->plan - 1], &length);
    return plan_file_replace(file, old, length, &code, NULL) ? "old-again" : NULL;
}

static void flip_bit(const char *path, Dice *dice)
{
    char byte;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    off_t at = (off_t)dice_below(dice, 300);
    if (fd >= 0 && pread(fd, &byte, 1, at) == 1) {
        byte ^= (char)(1 << dice_below(dice, 8));
        if (pwrite(fd, &byte, 1, at) != 1)
            perror(path);
    }
    close(fd);
}

/* What stands is right; flipped, it is refused and gone; and it can be had again. */
static const char *judge_medium(MediaCache *cache, const char *dir, const Outside *outside,
                                unsigned i, Dice *dice)
{
    const char *sha256 = outside->sha256[i];
    bool wrong = false;
    if (media_cache_has(cache, sha256)) {
        g_autofree char *path = media_cache_path(cache, sha256);
        if (!media_cache_verify(cache, sha256, NULL))
            return media_cache_has(cache, sha256) ? "media-accepted" : "torn";
        if (!dice_chance(dice, 10))
            return NULL;
        flip_bit(path, dice);
        if (media_cache_verify(cache, sha256, NULL) || media_cache_has(cache, sha256))
            return "media-accepted";
    }
    if (!dice_chance(dice, 15))
        return NULL;
    bool good = fetch(dir, sha256, outside->media[i], MEDIA_MAX, &wrong) ||
                (wrong && fetch(dir, sha256, outside->media[i], MEDIA_MAX, &wrong));
    return good && media_cache_verify(cache, sha256, NULL) ? NULL : "never-fetched";
}

static const char *judge_media(const FilesKept *kept, const char *dir, const Outside *outside,
                               Dice *dice, FilesKept *found)
{
    g_autofree char *media = in(dir, "media");
    g_autoptr(MediaCache) cache = media_cache_open(media, NULL);
    for (unsigned i = 0; i < KEPT_MEDIA; i++) {
        found->media[i] = media_cache_has(cache, outside->sha256[i]);
        if (kept->media[i] && !found->media[i])
            return "lost";
        const char *rule = judge_medium(cache, dir, outside, i, dice);
        if (rule)
            return rule;
    }
    return NULL;
}

const char *files_judge(const FilesKept *kept, const char *dir, const Outside *outside, Dice *dice,
                        FilesKept *ret_found, char **ret_what)
{
    const char *which = "note";
    const char *rule = judge_note(kept, dir, ret_found);
    if (!rule) {
        which = "key";
        rule = judge_key(kept, dir, ret_found);
    }
    if (!rule) {
        which = "plan";
        rule = judge_plan(kept, dir, outside, dice, ret_found);
    }
    if (!rule) {
        which = "media";
        rule = judge_media(kept, dir, outside, dice, ret_found);
    }
    *ret_what = rule ? g_strdup(which) : NULL;
    return rule;
}
