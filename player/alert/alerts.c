/* The way of a command: accepted -> sound -> kept. Sound comes first and the file is written beside
 * it, because a second spent on a slow card is a second of silence on the pole.
 *
 * An alert waits here in two cases only: its sound is not in the cache yet, or it was in force
 * before the last start. A loop from before the start goes on once the time is trusted, or once the
 * controller names it again on this connection; without either nobody knows whether it has expired.
 *
 * A cancel or a stop is a tombstone and is fed to the conductor whenever it is kept, so it holds
 * before its alert as well as after it, and after a restart. */
#include "alert/alerts.h"

#include "base/log.h"
#include "crypto.h"

#include <string.h>

#define HELD_MAX           AUDIO_MAX_HELD
#define DRILL_TOLERANCE_US (INT64_C(600) * G_USEC_PER_SEC)

struct Alerts {
    AlertsParts parts;
    CommandKeep *keep;
    StandingOrders *standing;
    Plan *plan;
    GHashTable *fed;       /* ids that the conductor has */
    GHashTable *unbrought; /* ids whose sound came along in vain */
    GHashTable *confirmed; /* ids from before this start that the controller named again */
    int64_t local_until_us[PLAN_BUTTONS + 1]; /* boottime */
    unsigned refused[COMMAND_CODES];
    bool unsaved;
};

static int64_t wall(const Alerts *self)
{
    return clock_wall_us(self->parts.clock);
}

static bool is_trusted(const Alerts *self)
{
    return trust_now(self->parts.trust).level >= TRUST_SYNCED;
}

/* What is over before this instant is over for sure. */
static int64_t surely(const Alerts *self)
{
    return trust_now(self->parts.trust).level >= TRUST_FLOOR ? wall(self) : 0;
}

static const GPtrArray *area_path(const Alerts *self)
{
    return self->plan ? self->plan->area_path : self->parts.identity->area_path;
}

/* ---- feeding the conductor ---- */

/* What came along with the order goes into the cache, where all else looks for it. */
static bool bring(Alerts *self, const Command *command, const char *sha256)
{
    g_autoptr(GError) error = NULL;
    GBytes *sound = command_peek_sound(command, sha256);
    if (!sound || g_hash_table_contains(self->unbrought, command->id))
        return false;
    if (media_cache_put(self->parts.media, sha256, sound, &error))
        return true;
    if (g_error_matches(error, MEDIA_ERROR, MEDIA_ERROR_WRONG))
        refusals_add(self->parts.refusals, "media", "wrong-hash");
    g_hash_table_add(self->unbrought, g_strdup(command->id));
    log_warning("%s; fetching it instead", error->message);
    return false;
}

static bool media_is_there(Alerts *self, const Command *command)
{
    for (unsigned i = 0; i < command->items->len; i++) {
        const PlanItem *item = command->items->pdata[i];
        if (!media_cache_has(self->parts.media, item->sha256) &&
            !bring(self, command, item->sha256))
            return false;
    }
    return true;
}

static void say(const Command *command, HappeningTaken taken)
{
    static const char *const words[] = {"sounds", "known",    "cancelled before",
                                        "over",   "too many", "empty"};
    LogField fields[] = {{"ALERT", command->id}, {0}};
    log_write(G_LOG_LEVEL_MESSAGE, fields, "%s %s by %s: %s", command->drill ? "drill" : "alert",
              command->id, command->author, words[taken]);
}

static void feed_alert(Alerts *self, const KeptCommand *kept)
{
    const Command *command = kept->command;
    HappeningClip clips[COMMAND_MAX_ITEMS];
    for (unsigned i = 0; i < command->items->len; i++) {
        const PlanItem *item = command->items->pdata[i];
        clips[i] = (HappeningClip){.sha256 = item->sha256,
                                   .version = item->bulletin_version,
                                   .frames = item->frames,
                                   .gain_mdb = item->gain_mdb};
    }
    /* Without the time the way to the end is counted from now, at its longest. */
    bool dated = is_trusted(self);
    HappeningAlert alert = {
        .id = command->id,
        .title = command->title,
        .restored = kept->restored,
        .at_us = dated && kept->restored ? kept->heard_us : 0,
        .until_us =
            dated ? command->expires_us : wall(self) + command->expires_us - command->issued_us,
        .every_us = command->every_us,
        .severity = command->severity,
        .level = command->level,
        .clips = clips,
        .n_clips = command->items->len,
    };
    say(command, conductor_alert(self->parts.conductor, &alert));
    if (g_hash_table_contains(self->confirmed, command->id))
        conductor_confirm(self->parts.conductor, command->id);
    g_hash_table_add(self->fed, g_strdup(command->id));
}

/* A drill is an airing of the plan in force from now on: it ranks as priority, waits for its turn
 * and needs the time, as any routine sound. */
static void feed_drill(Alerts *self, const Command *command)
{
    g_autofree char *id = plan_airing_id(command->id, 0, 0, self->parts.identity->station);
    g_autoptr(PlanAiring) airing = plan_airing_new();
    airing->id = g_strdup(id);
    airing->broadcast = g_strdup(command->id);
    airing->title = g_strdup(command->title);
    airing->issuer = g_strdup(command->issuer);
    airing->author = g_strdup(command->author);
    airing->rank = RANK_PRIORITY;
    airing->class = CLASS_PRIORITY;
    airing->on_preempt = PREEMPT_RESTART;
    airing->start_us = command->issued_us;
    airing->start_by_us = MIN(command->issued_us + DRILL_TOLERANCE_US, command->expires_us);
    airing->valid_until_us = command->expires_us;
    for (unsigned i = 0; i < command->items->len; i++)
        g_ptr_array_add(airing->items, plan_item_copy(command->items->pdata[i]));
    g_ptr_array_add(self->plan->airings, g_steal_pointer(&airing));
    conductor_set_plan(self->parts.conductor, self->plan);
    g_hash_table_add(self->fed, g_strdup(command->id));
}

/* The id of the airing that a stop names, as the plan in force has it. */
static const char *airing_of(const Alerts *self, const Command *command)
{
    for (unsigned i = 0; self->plan && i < self->plan->airings->len; i++) {
        const PlanAiring *airing = self->plan->airings->pdata[i];
        if (airing->start_us == command->planned_us &&
            g_str_equal(airing->broadcast, command->broadcast))
            return airing->id;
    }
    return NULL;
}

static void feed_stop(Alerts *self, const Command *command)
{
    const char *airing = airing_of(self, command);
    conductor_cancel(self->parts.conductor, airing ? airing : command->broadcast,
                     command->expires_us);
}

/* An alert by its id; a drill is an airing and goes by that of its play. */
static void feed_cancel(Alerts *self, const Command *command)
{
    g_autofree char *drill = plan_airing_id(command->cancels, 0, 0, self->parts.identity->station);
    conductor_cancel(self->parts.conductor, command->cancels, command->expires_us);
    conductor_cancel(self->parts.conductor, drill, command->expires_us);
}

static bool may_feed(Alerts *self, const KeptCommand *kept)
{
    if (kept->command->kind == COMMAND_TEST)
        return !kept->restored; /* nobody listens for it any more */
    if (kept->command->kind != COMMAND_ALERT)
        return true;
    if (kept->command->drill && (!self->plan || !is_trusted(self)))
        return false;
    if (kept->restored && !is_trusted(self) &&
        !g_hash_table_contains(self->confirmed, kept->command->id))
        return false;
    return media_is_there(self, kept->command);
}

static void feed(Alerts *self, const KeptCommand *kept)
{
    const Command *command = kept->command;
    if (g_hash_table_contains(self->fed, command->id) || !may_feed(self, kept))
        return;
    switch (command->kind) {
    case COMMAND_ALERT:
        if (command->drill)
            feed_drill(self, command);
        else
            feed_alert(self, kept);
        return;
    case COMMAND_CANCEL: feed_cancel(self, command); break;
    case COMMAND_STOP: feed_stop(self, command); break;
    case COMMAND_TEST: conductor_test(self->parts.conductor, command->id, command->gain_mdb); break;
    case COMMAND_VOLUME:
    case COMMAND_MUTE: standing_orders_command(self->standing, command); break;
    }
    g_hash_table_add(self->fed, g_strdup(command->id));
}

/* Tombstones first: what they name shall not sound even for a moment. */
static void feed_all(Alerts *self)
{
    for (unsigned pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < command_keep_length(self->keep); i++) {
            const KeptCommand *kept = command_keep_at(self->keep, i);
            if ((kept->command->kind == COMMAND_ALERT) == (pass == 1))
                feed(self, kept);
        }
}

/* ---- taking in ---- */

static void save(Alerts *self)
{
    g_autoptr(GError) error = NULL;
    bool before = self->unsaved;
    self->unsaved = !command_keep_save(self->keep, &error);
    if (self->unsaved && !before)
        log_warning("%s; the alert sounds, and would be forgotten by a power cut", error->message);
}

static void refuse(Alerts *self, CommandCode code)
{
    self->refused[code]++;
    if (code != COMMAND_NOT_MINE)
        refusals_add(self->parts.refusals, "command", command_code_words[code]);
    if (code != COMMAND_NOT_MINE) /* one that moved away is told of everything for a while */
        log_warning("a command was refused: %s (%u times)", command_code_words[code],
                    self->refused[code]);
    bool distrust = code == COMMAND_KEY_UNKNOWN || code == COMMAND_BAD_SIGNATURE;
    if (distrust && self->parts.on_distrust)
        self->parts.on_distrust(self->parts.user);
}

static void confirm(Alerts *self, const char *id)
{
    const KeptCommand *kept = command_keep_find(self->keep, id);
    if (!kept || !kept->restored || !g_hash_table_add(self->confirmed, g_strdup(id)))
        return;
    feed(self, kept);
}

CommandCode alerts_take(Alerts *self, const char *text, size_t length)
{
    CommandRules rules = {
        .identity = self->parts.identity,
        .area_path = area_path(self),
        .epoch = command_keep_epoch(self->keep),
        .volume = standing_orders_volume(self->standing),
        .mute = standing_orders_mute(self->standing),
        .seen = command_keep_ids(self->keep),
        .max_seen = command_keep_room(self->keep),
        .max_ends = command_keep_room_for_ends(self->keep),
        .surely_us = surely(self),
    };
    CommandCode code;
    g_autofree char *seen = NULL;
    command_keep_prune(self->keep, rules.surely_us);
    Command *command = command_accept(&rules, text, length, &code, &seen);
    if (code == COMMAND_SEEN)
        confirm(self, seen);
    else if (!command)
        refuse(self, code);
    if (!command)
        return code;
    const KeptCommand *kept =
        command_keep_add(self->keep, command, text, is_trusted(self) ? wall(self) : 0);
    feed(self, kept);
    save(self);
    if (!g_hash_table_contains(self->fed, command->id) && self->parts.on_media_missing)
        self->parts.on_media_missing(self->parts.user);
    return COMMAND_OK;
}

/* ---- prepared messages ---- */

static void hold(Alerts *self)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; self->plan && i < self->plan->clips->len && paths->len < HELD_MAX; i++) {
        const PlanClip *clip = self->plan->clips->pdata[i];
        if (media_cache_has(self->parts.media, clip->item->sha256))
            g_ptr_array_add(paths, media_cache_path(self->parts.media, clip->item->sha256));
    }
    g_ptr_array_add(paths, NULL);
    Audio *audio = self->parts.audio;
    audio->ops->hold(audio, (const char *const *)paths->pdata);
}

/* A new plan knows nothing of drills: they are put into it again. And what a stop names may stand
 * in this one for the first time. */
static void forget_planned(Alerts *self)
{
    for (unsigned i = 0; i < command_keep_length(self->keep); i++) {
        const Command *command = command_keep_at(self->keep, i)->command;
        bool drill = command->kind == COMMAND_ALERT && command->drill;
        if (drill || command->kind == COMMAND_STOP)
            g_hash_table_remove(self->fed, command->id);
    }
}

void alerts_set_plan(Alerts *self, Plan *plan)
{
    self->plan = plan;
    standing_orders_plan(self->standing, plan);
    forget_planned(self);
    hold(self);
    feed_all(self);
}

void alerts_media_ready(Alerts *self)
{
    hold(self);
    feed_all(self);
}

void alerts_media_missing(Alerts *self)
{
    for (unsigned i = 0; i < command_keep_length(self->keep); i++) {
        const Command *command = command_keep_at(self->keep, i)->command;
        if (command->sounds->len > 0)
            media_is_there(self, command);
    }
}

static const PlanClip *clip_of(const Alerts *self, unsigned button)
{
    for (unsigned i = 0; self->plan && i < self->plan->clips->len; i++) {
        const PlanClip *clip = self->plan->clips->pdata[i];
        if (clip->button == button && media_cache_has(self->parts.media, clip->item->sha256))
            return clip;
    }
    return NULL;
}

bool alerts_button(Alerts *self, unsigned button)
{
    g_return_val_if_fail(button >= 1 && button <= PLAN_BUTTONS, false);
    const PlanClip *clip = clip_of(self, button);
    int64_t boottime_us = clock_boottime_us(self->parts.clock);
    if (!clip) {
        log_warning("alert button %u was pressed; no message stands ready behind it", button);
        return false;
    }
    if (boottime_us < self->local_until_us[button])
        return true; /* it sounds: a second press is a nervous hand */
    const PlanItem *item = clip->item;
    HappeningClip sound = {
        .sha256 = item->sha256, .version = item->bulletin_version, .frames = item->frames};
    g_autofree char *id = crypto_random_hex(COMMAND_ID_HEX / 2);
    HappeningAlert alert = {.id = id,
                            .title = clip->title,
                            .local = true,
                            .severity = clip->severity,
                            .level = PLAN_MAX_DEPTH,
                            .clips = &sound,
                            .n_clips = 1};
    HappeningTaken taken = conductor_alert(self->parts.conductor, &alert);
    log_notice("alert button %u: %s", button, clip->title);
    if (taken == HAPPENING_TAKEN)
        self->local_until_us[button] = boottime_us + item->frames * G_USEC_PER_SEC / 48000;
    return taken == HAPPENING_TAKEN;
}

void alerts_stopped(Alerts *self)
{
    memset(self->local_until_us, 0, sizeof self->local_until_us);
}

/* ---- its life ---- */

static void forget_gone(Alerts *self)
{
    GHashTable *sets[] = {self->fed, self->confirmed, self->unbrought};
    for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
        GHashTableIter iter;
        gpointer id;
        g_hash_table_iter_init(&iter, sets[i]);
        while (g_hash_table_iter_next(&iter, &id, NULL))
            if (!g_hash_table_contains(command_keep_ids(self->keep), id))
                g_hash_table_iter_remove(&iter);
    }
}

void alerts_tick(Alerts *self)
{
    feed_all(self);
    if (is_trusted(self) && command_keep_prune(self->keep, wall(self))) {
        forget_gone(self);
        self->unsaved = true;
    }
    if (self->unsaved)
        save(self);
}

Alerts *alerts_new(const AlertsParts *parts)
{
    Alerts *self = g_new0(Alerts, 1);
    self->parts = *parts;
    self->keep = command_keep_open(parts->path, parts->identity);
    self->standing = standing_orders_new(parts->standing, parts->conductor);
    self->fed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->confirmed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->unbrought = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    command_keep_prune(self->keep, surely(self));
    feed_all(self);
    return self;
}

void alerts_free(Alerts *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->fed);
    g_hash_table_unref(self->confirmed);
    g_hash_table_unref(self->unbrought);
    command_keep_free(self->keep);
    standing_orders_free(self->standing);
    g_free(self);
}

static bool is_cancelled(const Alerts *self, const char *id)
{
    for (unsigned i = 0; i < command_keep_length(self->keep); i++) {
        const Command *command = command_keep_at(self->keep, i)->command;
        if (command->kind == COMMAND_CANCEL && g_str_equal(command->cancels, id))
            return true;
    }
    return false;
}

static bool is_in_force(const Alerts *self, const Command *command, int64_t surely_us)
{
    return command->kind == COMMAND_ALERT && command->expires_us > surely_us &&
           !is_cancelled(self, command->id);
}

static void add_file(GHashTable *files, const PlanItem *item)
{
    g_hash_table_add(files, g_strdup(item->sha256));
}

void alerts_add_needed(const Alerts *self, GHashTable *files)
{
    int64_t surely_us = surely(self);
    for (unsigned i = 0; i < command_keep_length(self->keep); i++) {
        const Command *command = command_keep_at(self->keep, i)->command;
        for (unsigned k = 0; is_in_force(self, command, surely_us) && k < command->items->len; k++)
            add_file(files, command->items->pdata[k]);
    }
    for (unsigned i = 0; self->plan && i < self->plan->clips->len; i++)
        add_file(files, ((const PlanClip *)self->plan->clips->pdata[i])->item);
    conductor_add_needed(self->parts.conductor, files);
}

Json *alerts_in_force(const Alerts *self)
{
    Json *list = json_new_array();
    int64_t surely_us = surely(self);
    for (unsigned i = 0; i < command_keep_length(self->keep); i++) {
        const Command *command = command_keep_at(self->keep, i)->command;
        if (is_in_force(self, command, surely_us))
            json_append_text(list, command->id);
    }
    return list;
}
