/* Every command that went down: signed, written, and pushed to whom it means, at once after COMMIT.
 * What has not expired goes to each station in scope when it connects, and stands in GET /commands.
 */
#pragma once

#include "base/clock.h"
#include "db/database.h"
#include "fleet/push.h"
#include "fleet/signer.h"
#include "wire/command.h"

typedef struct CommandBook CommandBook;

typedef struct CommandBookParts {
    Database *database;
    const Signer *signer;
    Push *push; /* may be NULL in tests */
    const Clock *clock;
    int64_t epoch;
} CommandBookParts;

/* Reads what has not expired. */
CommandBook *command_book_new(const CommandBookParts *parts, GError **error);
void command_book_free(CommandBook *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommandBook, command_book_free)

/* Gives the command its id and epoch, signs and writes it; to be called inside a transaction. The
 * stations hear of it after COMMIT. Owns `take_command`, also when it fails. */
bool command_book_issue(CommandBook *self, Command *take_command, const GPtrArray *stations,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stations in service that a command means: Station*. */
GPtrArray *command_book_reached(CommandBook *self, const Command *command, GError **error);

/* Unexpired envelopes in scope of a station, oldest first: char*, borrowed until the next call. */
GPtrArray *command_book_for(CommandBook *self, const char *station, GError **error);
/* An unexpired one by its id, borrowed until the next call; NULL = none. */
const Command *command_book_find(CommandBook *self, const char *id);
