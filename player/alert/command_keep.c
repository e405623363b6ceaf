/* One small file, written anew each time: commands are rare, and an alert is written while it
 * already sounds. The highest epoch stands beside them, so that nothing from before a restore of
 * the controller comes back after they have expired. */
#include "alert/command_keep.h"

#include "base/atomic_file.h"

#include <string.h>

#define FILE_MAX (3 * COMMAND_KEEP_MAX_BYTES) /* with the ends, and as text within text */

struct CommandKeep {
    char *path;
    const Identity *identity;
    GPtrArray *kept; /* KeptCommand*, oldest first */
    GHashTable *ids; /* of `kept`; borrowed */
    int64_t epoch;
    size_t bytes;
};

static void kept_free(gpointer data)
{
    KeptCommand *kept = data;
    command_free(kept->command);
    g_free(kept->envelope);
    g_free(kept);
}

static void forget(CommandKeep *self, unsigned index)
{
    const KeptCommand *kept = self->kept->pdata[index];
    self->bytes -= strlen(kept->envelope);
    g_hash_table_remove(self->ids, kept->command->id);
    g_ptr_array_remove_index(self->kept, index);
}

static bool is_replaced(const Command *old, const Command *new)
{
    return command_is_standing(new) && old->kind == new->kind &&
           (old->epoch < new->epoch ||
            (old->epoch == new->epoch && old->generation < new->generation));
}

const KeptCommand *command_keep_add(CommandKeep *self, Command *take_command, const char *envelope,
                                    int64_t heard_us)
{
    for (unsigned i = self->kept->len; i-- > 0;)
        if (is_replaced(((const KeptCommand *)self->kept->pdata[i])->command, take_command))
            forget(self, i);
    KeptCommand *kept = g_new0(KeptCommand, 1);
    kept->command = take_command;
    kept->envelope = g_strdup(envelope);
    kept->heard_us = heard_us;
    self->epoch = MAX(self->epoch, take_command->epoch);
    self->bytes += strlen(envelope);
    g_ptr_array_add(self->kept, kept);
    g_hash_table_add(self->ids, take_command->id);
    return kept;
}

/* ---- the file ---- */

static Command *verify(const CommandKeep *self, const char *text)
{
    g_autoptr(Envelope) envelope = envelope_parse(text, strlen(text), COMMAND_MAX_ENVELOPE, NULL);
    if (!envelope || !g_str_equal(envelope->type, ENVELOPE_TYPE_COMMAND) ||
        !root_accepts(self->identity->root, envelope, ROOT_ROLE_COMMAND, self->identity->area_path,
                      NULL))
        return NULL;
    size_t length;
    const void *bytes = g_bytes_get_data(envelope->payload, &length);
    return command_parse(bytes, length, NULL);
}

static void read_one(CommandKeep *self, const Json *entry)
{
    const char *text = json_peek_text(entry, "envelope");
    Command *command = text ? verify(self, text) : NULL;
    if (!command)
        return;
    if (g_hash_table_contains(self->ids, command->id)) {
        command_free(command);
        return;
    }
    command_keep_add(self, command, text, json_peek_int(entry, "heard_us", 0));
    ((KeptCommand *)self->kept->pdata[self->kept->len - 1])->restored = true;
}

static void read_file(CommandKeep *self)
{
    g_autoptr(GBytes) bytes = atomic_file_read(self->path, FILE_MAX, NULL);
    if (!bytes)
        return;
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(Json) json = json_parse(text, length, NULL);
    const Json *list = json_peek(json, "commands");
    for (size_t i = 0; i < json_length(list) && i < COMMAND_KEEP_ENDS; i++)
        read_one(self, json_at(list, i));
    self->epoch = MAX(self->epoch, json_peek_int(json, "epoch", 0));
}

bool command_keep_save(CommandKeep *self, GError **error)
{
    g_autoptr(Json) json = json_new_object();
    Json *list = json_new_array();
    for (unsigned i = 0; i < self->kept->len; i++) {
        const KeptCommand *kept = self->kept->pdata[i];
        Json *entry = json_new_object();
        json_set_int(entry, "heard_us", kept->heard_us);
        json_set_text(entry, "envelope", kept->envelope);
        json_append_take(list, entry);
    }
    json_set_int(json, "epoch", self->epoch);
    json_set_take(json, "commands", list);
    size_t length;
    g_autofree char *text = json_print(json, &length);
    return atomic_file_write(self->path, text, length, 0600, error);
}

CommandKeep *command_keep_open(const char *path, const Identity *identity)
{
    CommandKeep *self = g_new0(CommandKeep, 1);
    self->path = g_strdup(path);
    self->identity = identity;
    self->kept = g_ptr_array_new_with_free_func(kept_free);
    self->ids = g_hash_table_new(g_str_hash, g_str_equal);
    read_file(self);
    return self;
}

void command_keep_free(CommandKeep *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->ids);
    g_ptr_array_unref(self->kept);
    g_free(self->path);
    g_free(self);
}

bool command_keep_prune(CommandKeep *self, int64_t surely_us)
{
    unsigned before = self->kept->len;
    for (unsigned i = before; i-- > 0;) {
        const KeptCommand *kept = self->kept->pdata[i];
        if (kept->command->expires_us <= surely_us)
            forget(self, i);
    }
    return self->kept->len != before;
}

unsigned command_keep_length(const CommandKeep *self)
{
    return self->kept->len;
}

const KeptCommand *command_keep_at(const CommandKeep *self, unsigned index)
{
    return self->kept->pdata[index];
}

const KeptCommand *command_keep_find(const CommandKeep *self, const char *id)
{
    for (unsigned i = 0; i < self->kept->len; i++) {
        const KeptCommand *kept = self->kept->pdata[i];
        if (g_str_equal(kept->command->id, id))
            return kept;
    }
    return NULL;
}

GHashTable *command_keep_ids(const CommandKeep *self)
{
    return self->ids;
}

int64_t command_keep_epoch(const CommandKeep *self)
{
    return self->epoch;
}

unsigned command_keep_room(const CommandKeep *self)
{
    return self->bytes >= COMMAND_KEEP_MAX_BYTES ? 0 : COMMAND_KEEP_MAX;
}

unsigned command_keep_room_for_ends(const CommandKeep *self)
{
    return self->bytes >= 2 * COMMAND_KEEP_MAX_BYTES ? 0 : COMMAND_KEEP_ENDS;
}
