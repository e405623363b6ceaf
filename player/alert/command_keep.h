/* Commands that were taken and have not expired, kept through a restart: so that none is obeyed
 * twice, and a loop goes on. */
#pragma once

#include "alert/command_accept.h"

#define COMMAND_KEEP_MAX       200
#define COMMAND_KEEP_ENDS      400 /* what ends another finds room where that found none */
#define COMMAND_KEEP_MAX_BYTES (8 * 1024 * 1024) /* of their envelopes, sounds and all */

typedef struct KeptCommand {
    Command *command;
    char *envelope;
    int64_t heard_us; /* wall clock when it came; 0 = the time was not known */
    bool restored;    /* from before this start */
} KeptCommand;

typedef struct CommandKeep CommandKeep;

/* What the file holds is verified again; what does not hold up is left out. `identity` must outlive
 * it. */
CommandKeep *command_keep_open(const char *path, const Identity *identity);
void command_keep_free(CommandKeep *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommandKeep, command_keep_free)

/* Owns `take_command`; in memory only until command_keep_save(). Of volume and mute, the ones that
 * it replaces are forgotten. Borrowed. */
const KeptCommand *command_keep_add(CommandKeep *self, Command *take_command, const char *envelope,
                                    int64_t heard_us);
bool command_keep_save(CommandKeep *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Forgets what surely expired; true when anything went. */
bool command_keep_prune(CommandKeep *self, int64_t surely_us);

unsigned command_keep_length(const CommandKeep *self);
const KeptCommand *command_keep_at(const CommandKeep *self, unsigned index);
const KeptCommand *command_keep_find(const CommandKeep *self, const char *id); /* or NULL */
/* Ids in force: a set of char*, borrowed. */
GHashTable *command_keep_ids(const CommandKeep *self);
int64_t command_keep_epoch(const CommandKeep *self); /* highest seen; 0 = none */
/* How many there may be, for one more to be taken: any, and one that ends another. */
unsigned command_keep_room(const CommandKeep *self);
unsigned command_keep_room_for_ends(const CommandKeep *self);
