/* Sound inside an order: whole and small, or refused. */
#include "wire/command.h"

#include "digest.h"

static Command *alert_new(void)
{
    Command *command = command_new(COMMAND_ALERT);
    command->id = g_strnfill(COMMAND_ID_HEX, 'a');
    command->epoch = 1;
    command->issued_us = 1;
    command->expires_us = 2;
    command->issuer = g_strdup("commune");
    command_add_target(command, COMMAND_AREA, "commune", false);
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup("flood");
    item->bulletin_version = g_strdup("flood-1");
    item->sha256 = g_strnfill(DIGEST_HEX, 'b');
    item->frames = 48000;
    g_ptr_array_add(command->items, item);
    return command;
}

static const char *sound_name(const Command *command)
{
    return ((const PlanItem *)command->items->pdata[0])->sha256;
}

static Command *through_the_wire(const Command *command, GError **error)
{
    g_autoptr(Json) json = command_to_json(command);
    size_t length;
    g_autofree char *text = json_print(json, &length);
    return command_parse(text, length, error);
}

static void every_byte_comes_through(void)
{
    g_autoptr(Command) command = alert_new();
    g_autofree uint8_t *noise = g_malloc(COMMAND_SOUNDS_MAX);
    for (unsigned i = 0; i < COMMAND_SOUNDS_MAX; i++)
        noise[i] = (uint8_t)(i * 31 + i / 256);
    g_autoptr(GBytes) bytes = g_bytes_new(noise, COMMAND_SOUNDS_MAX);
    g_assert_true(command_add_sound(command, sound_name(command), bytes));
    g_autoptr(GError) error = NULL;
    g_autoptr(Command) read = through_the_wire(command, &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(command_peek_sound(read, sound_name(command)), bytes));
    g_autofree char *other = g_strnfill(DIGEST_HEX, 'c');
    g_assert_null(command_peek_sound(read, other));
}

/* The largest one with as many targets as may be is still a command. */
static void the_largest_fits_its_envelope(void)
{
    g_autoptr(Command) command = alert_new();
    for (unsigned i = 1; i < COMMAND_MAX_TARGETS; i++) {
        g_autofree char *id = g_strdup_printf("%032u", i);
        command_add_target(command, COMMAND_STATION, id, false);
    }
    g_autofree void *zeros = g_malloc0(COMMAND_SOUNDS_MAX);
    g_autoptr(GBytes) bytes = g_bytes_new(zeros, COMMAND_SOUNDS_MAX);
    g_assert_true(command_add_sound(command, sound_name(command), bytes));
    g_autoptr(Json) json = command_to_json(command);
    size_t length;
    G_GNUC_UNUSED g_autofree char *text = json_print(json, &length);
    g_assert_cmpuint(length / 3 * 4 + 1024, <, COMMAND_MAX_ENVELOPE);
}

static void too_much_is_not_taken(void)
{
    g_autoptr(Command) command = alert_new();
    g_autofree void *zeros = g_malloc0(COMMAND_SOUNDS_MAX + 1);
    g_autoptr(GBytes) more = g_bytes_new(zeros, COMMAND_SOUNDS_MAX + 1);
    g_autoptr(GBytes) half = g_bytes_new(zeros, COMMAND_SOUNDS_MAX / 2 + 1);
    g_assert_false(command_add_sound(command, sound_name(command), more));
    g_assert_true(command_add_sound(command, sound_name(command), half));
    g_assert_false(command_add_sound(command, sound_name(command), half));

    /* Nor from one who does not keep to it. */
    CommandSound *sound = g_new0(CommandSound, 1);
    sound->sha256 = g_strdup(sound_name(command));
    sound->bytes = g_bytes_ref(half);
    g_ptr_array_add(command->sounds, sound);
    g_autoptr(GError) error = NULL;
    g_assert_null(through_the_wire(command, &error));
    g_assert_error(error, JSON_ERROR, JSON_ERROR_FORM);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/command_sounds/" #name, name)
    TEST(every_byte_comes_through);
    TEST(the_largest_fits_its_envelope);
    TEST(too_much_is_not_taken);
    return g_test_run();
}
