/* From a bulletin or a programme to what airs.
 *
 * An item follows its bulletin: the newest approved version airs, the one before it until then. An
 * item without one (never approved, withdrawn, not valid on that day) is left out and the rest
 * airs; tunes alone never do. So a morning session goes on when one of its notices has run out. */
#include "schedule/rundown.h"

#include <string.h>

#include "content/fallback_store.h"
#include "schedule/broadcast_scope.h"
#include "schedule/programme_store.h"
#include "schedule/refusal_store.h"

#define NAMES_MAX 150 /* bytes; a plan takes 200 characters */

static void item_clear(gpointer data)
{
    RundownItem *item = data;
    bulletin_free(item->bulletin);
    source_free(item->source);
    g_clear_pointer(&item->named, g_ptr_array_unref);
    g_clear_pointer(&item->fallback, g_ptr_array_unref);
}

Rundown *rundown_new(const char *title)
{
    Rundown *self = g_new0(Rundown, 1);
    self->title = g_strdup(title);
    self->items = g_array_new(FALSE, FALSE, sizeof(RundownItem));
    g_array_set_clear_func(self->items, item_clear);
    return self;
}

void rundown_free(Rundown *self)
{
    if (!self)
        return;
    g_free(self->title);
    g_free(self->author);
    g_free(self->approver);
    g_array_unref(self->items);
    g_free(self);
}

static const RundownItem *at(const Rundown *self, unsigned index)
{
    return &g_array_index(self->items, RundownItem, index);
}

static bool lists(const char *names, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(names, ", ", -1);
    return g_strv_contains((const char *const *)parts, name);
}

static void add_name(char **names, const char *name)
{
    if (!name || (*names && (lists(*names, name) || strlen(*names) > NAMES_MAX)))
        return;
    char *more = *names ? g_strconcat(*names, ", ", name, NULL) : g_strdup(name);
    g_free(*names);
    *names = more;
}

void rundown_add(Rundown *self, Bulletin *take_bulletin, bool is_tune, int gain_mdb)
{
    RundownItem item = {.bulletin = take_bulletin, .is_tune = is_tune, .gain_mdb = gain_mdb};
    g_array_append_val(self->items, item);
    self->updated_us = MAX(self->updated_us, take_bulletin->updated_us);
    if (is_tune)
        return;
    add_name(&self->author, take_bulletin->author_name);
    add_name(&self->approver, take_bulletin->approver_name);
}

static Rundown *load_bulletin(Database *database, const char *id, GError **error)
{
    Bulletin *bulletin = bulletin_store_get(database, id, error);
    Rundown *self = bulletin ? rundown_new(bulletin->title) : NULL;
    if (self)
        rundown_add(self, bulletin, false, 0);
    return self;
}

/* Items whose bulletin is not there are passed over: an area without a lead-in tune has none. */
static Rundown *load_programme(Database *database, const char *id, GError **error)
{
    g_autoptr(Programme) programme = programme_store_get(database, id, error);
    if (!programme)
        return NULL;
    g_autofree char *tune = programme_store_tune(database, programme->area);
    g_autoptr(Rundown) self = rundown_new(programme->title);
    self->updated_us = programme->updated_us;
    for (unsigned i = 0; i < programme->items->len; i++) {
        const ProgrammeItem *item = g_ptr_array_index(programme->items, i);
        const char *name = item->bulletin ? item->bulletin : tune;
        g_autoptr(GError) failed = NULL;
        Bulletin *bulletin = name ? bulletin_store_get(database, name, &failed) : NULL;
        if (failed) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return NULL;
        }
        if (bulletin)
            rundown_add(self, bulletin, item->kind == PROGRAMME_TUNE, item->gain_mdb);
    }
    return g_steal_pointer(&self);
}

static bool is_refused(const GPtrArray *refusals, const Bulletin *bulletin)
{
    for (unsigned i = 0; refusals && i < refusals->len; i++) {
        const Refusal *one = g_ptr_array_index(refusals, i);
        if (g_str_equal(one->version, bulletin->version))
            return true;
    }
    return false;
}

/* Tunes go with whatever they lead in. A refusal that cannot be read is not none. */
static bool look_up_scopes(Rundown *self, Database *database, const Broadcast *broadcast,
                           GError **error)
{
    const ApprovalScope wish = broadcast_scope_wish(broadcast);
    g_autoptr(GPtrArray) refusals =
        broadcast->id ? refusal_store_list(database, broadcast->id, error) : NULL;
    if (broadcast->id && !refusals)
        return false;
    for (unsigned i = 0; i < self->items->len; i++) {
        RundownItem *item = &g_array_index(self->items, RundownItem, i);
        item->waits = !item->is_tune && item->bulletin->state == BULLETIN_APPROVED &&
                      !approval_store_covers(database, item->bulletin->version, &wish, NULL);
        item->refused = !item->is_tune && is_refused(refusals, item->bulletin);
    }
    return true;
}

static bool load_sources(Rundown *self, Database *database, GError **error)
{
    for (unsigned i = 0; i < self->items->len; i++) {
        RundownItem *item = &g_array_index(self->items, RundownItem, i);
        g_autoptr(GError) failed = NULL;
        if (item->bulletin->source)
            item->source = source_store_get(database, item->bulletin->source, &failed);
        if (!failed)
            continue;
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    return true;
}

static bool may_stand_in(Database *database, const Bulletin *bulletin, const ApprovalScope *wish)
{
    return bulletin->state == BULLETIN_APPROVED && bulletin->sha256 &&
           approval_store_covers(database, bulletin->version, wish, NULL);
}

/* What is not approved, for there and as that, does not stand in. */
static bool load_fallback(RundownItem *item, Database *database, const ApprovalScope *wish,
                          GError **error)
{
    GPtrArray *ids = item->named = fallback_store_list(database, item->bulletin->version, error);
    if (!ids)
        return false;
    item->fallback = g_ptr_array_new_with_free_func((GDestroyNotify)bulletin_free);
    for (unsigned i = 0; i < ids->len; i++) {
        g_autoptr(GError) failed = NULL;
        g_autoptr(Bulletin) one = bulletin_store_get(database, ids->pdata[i], &failed);
        if (one && may_stand_in(database, one, wish))
            g_ptr_array_add(item->fallback, g_steal_pointer(&one));
        if (!failed)
            continue;
        g_propagate_error(error, g_steal_pointer(&failed));
        return false;
    }
    return true;
}

static bool load_fallbacks(Rundown *self, Database *database, const Broadcast *broadcast,
                           GError **error)
{
    const ApprovalScope wish = broadcast_scope_wish(broadcast);
    for (unsigned i = 0; i < self->items->len; i++)
        if (!load_fallback(&g_array_index(self->items, RundownItem, i), database, &wish, error))
            return false;
    return true;
}

bool rundown_is_relay(const Rundown *self)
{
    for (unsigned i = 0; i < self->items->len; i++)
        if (!at(self, i)->bulletin->source)
            return false;
    return self->items->len > 0;
}

Rundown *rundown_load(Database *database, const Broadcast *broadcast, GError **error)
{
    g_autoptr(Rundown) self = broadcast->programme
                                  ? load_programme(database, broadcast->programme, error)
                                  : load_bulletin(database, broadcast->bulletin, error);
    if (!self || !load_sources(self, database, error) ||
        !load_fallbacks(self, database, broadcast, error) ||
        !look_up_scopes(self, database, broadcast, error))
        return NULL;
    return g_steal_pointer(&self);
}

static bool is_ready(const Rundown *self, const RundownItem *item)
{
    const Bulletin *bulletin = item->bulletin;
    if (self->is_given)
        return bulletin->state != BULLETIN_WITHDRAWN && !item->refused;
    return bulletin->state == BULLETIN_APPROVED && (bulletin->sha256 || bulletin->source) &&
           !item->waits && !item->refused;
}

static bool is_valid(const Bulletin *bulletin, int64_t start_us)
{
    return start_us >= bulletin->valid_from_us &&
           (!bulletin->valid_until_us || start_us < bulletin->valid_until_us);
}

static bool any_valid(const Rundown *self, int64_t start_us)
{
    for (unsigned i = 0; i < self->items->len; i++)
        if (!at(self, i)->is_tune && is_ready(self, at(self, i)) &&
            is_valid(at(self, i)->bulletin, start_us))
            return true;
    return false;
}

bool rundown_sounds_item(const Rundown *self, unsigned index, int64_t start_us, bool repeats)
{
    const RundownItem *item = at(self, index);
    if (!is_ready(self, item))
        return false;
    if (is_valid(item->bulletin, start_us))
        return true;
    return !repeats && start_us >= item->bulletin->valid_from_us && !any_valid(self, start_us);
}

bool rundown_sounds(const Rundown *self, int64_t start_us, bool repeats)
{
    return rundown_main(self, start_us, repeats) < self->items->len;
}

unsigned rundown_main(const Rundown *self, int64_t start_us, bool repeats)
{
    unsigned index = 0;
    while (index < self->items->len &&
           (at(self, index)->is_tune || !rundown_sounds_item(self, index, start_us, repeats)))
        index++;
    return index;
}

int64_t rundown_frames(const Rundown *self)
{
    int64_t frames = 0;
    for (unsigned i = 0; i < self->items->len; i++)
        frames += at(self, i)->bulletin->frames;
    return frames;
}

static bool item_holds(const RundownItem *item, const char *bulletin)
{
    for (unsigned i = 0; item->named && i < item->named->len; i++)
        if (g_str_equal(item->named->pdata[i], bulletin))
            return true;
    return g_str_equal(item->bulletin->id, bulletin);
}

bool rundown_holds(const Rundown *self, const char *bulletin)
{
    for (unsigned i = 0; i < self->items->len; i++)
        if (item_holds(at(self, i), bulletin))
            return true;
    return false;
}

bool rundown_is_approved(const Rundown *self)
{
    for (unsigned i = 0; i < self->items->len; i++)
        if (!at(self, i)->is_tune && is_ready(self, at(self, i)))
            return true;
    return false;
}

bool rundown_is_alive(const Rundown *self)
{
    for (unsigned i = 0; i < self->items->len; i++)
        if (!at(self, i)->is_tune && at(self, i)->bulletin->state != BULLETIN_WITHDRAWN)
            return true;
    return false;
}

bool rundown_is_refused(const Rundown *self)
{
    for (unsigned i = 0; i < self->items->len; i++)
        if (at(self, i)->refused)
            return true;
    return false;
}

void rundown_expect(Rundown *self)
{
    for (unsigned i = 0; i < self->items->len; i++) {
        BulletinState state = at(self, i)->bulletin->state;
        bool hopeless = state == BULLETIN_WITHDRAWN || state == BULLETIN_REJECTED;
        self->is_given |= !at(self, i)->is_tune && !hopeless && !at(self, i)->refused;
    }
}

int64_t rundown_valid_until(const Rundown *self)
{
    int64_t last_us = 0;
    for (unsigned i = 0; i < self->items->len; i++) {
        if (at(self, i)->is_tune)
            continue;
        if (!at(self, i)->bulletin->valid_until_us)
            return 0;
        last_us = MAX(last_us, at(self, i)->bulletin->valid_until_us);
    }
    return last_us;
}

int64_t rundown_valid_from(const Rundown *self)
{
    int64_t first_us = G_MAXINT64;
    for (unsigned i = 0; i < self->items->len; i++)
        if (!at(self, i)->is_tune)
            first_us = MIN(first_us, at(self, i)->bulletin->valid_from_us);
    return first_us == G_MAXINT64 ? 0 : first_us;
}

RundownValidity rundown_validity(const Rundown *self, int64_t start_us)
{
    const int64_t until_us = rundown_valid_until(self);
    if (start_us < rundown_valid_from(self))
        return RUNDOWN_NOT_VALID_YET;
    return until_us && start_us >= until_us ? RUNDOWN_EXPIRED : RUNDOWN_VALID;
}

const char *rundown_validity_word(RundownValidity validity)
{
    static const char *const words[] = {
        [RUNDOWN_NOT_VALID_YET] = "not_valid_yet", [RUNDOWN_EXPIRED] = "expired"};
    return validity == RUNDOWN_VALID ? NULL : words[validity];
}

const char *rundown_validity_text(RundownValidity validity, Language language)
{
    static const char *const texts[][2] = {
        [RUNDOWN_NOT_VALID_YET] = {"Bản tin chưa đến ngày có hiệu lực.",
                                   "The bulletin is not valid yet."},
        [RUNDOWN_EXPIRED] = {"Bản tin đã hết hiệu lực.", "The bulletin is no longer valid."},
    };
    return validity == RUNDOWN_VALID ? NULL : texts[validity][language == LANGUAGE_EN];
}

int64_t rundown_length_us(const Rundown *self)
{
    return rundown_frames(self) * G_USEC_PER_SEC / 48000;
}
