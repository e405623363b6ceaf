/* Unexpired commands are few (an alert lives a day at most), so they are kept parsed in memory and
 * each is compared with the station that asks; the rows are what counts, and a start reads them.
 *
 * A command is pushed only after COMMIT: a station never acts on what a crash could make the
 * controller forget. The order of the pushes is the order of the orders. */
#include "fleet/command_book.h"

#include "crypto.h"
#include "digest.h"
#include "fleet/command_store.h"
#include "registry/area_store.h"
#include "registry/station_store.h"

#include <string.h>

typedef struct Entry {
    Command *command;
    char *envelope;
    int64_t seq;
} Entry;

typedef struct Waiting {
    Entry *entry;
    GPtrArray *stations; /* char* */
} Waiting;

struct CommandBook {
    CommandBookParts parts;
    GPtrArray *entries; /* Entry*, oldest first */
    GPtrArray *waiting; /* Waiting*, for COMMIT */
};

static void entry_free(gpointer data)
{
    Entry *entry = data;
    if (!entry)
        return;
    command_free(entry->command);
    g_free(entry->envelope);
    g_free(entry);
}

static void waiting_free(gpointer data)
{
    Waiting *waiting = data;
    entry_free(waiting->entry);
    g_ptr_array_unref(waiting->stations);
    g_free(waiting);
}

/* Of one kind for one station only the last counts; a station would refuse the others. */
static bool is_replaced(const Command *old, const Command *new)
{
    if (!command_is_standing(old) || old->kind != new->kind || old->targets->len != 1 ||
        new->targets->len != 1)
        return false;
    const CommandTarget *before = old->targets->pdata[0], *after = new->targets->pdata[0];
    return before->kind == after->kind && g_str_equal(before->id, after->id) &&
           old->generation < new->generation;
}

static void keep(CommandBook *self, Entry *take_entry)
{
    for (unsigned i = self->entries->len; i-- > 0;)
        if (is_replaced(((const Entry *)self->entries->pdata[i])->command, take_entry->command))
            g_ptr_array_remove_index(self->entries, i);
    g_ptr_array_add(self->entries, take_entry);
}

static Command *read_command(const char *text)
{
    g_autoptr(Envelope) envelope = envelope_parse(text, strlen(text), COMMAND_MAX_ENVELOPE, NULL);
    size_t length = 0;
    const void *bytes = envelope ? g_bytes_get_data(envelope->payload, &length) : NULL;
    return bytes ? command_parse(bytes, length, NULL) : NULL;
}

static bool read_rows(CommandBook *self, GError **error)
{
    int64_t now_us = clock_wall_us(self->parts.clock);
    g_autoptr(GPtrArray) rows = command_store_unexpired(self->parts.database, now_us, error);
    for (unsigned i = 0; rows && i < rows->len; i++) {
        StoredCommand *row = rows->pdata[i];
        Command *command = read_command(row->envelope);
        if (!command)
            continue; /* of a newer version that was taken back */
        Entry *entry = g_new0(Entry, 1);
        entry->seq = row->seq;
        entry->command = command;
        entry->envelope = g_steal_pointer(&row->envelope);
        keep(self, entry);
    }
    return rows != NULL;
}

CommandBook *command_book_new(const CommandBookParts *parts, GError **error)
{
    g_autoptr(CommandBook) self = g_new0(CommandBook, 1);
    self->parts = *parts;
    self->entries = g_ptr_array_new_with_free_func(entry_free);
    self->waiting = g_ptr_array_new_with_free_func(waiting_free);
    return read_rows(self, error) ? g_steal_pointer(&self) : NULL;
}

void command_book_free(CommandBook *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->waiting);
    g_ptr_array_unref(self->entries);
    g_free(self);
}

static void drop_expired(CommandBook *self)
{
    int64_t now_us = clock_wall_us(self->parts.clock);
    for (unsigned i = self->entries->len; i-- > 0;)
        if (((const Entry *)self->entries->pdata[i])->command->expires_us <= now_us)
            g_ptr_array_remove_index(self->entries, i);
}

/* ---- issuing ---- */

static Entry *sign(CommandBook *self, Command *take_command, GError **error)
{
    g_autoptr(Command) command = take_command;
    if (!command->id)
        command->id = crypto_random_hex(COMMAND_ID_HEX / 2);
    command->epoch = self->parts.epoch;
    g_autoptr(Json) json = command_to_json(command);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope =
        signer_sign(self->parts.signer, ENVELOPE_TYPE_COMMAND, payload, error);
    if (!envelope)
        return NULL;
    Entry *entry = g_new0(Entry, 1);
    entry->command = g_steal_pointer(&command);
    entry->envelope = envelope_print(envelope, NULL);
    return entry;
}

static void push_to(CommandBook *self, const Waiting *waiting)
{
    const Entry *entry = waiting->entry;
    if (self->parts.push)
        push_command(self->parts.push, waiting->stations, entry->seq, entry->envelope);
}

/* One whose transaction was taken back is still in line here, but not in its row. */
static void push_waiting(void *user)
{
    CommandBook *self = user;
    drop_expired(self);
    while (self->waiting->len > 0) {
        Waiting *waiting = g_ptr_array_steal_index(self->waiting, 0);
        if (command_store_has(self->parts.database, waiting->entry->command->id)) {
            push_to(self, waiting);
            keep(self, g_steal_pointer(&waiting->entry));
        }
        waiting_free(waiting);
    }
}

bool command_book_issue(CommandBook *self, Command *take_command, const GPtrArray *stations,
                        GError **error)
{
    Entry *entry = sign(self, take_command, error);
    if (!entry)
        return false;
    if (!command_store_add(self->parts.database, entry->command, entry->envelope, &entry->seq,
                           error)) {
        entry_free(entry);
        return false;
    }
    Waiting *waiting = g_new0(Waiting, 1);
    waiting->entry = entry;
    waiting->stations = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < stations->len; i++)
        g_ptr_array_add(waiting->stations, g_strdup(((const Station *)stations->pdata[i])->id));
    g_ptr_array_add(self->waiting, waiting);
    database_after_commit(self->parts.database, push_waiting, self);
    return true;
}

/* ---- whom it means ---- */

static GPtrArray *path_of(CommandBook *self, const char *area_id, GError **error)
{
    g_autoptr(Area) area = area_store_get(self->parts.database, area_id, error);
    return area ? area_store_ids(area->path) : NULL;
}

static int by_area(gconstpointer left, gconstpointer right)
{
    const Station *a = *(Station *const *)left, *b = *(Station *const *)right;
    return g_strcmp0(a->area, b->area);
}

static bool add_stations(CommandBook *self, const char *area, GHashTable *known, GPtrArray *all,
                         GError **error)
{
    g_autoptr(GPtrArray) found = station_store_in_area(self->parts.database, area, error);
    for (unsigned i = 0; found && i < found->len; i++) {
        Station *station = found->pdata[i];
        if (g_hash_table_add(known, station->id))
            g_ptr_array_add(all, g_steal_pointer(&found->pdata[i]));
    }
    return found != NULL;
}

/* Stations below the issuer, and those of areas that accepted its group: Station*. */
static GPtrArray *stations_near(CommandBook *self, const Command *command, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)station_free);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    if (!add_stations(self, command->issuer, known, all, error))
        return NULL;
    for (unsigned i = 0; i < command->targets->len; i++) {
        const CommandTarget *target = command->targets->pdata[i];
        if (target->accepted && !add_stations(self, target->accepted, known, all, error))
            return NULL;
    }
    return g_steal_pointer(&all);
}

GPtrArray *command_book_reached(CommandBook *self, const Command *command, GError **error)
{
    g_autoptr(GPtrArray) all = stations_near(self, command, error);
    if (!all)
        return NULL;
    g_autoptr(GPtrArray) reached = g_ptr_array_new_with_free_func((GDestroyNotify)station_free);
    g_autoptr(GPtrArray) path = NULL;
    g_autofree char *area = NULL;
    g_ptr_array_sort(all, by_area);
    for (unsigned i = 0; i < all->len; i++) {
        const Station *station = all->pdata[i];
        if (!area || !g_str_equal(area, station->area)) {
            g_clear_pointer(&path, g_ptr_array_unref);
            path = path_of(self, station->area, error);
            g_free(area);
            area = g_strdup(station->area);
            if (!path)
                return NULL;
        }
        if (command_reaches(command, station->id, path))
            g_ptr_array_add(reached, g_steal_pointer(&all->pdata[i]));
    }
    return g_steal_pointer(&reached);
}

GPtrArray *command_book_for(CommandBook *self, const char *station_id, GError **error)
{
    g_autoptr(Station) station = station_store_get(self->parts.database, station_id, error);
    g_autoptr(GPtrArray) path = station ? path_of(self, station->area, error) : NULL;
    if (!path)
        return NULL;
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    drop_expired(self);
    for (unsigned i = 0; i < self->entries->len; i++) {
        const Entry *entry = self->entries->pdata[i];
        if (command_reaches(entry->command, station_id, path))
            g_ptr_array_add(list, entry->envelope);
    }
    return g_steal_pointer(&list);
}

const Command *command_book_find(CommandBook *self, const char *id)
{
    for (unsigned i = 0; i < self->entries->len; i++) {
        const Entry *entry = self->entries->pdata[i];
        if (g_str_equal(entry->command->id, id))
            return entry->command;
    }
    return NULL;
}
