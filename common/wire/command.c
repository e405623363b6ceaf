/* A command as a structure and back.
 *
 * As with a plan, either every member that this version knows is in order or nothing is taken. An
 * unknown kind is unsupported, not malformed: a newer controller speaks to older stations, and the
 * log shall say which of the two it was. What never changes is that every command expires. */
#include "wire/command.h"

#include "base/base64.h"
#include "digest.h"

#include <string.h>

#define ID_MAX     64
#define TITLE_MAX  500
#define PERSON_MAX 200
#define GAIN_MIN   (-96000) /* 1/1000 dB */
#define LEVEL_MAX  PLAN_MAX_DEPTH
#define TIME_MAX   INT64_C(253402300799000000) /* end of the year 9999, µs */

const char *const command_kind_words[] = {"alert",  "cancel", "stop", "test",
                                          "volume", "mute",   NULL};
const char *const command_target_words[] = {"area", "station", NULL};

static const char *const known_members[] = {
    "type",       "kind",    "id",       "epoch",    "issued_us", "expires_us", "issuer",
    "author",     "targets", "drill",    "severity", "level",     "every_us",   "title",
    "clip",       "items",   "sounds",   "cancels",  "broadcast", "planned_us", "gain_mdb",
    "generation", "from_us", "until_us", "critical", NULL,
};

G_DEFINE_QUARK(loa - command - error - quark, command_error)

static void target_free(gpointer data)
{
    CommandTarget *target = data;
    g_free(target->id);
    g_free(target->accepted);
    g_free(target);
}

static void sound_free(gpointer data)
{
    CommandSound *sound = data;
    g_free(sound->sha256);
    g_bytes_unref(sound->bytes);
    g_free(sound);
}

Command *command_new(CommandKind kind)
{
    Command *self = g_new0(Command, 1);
    self->kind = kind;
    self->severity = COMMAND_SEVERITY_USUAL;
    self->targets = g_ptr_array_new_with_free_func(target_free);
    self->items = g_ptr_array_new_with_free_func((GDestroyNotify)plan_item_free);
    self->sounds = g_ptr_array_new_with_free_func(sound_free);
    return self;
}

void command_free(Command *self)
{
    if (!self)
        return;
    char *texts[] = {self->id,   self->issuer,  self->author,   self->title,
                     self->clip, self->cancels, self->broadcast};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_unref(self->targets);
    g_ptr_array_unref(self->items);
    g_ptr_array_unref(self->sounds);
    g_free(self);
}

void command_add_target(Command *self, CommandTargetKind kind, const char *id, bool exclude)
{
    CommandTarget *target = g_new0(CommandTarget, 1);
    target->kind = kind;
    target->id = g_strdup(id);
    target->exclude = exclude;
    g_ptr_array_add(self->targets, target);
}

void command_add_accepted(Command *self, CommandTargetKind kind, const char *id,
                          const char *accepted)
{
    command_add_target(self, kind, id, false);
    CommandTarget *target = self->targets->pdata[self->targets->len - 1];
    target->accepted = g_strdup(accepted);
}

bool command_add_sound(Command *self, const char *sha256, GBytes *bytes)
{
    size_t all = g_bytes_get_size(bytes);
    for (unsigned i = 0; i < self->sounds->len; i++)
        all += g_bytes_get_size(((CommandSound *)self->sounds->pdata[i])->bytes);
    if (all > COMMAND_SOUNDS_MAX)
        return false;
    CommandSound *sound = g_new0(CommandSound, 1);
    sound->sha256 = g_strdup(sha256);
    sound->bytes = g_bytes_ref(bytes);
    g_ptr_array_add(self->sounds, sound);
    return true;
}

GBytes *command_peek_sound(const Command *self, const char *sha256)
{
    for (unsigned i = 0; i < self->sounds->len; i++) {
        const CommandSound *sound = self->sounds->pdata[i];
        if (g_str_equal(sound->sha256, sha256))
            return sound->bytes;
    }
    return NULL;
}

/* ---- printing ---- */

static Json *sounds_to_json(const Command *self)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < self->sounds->len; i++) {
        const CommandSound *sound = self->sounds->pdata[i];
        size_t length;
        const void *bytes = g_bytes_get_data(sound->bytes, &length);
        g_autofree char *data = base64_encode(bytes, length);
        Json *one = json_new_object();
        json_set_text(one, "sha256", sound->sha256);
        json_set_text(one, "data", data);
        json_append_take(list, one);
    }
    return list;
}

static Json *targets_to_json(const Command *self)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < self->targets->len; i++) {
        const CommandTarget *target = self->targets->pdata[i];
        Json *one = json_new_object();
        json_set_text(one, "kind", command_target_words[target->kind]);
        json_set_text(one, "id", target->id);
        json_set_bool(one, "exclude", target->exclude);
        if (target->accepted)
            json_set_text(one, "accepted", target->accepted);
        json_append_take(list, one);
    }
    return list;
}

static void print_alert(const Command *self, Json *json)
{
    json_set_bool(json, "drill", self->drill);
    json_set_int(json, "severity", self->severity);
    json_set_int(json, "level", self->level);
    json_set_int(json, "every_us", self->every_us);
    json_set_text(json, "title", self->title ? self->title : "");
    json_set_text(json, "clip", self->clip ? self->clip : "");
    Json *items = json_new_array();
    for (unsigned i = 0; i < self->items->len; i++)
        json_append_take(items, plan_item_to_json(self->items->pdata[i]));
    json_set_take(json, "items", items);
    if (self->sounds->len > 0)
        json_set_take(json, "sounds", sounds_to_json(self));
}

Json *command_to_json(const Command *self)
{
    Json *json = json_new_object();
    json_set_text(json, "type", "command");
    json_set_text(json, "kind", command_kind_words[self->kind]);
    json_set_text(json, "id", self->id);
    json_set_int(json, "epoch", self->epoch);
    json_set_int(json, "issued_us", self->issued_us);
    json_set_int(json, "expires_us", self->expires_us);
    json_set_text(json, "issuer", self->issuer);
    json_set_text(json, "author", self->author ? self->author : "");
    json_set_take(json, "targets", targets_to_json(self));
    switch (self->kind) {
    case COMMAND_ALERT: print_alert(self, json); break;
    case COMMAND_CANCEL: json_set_text(json, "cancels", self->cancels); break;
    case COMMAND_STOP:
        json_set_text(json, "broadcast", self->broadcast);
        json_set_int(json, "planned_us", self->planned_us);
        break;
    case COMMAND_TEST: json_set_int(json, "gain_mdb", self->gain_mdb); break;
    case COMMAND_VOLUME:
        json_set_int(json, "generation", self->generation);
        json_set_int(json, "gain_mdb", self->gain_mdb);
        break;
    case COMMAND_MUTE:
        json_set_int(json, "generation", self->generation);
        json_set_int(json, "from_us", self->from_us);
        json_set_int(json, "until_us", self->until_us);
        break;
    }
    return json;
}

/* ---- reading ---- */

static void read_targets(JsonForm *form, Command *self)
{
    const Json *list = json_form_array(form, "targets", true, COMMAND_MAX_TARGETS);
    for (size_t i = 0; i < json_length(list); i++) {
        JsonForm *one = json_form_element(form, "targets", i);
        int kind = json_form_choice(one, "kind", true, command_target_words, COMMAND_AREA);
        const char *id = json_form_text(one, "id", true, 1, ID_MAX);
        bool exclude = json_form_bool(one, "exclude", false, false);
        const char *accepted = json_form_text(one, "accepted", false, 1, ID_MAX);
        if (accepted && !exclude)
            command_add_accepted(self, (CommandTargetKind)kind, id, accepted);
        else
            command_add_target(self, (CommandTargetKind)kind, id, exclude);
    }
}

static void read_sounds(JsonForm *form, Command *self)
{
    const Json *sounds = json_form_array(form, "sounds", false, COMMAND_MAX_ITEMS);
    for (size_t i = 0; i < json_length(sounds); i++) {
        JsonForm *one = json_form_element(form, "sounds", i);
        const char *sha256 = json_form_hex(one, "sha256", true, DIGEST_HEX);
        GBytes *bytes = json_form_base64(one, "data", true, COMMAND_SOUNDS_MAX);
        if (sha256 && bytes && !command_add_sound(self, sha256, bytes))
            json_form_fault(form, "sounds", FORM_TOO_LONG, G_STRINGIFY(COMMAND_SOUNDS_MAX));
    }
}

static void read_alert(JsonForm *form, Command *self)
{
    self->drill = json_form_bool(form, "drill", false, false);
    self->severity = (unsigned)json_form_int(form, "severity", false, 1, COMMAND_SEVERITY_MAX,
                                             COMMAND_SEVERITY_USUAL);
    self->level = (int)json_form_int(form, "level", false, 0, LEVEL_MAX, 0);
    self->every_us = json_form_int(form, "every_us", false, 0, COMMAND_EXPIRES_MAX, 0);
    if (self->every_us && self->every_us < COMMAND_EVERY_MIN_US)
        json_form_fault(form, "every_us", FORM_RANGE, "60000000");
    self->title = g_strdup(json_form_text(form, "title", false, 0, TITLE_MAX));
    self->clip = g_strdup(json_form_text(form, "clip", false, 0, ID_MAX));
    const Json *items = json_form_array(form, "items", true, COMMAND_MAX_ITEMS);
    if (items && json_length(items) == 0)
        json_form_fault(form, "items", FORM_TOO_SHORT, "1");
    for (size_t i = 0; i < json_length(items); i++) {
        PlanItem *item = plan_item_new();
        g_ptr_array_add(self->items, item);
        plan_item_read(json_form_element(form, "items", i), item);
    }
    read_sounds(form, self);
}

static void read_head(JsonForm *form, Command *self)
{
    self->id = g_strdup(json_form_hex(form, "id", true, COMMAND_ID_HEX));
    self->epoch = json_form_int(form, "epoch", true, 1, INT64_MAX, 1);
    self->issued_us = json_form_int(form, "issued_us", true, 1, TIME_MAX, 1);
    self->expires_us = json_form_int(form, "expires_us", true, 1, TIME_MAX, 1);
    if (self->expires_us <= self->issued_us)
        json_form_fault(form, "expires_us", FORM_RANGE, "issued_us");
    else if (self->expires_us - self->issued_us > COMMAND_EXPIRES_MAX)
        json_form_fault(form, "expires_us", FORM_RANGE, "issued_us + 24 h");
    self->issuer = g_strdup(json_form_text(form, "issuer", true, 1, ID_MAX));
    self->author = g_strdup(json_form_text(form, "author", false, 0, PERSON_MAX));
    read_targets(form, self);
}

static void read_generation(JsonForm *form, Command *self)
{
    self->generation = json_form_int(form, "generation", true, 1, STANDING_GENERATION_MAX, 1);
}

/* Lifted: it ends where it begins. */
static void read_mute(JsonForm *form, Command *self)
{
    read_generation(form, self);
    self->from_us = json_form_int(form, "from_us", true, 1, TIME_MAX, 1);
    self->until_us = json_form_int(form, "until_us", true, 1, TIME_MAX, 1);
    if (self->until_us < self->from_us || self->until_us - self->from_us > STANDING_MUTE_MAX_US)
        json_form_fault(form, "until_us", FORM_RANGE, "from_us .. from_us + 31 d");
}

static void read_body(JsonForm *form, Command *self)
{
    switch (self->kind) {
    case COMMAND_ALERT: read_alert(form, self); break;
    case COMMAND_CANCEL:
        self->cancels = g_strdup(json_form_hex(form, "cancels", true, COMMAND_ID_HEX));
        break;
    case COMMAND_STOP:
        self->broadcast = g_strdup(json_form_text(form, "broadcast", true, 1, ID_MAX));
        self->planned_us = json_form_int(form, "planned_us", true, 1, TIME_MAX, 1);
        break;
    case COMMAND_TEST:
        self->gain_mdb = (int)json_form_int(form, "gain_mdb", false, GAIN_MIN, 0, 0);
        break;
    case COMMAND_VOLUME:
        read_generation(form, self);
        self->gain_mdb = (int)json_form_int(form, "gain_mdb", true, GAIN_MIN, 0, 0);
        break;
    case COMMAND_MUTE: read_mute(form, self); break;
    }
}

static bool unsupported(const char *what, const char *name, GError **error)
{
    g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_UNSUPPORTED,
                "the command %s \"%s\", which this version does not know", what, name ? name : "?");
    return false;
}

static bool is_supported(const Json *json, CommandKind *ret_kind, GError **error)
{
    const Json *critical = json_peek(json, "critical");
    for (size_t i = 0; i < json_length(critical); i++) {
        const char *name = json_text(json_at(critical, i));
        if (!name || !g_strv_contains(known_members, name))
            return unsupported("relies on", name, error);
    }
    const char *kind = json_peek_text(json, "kind");
    for (unsigned i = 0; kind && command_kind_words[i]; i++)
        if (g_str_equal(kind, command_kind_words[i])) {
            *ret_kind = (CommandKind)i;
            return true;
        }
    return unsupported("is of kind", kind, error);
}

Command *command_parse(const void *bytes, size_t length, GError **error)
{
    if (length > COMMAND_MAX_BYTES) {
        g_set_error(error, COMMAND_ERROR, COMMAND_ERROR_FORMAT,
                    "a command of %zu bytes is too large", length);
        return NULL;
    }
    g_autoptr(Json) json = json_parse(bytes, length, error);
    CommandKind kind;
    if (!json || !is_supported(json, &kind, error))
        return NULL;
    static const char *const types[] = {"command", NULL};
    g_autoptr(Command) self = command_new(kind);
    g_autoptr(JsonForm) form = json_form_new(json, "");
    json_form_array(form, "critical", false, G_N_ELEMENTS(known_members));
    json_form_choice(form, "type", true, types, 0);
    json_form_any(form, "kind");
    read_head(form, self);
    read_body(form, self);
    return json_form_finish(form, false, error) ? g_steal_pointer(&self) : NULL;
}

bool command_is_standing(const Command *self)
{
    return self->kind == COMMAND_VOLUME || self->kind == COMMAND_MUTE;
}

/* ---- whom it means ---- */

static bool holds(const GPtrArray *path, const char *area)
{
    for (unsigned i = 0; i < path->len; i++)
        if (g_str_equal(path->pdata[i], area))
            return true;
    return false;
}

bool command_reaches(const Command *self, const char *station, const GPtrArray *area_path)
{
    bool included = false, below = holds(area_path, self->issuer);
    for (unsigned i = 0; i < self->targets->len; i++) {
        const CommandTarget *target = self->targets->pdata[i];
        bool named = target->kind == COMMAND_STATION ? g_str_equal(target->id, station)
                                                     : holds(area_path, target->id);
        if (named && target->exclude)
            return false;
        included = included ||
                   (named && (below || (target->accepted && holds(area_path, target->accepted))));
    }
    return included;
}
