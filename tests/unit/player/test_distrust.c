/* An order whose keys the root does not name may be of the next root: it is asked for. */
#include "alert/alerts.h"
#include "desk.h"

#include <string.h>

static void count(void *user)
{
    ++*(unsigned *)user;
}

static CommandCode take(Alerts *alerts, const Desk *desk, const Key *key, const char *area)
{
    g_autoptr(Command) command = command_new(COMMAND_TEST);
    command->id = g_strnfill(COMMAND_ID_HEX, 'a');
    command->epoch = 1;
    command->issued_us = desk->clock.wall;
    command->expires_us = desk->clock.wall + HOUR;
    command->issuer = g_strdup(area);
    command_add_target(command, COMMAND_AREA, area, false);
    g_autoptr(Json) json = command_to_json(command);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_COMMAND, payload, key);
    g_autofree char *text = envelope_print(envelope, NULL);
    return alerts_take(alerts, text, strlen(text));
}

static void unknown_keys_ask_for_the_next_root_and_nothing_else_does(void)
{
    Key known, next;
    unsigned asked = 0;
    g_assert_true(crypto_init());
    key_generate(&known);
    key_generate(&next);
    Desk *desk = desk_new();
    Identity identity = {
        .station = (char *)"station-1", .area_path = g_ptr_array_new(), .root = root_new()};
    g_ptr_array_add(identity.area_path, (char *)"commune");
    identity.root->version = identity.root->epoch = 1;
    root_add_key(identity.root, &known);
    root_grant(identity.root, ROOT_ROLE_COMMAND, &known);
    g_autofree char *path = g_build_filename(desk->dir, "commands.json", NULL);
    g_autofree char *standing = g_build_filename(desk->dir, "standing.json", NULL);
    Alerts *alerts = alerts_new(&(AlertsParts){.clock = &desk->clock.clock,
                                               .trust = desk->trust,
                                               .audio = desk->audio,
                                               .media = desk->media,
                                               .conductor = desk->conductor,
                                               .identity = &identity,
                                               .path = path,
                                               .standing = standing,
                                               .on_distrust = count,
                                               .user = &asked});
    g_assert_cmpint(take(alerts, desk, &next, "commune"), ==, COMMAND_KEY_UNKNOWN);
    g_assert_cmpuint(asked, ==, 1);
    g_assert_cmpint(take(alerts, desk, &known, "elsewhere"), ==, COMMAND_NOT_MINE);
    g_assert_cmpint(take(alerts, desk, &known, "commune"), ==, COMMAND_OK);
    g_assert_cmpuint(asked, ==, 1);
    alerts_free(alerts);
    desk_free(desk);
    g_ptr_array_unref(identity.area_path);
    root_free(identity.root);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
    g_test_add_func("/distrust/unknown_keys",
                    unknown_keys_ask_for_the_next_root_and_nothing_else_does);
    return g_test_run();
}
