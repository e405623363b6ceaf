/* The desk with the room of alerts at it, and orders signed for it. */
#include "pole.h"

#include <string.h>

static void open_alerts(Pole *self)
{
    self->alerts = alerts_new(&(AlertsParts){
        .clock = &self->desk->clock.clock,
        .trust = self->desk->trust,
        .audio = self->desk->audio,
        .media = self->desk->media,
        .conductor = self->desk->conductor,
        .identity = &self->identity,
        .path = self->path,
        .standing = self->standing,
    });
}

Pole *pole_new(void)
{
    g_assert_true(crypto_init());
    Pole *self = g_new0(Pole, 1);
    self->desk = desk_new();
    key_generate(&self->online);
    self->identity.station = g_strdup(POLE_STATION);
    self->identity.area_path = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(self->identity.area_path, g_strdup("commune"));
    self->identity.root = root_new();
    self->identity.root->version = self->identity.root->epoch = 1;
    root_add_key(self->identity.root, &self->online);
    root_grant(self->identity.root, ROOT_ROLE_COMMAND, &self->online);
    self->path = g_build_filename(self->desk->dir, "commands.json", NULL);
    self->standing = g_build_filename(self->desk->dir, "standing.json", NULL);
    open_alerts(self);
    return self;
}

void pole_free(Pole *self)
{
    alerts_free(self->alerts);
    desk_free(self->desk);
    g_free(self->path);
    g_free(self->standing);
    g_free(self->identity.station);
    g_ptr_array_unref(self->identity.area_path);
    root_free(self->identity.root);
    g_free(self);
}

void pole_restart(Pole *self, const char *boot_id)
{
    g_clear_pointer(&self->alerts, alerts_free);
    desk_crash(self->desk);
    desk_boot(self->desk, boot_id);
    open_alerts(self);
}

void pole_run_until(Pole *self, int64_t wall_us)
{
    while (self->desk->clock.wall < wall_us) {
        alerts_tick(self->alerts);
        desk_run_until(self->desk, MIN(wall_us, self->desk->clock.wall + 5 * SECOND));
    }
    alerts_tick(self->alerts);
}

Command *pole_command(const Pole *self, CommandKind kind, char fill)
{
    Command *command = command_new(kind);
    command->id = g_strnfill(COMMAND_ID_HEX, fill);
    command->epoch = 1;
    command->issued_us = self->desk->clock.wall;
    command->expires_us = self->desk->clock.wall + HOUR;
    command->issuer = g_strdup("commune");
    command_add_target(command, COMMAND_AREA, "commune", false);
    return command;
}

Command *pole_alert(const Pole *self, const char *sha256, int every_minutes)
{
    Command *command = pole_command(self, COMMAND_ALERT, 'a');
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup("flood");
    item->bulletin_version = g_strdup("flood-1");
    item->sha256 = g_strdup(sha256);
    item->frames = POLE_CLIP_S * INT64_C(48000);
    g_ptr_array_add(command->items, item);
    command->every_us = every_minutes * MINUTE;
    return command;
}

Command *pole_cancel(const Pole *self)
{
    Command *command = pole_command(self, COMMAND_CANCEL, 'c');
    command->cancels = g_strnfill(COMMAND_ID_HEX, 'a');
    return command;
}

char *pole_sign(const Pole *self, Command *take_command)
{
    g_autoptr(Command) command = take_command;
    g_autoptr(Json) json = command_to_json(command);
    g_autoptr(GBytes) payload = json_print_bytes(json);
    g_autoptr(Envelope) envelope = envelope_sign(ENVELOPE_TYPE_COMMAND, payload, &self->online);
    return envelope_print(envelope, NULL);
}

CommandCode pole_take(Pole *self, Command *take_command)
{
    g_autofree char *text = pole_sign(self, take_command);
    return alerts_take(self->alerts, text, strlen(text));
}
