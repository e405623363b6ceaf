/* Rows of commands: word for word as signed, for good. */
#pragma once

#include "db/database.h"
#include "wire/command.h"

typedef struct StoredCommand {
    int64_t seq; /* in order of commit */
    char *envelope;
} StoredCommand;
void stored_command_free(StoredCommand *stored);

bool command_store_add(Database *database, const Command *command, const char *envelope,
                       int64_t *ret_seq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* False as well when that cannot be told. */
bool command_store_has(Database *database, const char *id);
/* Those that expire after `now_us`, oldest first: StoredCommand*. */
GPtrArray *command_store_unexpired(Database *database, int64_t now_us, GError **error);
