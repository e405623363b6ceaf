/* Size before parsing, signatures before the payload, the address before what it asks for. An alert
 * needs no trusted time: what cannot be shown to have expired is taken. */
#include "alert/command_accept.h"

#include <string.h>

const char *const command_code_words[] = {
    "ok",        "too-large",   "no-envelope", "wrong-type", "key-unknown",    "bad-signature",
    "malformed", "unsupported", "not-mine",    "old-epoch",  "old-generation", "seen",
    "expired",   "full",        NULL,
};

static CommandCode check_signatures(const CommandRules *rules, const Envelope *envelope)
{
    const Root *root = rules->identity->root;
    if (root_accepts(root, envelope, ROOT_ROLE_COMMAND, rules->area_path, NULL))
        return COMMAND_OK;
    for (unsigned i = 0; i < envelope->n_signatures; i++)
        if (g_hash_table_contains(root->keys, envelope->signatures[i].keyid))
            return COMMAND_BAD_SIGNATURE;
    return COMMAND_KEY_UNKNOWN;
}

/* The same generation by another way is no offence, and no news. */
static bool is_superseded(const CommandRules *rules, const Command *command)
{
    if (!command_is_standing(command))
        return false;
    const StandingMark *mark = command->kind == COMMAND_VOLUME ? &rules->volume : &rules->mute;
    return command->epoch < mark->epoch ||
           (command->epoch == mark->epoch && command->generation < mark->generation);
}

static CommandCode check_fit(const CommandRules *rules, const Command *command)
{
    if (!command_reaches(command, rules->identity->station, rules->area_path))
        return COMMAND_NOT_MINE;
    if (command->epoch < rules->epoch)
        return COMMAND_OLD_EPOCH;
    if (g_hash_table_contains(rules->seen, command->id))
        return COMMAND_SEEN;
    if (is_superseded(rules, command))
        return COMMAND_OLD_GENERATION;
    if (command->expires_us <= rules->surely_us)
        return COMMAND_EXPIRED;
    bool ends = command->kind == COMMAND_CANCEL || command->kind == COMMAND_STOP;
    if (g_hash_table_size(rules->seen) >= (ends ? rules->max_ends : rules->max_seen))
        return COMMAND_FULL;
    return COMMAND_OK;
}

static CommandCode open_payload(GBytes *payload, Command **ret_command)
{
    g_autoptr(GError) wrong = NULL;
    size_t length;
    const void *bytes = g_bytes_get_data(payload, &length);
    if (length > COMMAND_MAX_BYTES)
        return COMMAND_TOO_LARGE;
    *ret_command = command_parse(bytes, length, &wrong);
    if (*ret_command)
        return COMMAND_OK;
    return g_error_matches(wrong, COMMAND_ERROR, COMMAND_ERROR_UNSUPPORTED) ? COMMAND_UNSUPPORTED
                                                                            : COMMAND_MALFORMED;
}

static CommandCode judge(const CommandRules *rules, const char *text, size_t length,
                         Command **ret_command)
{
    if (length > COMMAND_MAX_ENVELOPE)
        return COMMAND_TOO_LARGE;
    g_autoptr(Envelope) envelope = envelope_parse(text, length, COMMAND_MAX_ENVELOPE, NULL);
    if (!envelope)
        return COMMAND_NO_ENVELOPE;
    if (!g_str_equal(envelope->type, ENVELOPE_TYPE_COMMAND))
        return COMMAND_WRONG_TYPE;
    CommandCode code = check_signatures(rules, envelope);
    if (code == COMMAND_OK)
        code = open_payload(envelope->payload, ret_command);
    return code == COMMAND_OK ? check_fit(rules, *ret_command) : code;
}

Command *command_accept(const CommandRules *rules, const char *text, size_t length,
                        CommandCode *ret_code, char **ret_seen)
{
    g_autoptr(Command) command = NULL;
    *ret_code = judge(rules, text, length, &command);
    if (*ret_code == COMMAND_SEEN && ret_seen)
        *ret_seen = g_strdup(command->id);
    return *ret_code == COMMAND_OK ? g_steal_pointer(&command) : NULL;
}
