/* The desk of the conductor's tests; see desk.h. */
#include "desk.h"

#include "digest.h"
#include "envelope.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static const BoardOps board_ops;

typedef struct DeskBoard {
    Board board;
    Desk *desk;
    bool on;
} DeskBoard;

static bool board_switch(Board *board, bool on, GError **error)
{
    DeskBoard *self = (DeskBoard *)board;
    (void)error;
    int64_t *when = on ? &self->desk->amplifier_on_us : &self->desk->amplifier_off_us;
    if (self->on != on)
        *when = self->desk->clock.wall;
    self->on = on;
    return true;
}

static void board_tell(Board *board, BoardReadings *ret)
{
    DeskBoard *self = (DeskBoard *)board;
    *ret = (BoardReadings){0};
    ret->amplifier = self->on && !self->desk->amplifier_dead ? BOARD_YES : BOARD_NO;
}

static void board_gone(Board *board)
{
    g_free(board);
}

static const BoardOps board_ops = {
    .set_amplifier = board_switch,
    .read = board_tell,
    .free = board_gone,
};

static void probe(TrustProbe *ret_probe, void *user)
{
    *ret_probe = ((Desk *)user)->probe;
}

static bool may_stream(AiringClass class, void *user)
{
    return class != CLASS_NORMAL || !((Desk *)user)->no_data;
}

static void on_missing(void *user)
{
    ((Desk *)user)->missing++;
}

void desk_boot(Desk *self, const char *boot_id)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *journal = g_build_filename(self->dir, "journal.db", NULL);
    g_autofree char *floor = g_build_filename(self->dir, "floor", NULL);
    g_autofree char *media = g_build_filename(self->dir, "media", NULL);
    self->boot_id = boot_id ? boot_id : self->boot_id;
    self->trust = trust_new(floor, TRUST_SOURCE_NTP, &self->clock.clock, probe, self);
    g_autofree char *lost = g_build_filename(self->dir, "journal-lost", NULL);
    self->lost = lost_mark_open(lost);
    self->journal = journal_open_later(journal, &self->key, NULL);
    self->media = media_cache_open(media, &error);
    g_assert_no_error(error);
    self->audio = audio_fake_new();
    audio_fake_run_until(self->audio, self->clock.wall);
    DeskBoard *board = g_new0(DeskBoard, 1);
    board->board.ops = &board_ops;
    board->desk = self;
    self->board = &board->board;
    self->conductor = conductor_new(
        &(ConductorSettings){
            .clock = &self->clock.clock,
            .trust = self->trust,
            .audio = self->audio,
            .board = self->board,
            .journal = self->journal,
            .lost = self->lost,
            .media = self->media,
            .station = "station-1",
            .boot_id = self->boot_id,
            .settle_ms = 500,
            .linger_ms = 1000,
            .on_media_missing = on_missing,
            .may_stream = may_stream,
            .user = self,
        },
        &error);
    g_assert_no_error(error);
}

void desk_crash(Desk *self)
{
    g_clear_pointer(&self->conductor, conductor_free);
    g_clear_pointer(&self->audio, audio_free);
    board_gone(g_steal_pointer(&self->board));
    g_clear_pointer(&self->media, media_cache_free);
    g_clear_pointer(&self->journal, journal_free);
    g_clear_pointer(&self->lost, lost_mark_free);
    g_clear_pointer(&self->trust, trust_free);
}

static GLogWriterOutput say_nothing(GLogLevelFlags level, const GLogField *fields, gsize count,
                                    gpointer user)
{
    (void)level, (void)fields, (void)count, (void)user;
    return G_LOG_WRITER_HANDLED;
}

void desk_quiet(void)
{
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_log_set_writer_func(say_nothing, NULL, NULL);
}

Desk *desk_new(void)
{
    Desk *self = g_new0(Desk, 1);
    /* In memory where there is such a place: a day of virtual time is thousands of fsyncs. */
    bool memory = access("/dev/shm", W_OK) == 0;
    self->dir = memory ? g_mkdtemp(g_strdup("/dev/shm/loa-desk-XXXXXX"))
                       : g_dir_make_tmp("loa-desk-XXXXXX", NULL);
    self->probe = (TrustProbe){.synchronised = true, .error_us = 5000};
    self->version = 1;
    g_assert_true(crypto_init());
    key_generate(&self->key);
    fake_clock_init(&self->clock, MORNING);
    desk_boot(self, "0123456789abcdef0123456789abcdef");
    self->good_sha256 = desk_add_media(self, "a village announcement");
    return self;
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        remove_tree(below);
    }
    g_remove(path);
}

void desk_free(Desk *self)
{
    if (!self)
        return;
    if (self->conductor)
        desk_crash(self);
    remove_tree(self->dir);
    plan_free(self->plan);
    key_clear(&self->key);
    g_free(self->good_sha256);
    g_free(self->dir);
    g_free(self);
}

void desk_run_until(Desk *self, int64_t wall_us)
{
    while (self->clock.wall < wall_us) {
        int64_t wait_us = conductor_tick(self->conductor);
        int64_t step_us = MIN(wait_us, wall_us - self->clock.wall);
        for (int64_t gone = 0; gone < step_us; gone += 100000) {
            fake_clock_advance(&self->clock, MIN(100000, step_us - gone));
            audio_fake_run_until(self->audio, self->clock.wall);
        }
    }
    conductor_tick(self->conductor);
}

char *desk_add_media(Desk *self, const char *content)
{
    char *sha256 = digest_hex_of(content, strlen(content));
    g_autofree char *path = media_cache_path(self->media, sha256);
    g_autofree char *shelf = g_path_get_dirname(path);
    g_mkdir_with_parents(shelf, 0700);
    g_assert_true(g_file_set_contents(path, content, -1, NULL));
    return sha256;
}

PlanAiring *desk_airing(Desk *self, const char *name, int64_t start_us, int seconds)
{
    PlanAiring *airing = plan_airing_new();
    airing->id = plan_airing_id(name, 0, 0, "station-1");
    airing->broadcast = g_strdup("broadcast-1");
    airing->start_us = start_us;
    airing->start_by_us = start_us + 10 * MINUTE;
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup("bulletin-1");
    item->bulletin_version = g_strdup("version-1");
    item->sha256 = g_strdup(self->good_sha256);
    item->frames = seconds * INT64_C(48000);
    g_ptr_array_add(airing->items, item);
    return airing;
}

void desk_give_plan(Desk *self, PlanAiring **airings, unsigned count)
{
    Plan *plan = plan_new();
    plan->station = g_strdup("station-1");
    plan->epoch = 1;
    plan->version = self->version++;
    plan->from_us = self->clock.wall - HOUR;
    plan->until_us = self->clock.wall + 24 * HOUR;
    for (unsigned i = 0; i < count; i++)
        g_ptr_array_add(plan->airings, airings[i]);
    PlanPolicy *policy = plan_policy_new("area-1");
    policy->states_quiet = true;
    policy->session_min = self->session_min;
    policy->day_min = self->day_min;
    if (self->quiet)
        g_array_append_vals(policy->quiet, self->quiet, 1);
    if (self->ceiling)
        g_array_append_vals(policy->ceilings, self->ceiling, 1);
    g_ptr_array_add(plan->policies, policy);
    conductor_set_plan(self->conductor, plan);
    plan_free(self->plan);
    self->plan = plan;
}

void desk_give_airing(Desk *self, PlanAiring *airing)
{
    desk_give_plan(self, &airing, 1);
}

unsigned desk_receipts(Desk *self)
{
    return (unsigned)journal_count_waiting(self->journal);
}

Receipt *desk_receipt(Desk *self, unsigned index)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) waiting = journal_waiting(self->journal, 256, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(index, <, waiting->len);
    GBytes *text = g_array_index(waiting, WaitingReceipt, index).envelope;
    g_autoptr(Envelope) envelope =
        envelope_parse(g_bytes_get_data(text, NULL), g_bytes_get_size(text), 1 << 20, &error);
    g_assert_no_error(error);
    g_assert_true(envelope_verify(envelope, ENVELOPE_TYPE_RECEIPT, &self->key, &error));
    Receipt *receipt = receipt_parse(g_bytes_get_data(envelope->payload, NULL),
                                     g_bytes_get_size(envelope->payload), &error);
    g_assert_no_error(error);
    return receipt;
}

void desk_assert_only(Desk *self, Outcome outcome, Reason reason)
{
    g_assert_cmpuint(desk_receipts(self), ==, 1);
    g_autoptr(Receipt) receipt = desk_receipt(self, 0);
    g_assert_cmpstr(outcome_words[receipt->outcome], ==, outcome_words[outcome]);
    g_assert_cmpstr(reason_words[receipt->reason], ==, reason_words[reason]);
}
