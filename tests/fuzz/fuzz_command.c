/* A command that is taken expires within a day and says the same after printing and parsing. */
#include "fuzz.h"

#include "wire/command.h"

bool fuzz_accepted;
char *fuzz_why;

static GBytes *print(const Command *command)
{
    g_autoptr(Json) json = command_to_json(command);
    return json_print_bytes(json);
}

static void check_alert(const Command *command)
{
    fuzz_assert(command->items->len >= 1 && command->items->len <= COMMAND_MAX_ITEMS);
    fuzz_assert(command->every_us == 0 || command->every_us >= COMMAND_EVERY_MIN_US);
    fuzz_assert(command->severity >= 1 && command->severity <= COMMAND_SEVERITY_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_memdup2(data, size);
    g_autoptr(GError) refused = NULL;
    g_autoptr(Command) command = command_parse(text, size, &refused);
    fuzz_note(refused);
    fuzz_accepted = command != NULL;
    if (!command)
        return 0;
    fuzz_assert(strlen(command->id) == COMMAND_ID_HEX);
    fuzz_assert(command->expires_us > command->issued_us);
    fuzz_assert(command->expires_us - command->issued_us <= COMMAND_EXPIRES_MAX);
    fuzz_assert(command->targets->len <= COMMAND_MAX_TARGETS);
    if (command->kind == COMMAND_ALERT)
        check_alert(command);
    g_autoptr(GBytes) printed = print(command);
    g_autoptr(Command) again =
        command_parse(g_bytes_get_data(printed, NULL), g_bytes_get_size(printed), NULL);
    fuzz_assert(again);
    g_autoptr(GBytes) printed_again = print(again);
    fuzz_assert(g_bytes_equal(printed, printed_again));
    return 0;
}
