/* What a station takes when much has come before, and what it asks for when it cannot believe. */
#include "alert/alerts.h"
#include "desk.h"

#include <string.h>

#define MANY 250 /* more than there is room for */

typedef struct Pole {
    Desk *desk;
    Key known;
    Identity identity;
    char *path, *standing;
    Alerts *alerts;
    unsigned asked;
    unsigned ids;
} Pole;

static void count(void *user)
{
    ((Pole *)user)->asked++;
}

static void set_up(Pole *self)
{
    g_assert_true(crypto_init());
    *self = (Pole){.desk = desk_new()};
    key_generate(&self->known);
    self->identity = (Identity){
        .station = (char *)"station-1", .area_path = g_ptr_array_new(), .root = root_new()};
    g_ptr_array_add(self->identity.area_path, (char *)"commune");
    self->identity.root->version = self->identity.root->epoch = 1;
    root_add_key(self->identity.root, &self->known);
    root_grant(self->identity.root, ROOT_ROLE_COMMAND, &self->known);
    self->path = g_build_filename(self->desk->dir, "commands.json", NULL);
    self->standing = g_build_filename(self->desk->dir, "standing.json", NULL);
    self->alerts = alerts_new(&(AlertsParts){.clock = &self->desk->clock.clock,
                                             .trust = self->desk->trust,
                                             .audio = self->desk->audio,
                                             .media = self->desk->media,
                                             .conductor = self->desk->conductor,
                                             .identity = &self->identity,
                                             .path = self->path,
                                             .standing = self->standing,
                                             .on_distrust = count,
                                             .user = self});
}

static void tear_down(Pole *self)
{
    alerts_free(self->alerts);
    desk_free(self->desk);
    g_ptr_array_unref(self->identity.area_path);
    root_free(self->identity.root);
    g_free(self->path);
    g_free(self->standing);
}

static Command *command_of(Pole *self, CommandKind kind, const char *area)
{
    Command *command = command_new(kind);
    command->id = g_strdup_printf("%032x", ++self->ids);
    command->epoch = 1;
    command->issued_us = self->desk->clock.wall;
    command->expires_us = self->desk->clock.wall + HOUR;
    command->issuer = g_strdup(area);
    command_add_target(command, COMMAND_AREA, area, false);
    return command;
}

static Command *alert_of(Pole *self)
{
    Command *command = command_of(self, COMMAND_ALERT, "commune");
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup("flood");
    item->bulletin_version = g_strdup("flood-1");
    item->sha256 = g_strdup(self->desk->good_sha256);
    item->frames = 48000;
    g_ptr_array_add(command->items, item);
    return command;
}

static CommandCode take(Pole *self, const Key *key, Command *take_command)
{
    g_autoptr(Command) command = take_command;
    g_autoptr(Json) json = command_to_json(command);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_COMMAND, payload, key);
    g_autofree char *text = envelope_print(envelope, NULL);
    return alerts_take(self->alerts, text, strlen(text));
}

static void unknown_keys_ask_for_the_next_root_and_nothing_else_does(void)
{
    Key next;
    Pole pole;
    set_up(&pole);
    key_generate(&next);
    g_assert_cmpint(take(&pole, &next, command_of(&pole, COMMAND_TEST, "commune")), ==,
                    COMMAND_KEY_UNKNOWN);
    g_assert_cmpuint(pole.asked, ==, 1);
    g_assert_cmpint(take(&pole, &pole.known, command_of(&pole, COMMAND_TEST, "elsewhere")), ==,
                    COMMAND_NOT_MINE);
    g_assert_cmpint(take(&pole, &pole.known, command_of(&pole, COMMAND_TEST, "commune")), ==,
                    COMMAND_OK);
    g_assert_cmpuint(pole.asked, ==, 1);
    tear_down(&pole);
}

static void a_hand_that_turns_the_volume_leaves_room_for_an_alert(void)
{
    Pole pole;
    set_up(&pole);
    for (int i = 1; i <= MANY; i++) {
        Command *command = command_of(&pole, COMMAND_VOLUME, "commune");
        command->generation = i;
        command->gain_mdb = -i;
        g_assert_cmpint(take(&pole, &pole.known, command), ==, COMMAND_OK);
    }
    g_assert_cmpint(take(&pole, &pole.known, alert_of(&pole)), ==, COMMAND_OK);
    Command *old = command_of(&pole, COMMAND_VOLUME, "commune");
    old->generation = 1;
    g_assert_cmpint(take(&pole, &pole.known, old), ==, COMMAND_OLD_GENERATION);
    tear_down(&pole);
}

static void there_is_always_room_for_the_end_of_an_alert(void)
{
    Pole pole;
    set_up(&pole);
    CommandCode code = COMMAND_OK;
    for (int i = 0; i < MANY && code == COMMAND_OK; i++)
        code = take(&pole, &pole.known, alert_of(&pole));
    g_assert_cmpint(code, ==, COMMAND_FULL);
    Command *cancel = command_of(&pole, COMMAND_CANCEL, "commune");
    cancel->cancels = g_strdup_printf("%032x", 1);
    g_assert_cmpint(take(&pole, &pole.known, cancel), ==, COMMAND_OK);
    tear_down(&pole);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
#define TEST(name) g_test_add_func("/taking/" #name, name)
    TEST(unknown_keys_ask_for_the_next_root_and_nothing_else_does);
    TEST(a_hand_that_turns_the_volume_leaves_room_for_an_alert);
    TEST(there_is_always_room_for_the_end_of_an_alert);
    return g_test_run();
}
