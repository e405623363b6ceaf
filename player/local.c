/* Who is not accepted knows no root, so nothing signed can be judged here, and nothing that comes
 * on a stick is taken. One thing is believed: what root of this very machine has put into a folder
 * that nobody else can write. N.opus stands behind alert button N; file and folder are looked at
 * again at every press.
 *
 * What sounds is conducted like any alert: no plan, no time, no network. A receipt needs a
 * station's id, which comes with the acceptance; until then it waits in a journal of its own,
 * where it names no station, so that nobody outside could take it for one. */
#include "local.h"

#include "base/atomic_file.h"
#include "base/log.h"
#include "crypto.h"
#include "digest.h"
#include "envelope.h"
#include "playout/ogg_length.h"
#include "wire/plan.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY         "unaccepted" /* station of the receipts that wait */
#define ALERT_BUTTONS  4
#define ALERT_ID_BYTES 16
#define SEVERITY       3
#define BATCH          64
#define ENVELOPE_MAX   (2 * RECEIPT_MAX_BYTES)
#define SPARE_US       (INT64_C(2) * G_USEC_PER_SEC)

struct Local {
    LocalParts parts;
    Journal *journal;
    Conductor *conductor;
    int64_t until_us[ALERT_BUTTONS + 1]; /* boottime; the message sounds */
    int64_t busy_until_us;
};

Local *local_new(const LocalParts *parts, GError **error)
{
    g_autoptr(Local) self = g_new0(Local, 1);
    g_autoptr(GError) broken = NULL;
    self->parts = *parts;
    self->journal = journal_open_later(parts->journal, parts->key, &broken);
    if (broken)
        log_warning("%s; playing on without it", broken->message);
    self->conductor = conductor_new(&(ConductorSettings){.clock = parts->clock,
                                                         .trust = parts->trust,
                                                         .audio = parts->audio,
                                                         .board = parts->board,
                                                         .journal = self->journal,
                                                         .media = parts->media,
                                                         .station = NOBODY,
                                                         .boot_id = parts->boot_id,
                                                         .interlock = parts->interlock,
                                                         .settle_ms = parts->settle_ms,
                                                         .linger_ms = parts->linger_ms,
                                                         .current_min_ma = parts->current_min_ma},
                                    error);
    return self->conductor ? g_steal_pointer(&self) : NULL;
}

void local_free(Local *self)
{
    g_autoptr(GError) error = NULL;
    if (!self)
        return;
    conductor_free(self->conductor);
    if (!board_set_amplifier(self->parts.board, false, &error)) /* it may have been lingering */
        log_warning("the amplifier cannot be switched off: %s", error->message);
    journal_free(self->journal);
    g_free(self);
}

Conductor *local_conductor(const Local *self)
{
    return self->conductor;
}

bool local_is_busy(const Local *self)
{
    return !conductor_is_idle(self->conductor) ||
           clock_boottime_us(self->parts.clock) < self->busy_until_us;
}

/* ---- messages ---- */

/* No link either: the folder it stands in need not be safe. */
static bool is_safe(const char *path, unsigned owner, mode_t kind, GError **error)
{
    struct stat about;
    if (lstat(path, &about) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
        return false;
    }
    if ((about.st_mode & S_IFMT) == kind && about.st_uid == owner &&
        !(about.st_mode & (S_IWGRP | S_IWOTH)))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_PERM,
                "%s: only root may be able to write it, and it may be no link; say: chown root %s "
                "&& chmod go-w %s",
                path, path, path);
    return false;
}

static GBytes *read_clip(const Local *self, const char *path, int64_t *ret_frames, GError **error)
{
    if (!is_safe(self->parts.folder, self->parts.owner, S_IFDIR, error) ||
        !is_safe(path, self->parts.owner, S_IFREG, error))
        return NULL;
    g_autoptr(GBytes) bytes = atomic_file_read(path, LOCAL_CLIP_BYTES, error);
    *ret_frames = bytes ? ogg_length_frames(bytes) : 0;
    if (bytes && *ret_frames == 0)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "%s: not an Ogg/Opus file of at most an hour", path);
    return *ret_frames > 0 ? g_steal_pointer(&bytes) : NULL;
}

static bool sound(Local *self, unsigned button, const char *path, GBytes *bytes, int64_t frames)
{
    g_autofree char *sha256 = digest_hex_of(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_autofree char *name = g_strdup_printf("local-%u", button);
    g_autofree char *id = crypto_random_hex(ALERT_ID_BYTES);
    HappeningClip clip = {.sha256 = sha256, .path = path, .version = name, .frames = frames};
    HappeningAlert alert = {.id = id,
                            .title = name,
                            .local = true,
                            .severity = SEVERITY,
                            .level = PLAN_MAX_DEPTH,
                            .clips = &clip,
                            .n_clips = 1};
    if (conductor_alert(self->conductor, &alert) != HAPPENING_TAKEN)
        return false;
    int64_t length_us = frames * G_USEC_PER_SEC / 48000;
    int64_t amplifier_us = (int64_t)(self->parts.settle_ms + self->parts.linger_ms) * 1000;
    self->until_us[button] = clock_boottime_us(self->parts.clock) + length_us;
    self->busy_until_us =
        MAX(self->busy_until_us, self->until_us[button] + amplifier_us + SPARE_US);
    return true;
}

static bool press(Local *self, unsigned button)
{
    g_autoptr(GError) error = NULL;
    int64_t frames = 0;
    if (!self->parts.folder)
        return false;
    if (clock_boottime_us(self->parts.clock) < self->until_us[button])
        return true; /* it sounds: a second press is a nervous hand */
    g_autofree char *path = g_strdup_printf("%s/%u.opus", self->parts.folder, button);
    g_autoptr(GBytes) bytes = read_clip(self, path, &frames, &error);
    if (!bytes) {
        log_warning("alert button %u was pressed; no message stands ready behind it: %s", button,
                    error->message);
        return false;
    }
    log_notice("alert button %u: the station's own message, %s", button, path);
    return sound(self, button, path, bytes, frames);
}

bool local_button(Local *self, BoardButton button)
{
    if (button != BOARD_BUTTON_STOP)
        return press(self, 1 + (unsigned)(button - BOARD_BUTTON_ALERT1));
    if (conductor_is_idle(self->conductor))
        return false;
    conductor_stop_local(self->conductor);
    self->busy_until_us =
        clock_boottime_us(self->parts.clock) + (int64_t)self->parts.linger_ms * 1000 + SPARE_US;
    for (unsigned i = 0; i <= ALERT_BUTTONS; i++)
        self->until_us[i] = 0;
    return true;
}

/* ---- once it is accepted ---- */

/* Into the name of the station. What stands there from a try before stays as it is. */
static bool give(Receipt *receipt, Journal *to, const char *station, GError **error)
{
    g_autoptr(GError) failed = NULL;
    if (receipt->kind != RECEIPT_LOCAL)
        return true;
    g_free(receipt->station);
    g_free(receipt->airing);
    receipt->station = g_strdup(station);
    receipt->airing = plan_airing_id(receipt->broadcast, 0, receipt->repeat, station);
    if (journal_end(to, receipt, &failed) ||
        g_error_matches(failed, JOURNAL_ERROR, JOURNAL_ERROR_AGAIN))
        return true;
    g_propagate_error(error, g_steal_pointer(&failed));
    return false;
}

static bool give_waiting(Journal *from, Journal *to, const char *station, GError **error)
{
    for (;;) {
        g_autoptr(GArray) waiting = journal_waiting(from, BATCH, error);
        if (!waiting || waiting->len == 0)
            return waiting != NULL;
        for (unsigned i = 0; i < waiting->len; i++) {
            WaitingReceipt one = g_array_index(waiting, WaitingReceipt, i);
            size_t length;
            const char *text = g_bytes_get_data(one.envelope, &length);
            g_autoptr(Envelope) envelope = envelope_parse(text, length, ENVELOPE_MAX, error);
            g_autoptr(Receipt) receipt =
                envelope ? receipt_parse(g_bytes_get_data(envelope->payload, NULL),
                                         g_bytes_get_size(envelope->payload), error)
                         : NULL;
            if (!receipt || !give(receipt, to, station, error) ||
                !journal_acknowledge(from, one.counter, error))
                return false;
        }
    }
}

/* The power went while it sounded: as its last mark says. */
static bool give_drafts(Journal *from, Journal *to, const char *station, GError **error)
{
    g_autoptr(GPtrArray) drafts = journal_unfinished(from, error);
    for (unsigned i = 0; drafts && i < drafts->len; i++) {
        Receipt *draft = drafts->pdata[i];
        const ReceiptItem *item = draft->items->len ? draft->items->pdata[0] : NULL;
        bool heard = item && item->segments->len > 0;
        draft->outcome = heard ? OUTCOME_PARTIAL : OUTCOME_MISSED;
        if (!give(draft, to, station, error))
            return false;
    }
    return drafts != NULL;
}

static void remove_journal(const char *path)
{
    static const char *const suffixes[] = {"-wal", "-shm", ""};
    for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *one = g_strconcat(path, suffixes[i], NULL);
        unlink(one);
    }
}

bool local_hand_over(const char *path, Journal *to, const char *station, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    Key key;
    key_generate(&key);
    Journal *from = journal_open(path, &key, error);
    bool good =
        from && give_waiting(from, to, station, error) && give_drafts(from, to, station, error);
    journal_free(from);
    key_clear(&key);
    if (good)
        remove_journal(path);
    return good;
}
