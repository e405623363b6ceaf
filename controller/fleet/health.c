/* Health of the fleet.
 *
 * The newest value of every member lives in memory and goes into rows once a second for all
 * stations together: 10,000 stations post 333 times a second, and none of that is worth a commit of
 * its own. A post with "full" replaces everything that was known; any other only the members that
 * it has, so that a fault list that is left out stays and one that is empty clears it. Unknown
 * members are passed over, not kept.
 *
 * Changes between online and offline are rows with their time, for the reports. */
#include "fleet/health.h"

#include <string.h>

#include "base/log.h"
#include "fleet/fault_text.h"
#include "fleet/health_store.h"

#define TEXT_MAX         200
#define BOARD_NUMBER_MAX 1000000000

static const char *const known_members[] = {
    "boot_id",
    "software",
    "protocol",
    "formats",
    "plan",
    "media",
    "clock",
    "level_dbfs",
    "volume_mdb",
    "now_playing",
    "amplifier",
    "faults",
    "refusals",
    "board",
    "data",
    "modem",
    "receipts_waiting",
    "storage_free_bytes",
    NULL,
};

struct HealthState {
    char *station;
    Json *facts;
    const char *word; /* "online" | "offline" */
    int64_t state_us, last_us;
    bool dirty;  /* row not written */
    bool turned; /* the word changed since the last write */
    int urgency; /* of the worst fault; this and the next two are read off the facts */
    bool has_audio;
    const char *playing; /* lies in the facts */
};

struct Health {
    Database *database;
    GHashTable *states; /* station -> HealthState */
    int64_t started_us;
    bool turned; /* since the last tick */
};

static void state_free(gpointer data)
{
    HealthState *state = data;
    json_drop(state->facts);
    g_free(state->station);
    g_free(state);
}

static HealthState *state_new(Health *self, const char *station)
{
    HealthState *state = g_new0(HealthState, 1);
    state->station = g_strdup(station);
    state->word = "offline";
    g_hash_table_insert(self->states, state->station, state);
    return state;
}

/* What is asked of all stations at once is not looked for in the facts of each, each time. */
static void read_off(HealthState *state)
{
    const Json *media = json_peek(state->facts, "media");
    const Json *faults = json_peek(state->facts, "faults");
    const char *playing = json_peek_text(state->facts, "now_playing");
    state->has_audio = media && json_length(json_peek(media, "missing")) == 0;
    state->playing = playing && *playing ? playing : NULL;
    state->urgency = 0;
    for (size_t i = 0; faults && i < json_length(faults); i++) {
        const char *code = json_peek_text(json_at(faults, i), "code");
        state->urgency = MAX(state->urgency, fault_text_find(code)->urgency);
    }
}

static void load_row(const HealthRow *row, void *user)
{
    HealthState *state = state_new(user, row->station);
    state->word = g_str_equal(row->state, "online") ? "online" : "offline";
    state->state_us = row->state_us;
    state->last_us = row->last_us;
    state->facts = json_parse(row->facts, strlen(row->facts), NULL);
    if (!state->facts)
        state->facts = json_new_object();
    read_off(state);
}

Health *health_new(Database *database, int64_t now_us, GError **error)
{
    g_autoptr(Health) self = g_new0(Health, 1);
    self->database = database;
    self->started_us = now_us;
    self->states = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, state_free);
    return health_store_load(database, load_row, self, error) ? g_steal_pointer(&self) : NULL;
}

void health_free(Health *self)
{
    if (!self)
        return;
    g_autoptr(GError) error = NULL;
    if (!health_flush(self, &error))
        log_warning("the last health of the stations could not be written: %s", error->message);
    g_hash_table_unref(self->states);
    g_free(self);
}

static void check_faults(JsonForm *form)
{
    const Json *faults = json_form_array(form, "faults", false, HEALTH_FAULTS_MAX);
    for (size_t i = 0; faults && i < json_length(faults); i++) {
        JsonForm *fault = json_form_element(form, "faults", i);
        json_form_text(fault, "code", true, 1, TEXT_MAX);
        json_form_int(fault, "since_us", false, 0, G_MAXINT64, 0);
    }
}

static void check_refusals(JsonForm *form)
{
    const Json *refusals = json_form_array(form, "refusals", false, HEALTH_REFUSALS_MAX);
    for (size_t i = 0; refusals && i < json_length(refusals); i++) {
        JsonForm *one = json_form_element(form, "refusals", i);
        json_form_text(one, "code", true, 1, TEXT_MAX);
        json_form_int(one, "count", true, 1, G_MAXINT64, 1);
        json_form_int(one, "first_us", true, 0, G_MAXINT64, 0);
        json_form_int(one, "last_us", true, 0, G_MAXINT64, 0);
    }
}

/* What a board does not have is null. */
static void check_board(JsonForm *board)
{
    static const char *const facts[] = {"mains", "tamper", "under_voltage"};
    static const char *const numbers[] = {"battery_mv", "temperature_mc", "current_ma"};
    for (unsigned i = 0; board && i < G_N_ELEMENTS(facts); i++)
        if (!json_is_nothing(json_form_any(board, facts[i])))
            json_form_bool(board, facts[i], false, false);
    for (unsigned i = 0; board && i < G_N_ELEMENTS(numbers); i++)
        if (!json_is_nothing(json_form_any(board, numbers[i])))
            json_form_int(board, numbers[i], false, -BOARD_NUMBER_MAX, BOARD_NUMBER_MAX, 0);
}

/* What was used of the SIM. */
static void check_data(JsonForm *data)
{
    static const char *const numbers[] = {"day",       "day_bytes",   "month_bytes",
                                          "day_limit", "month_limit", "forecast_bytes"};
    static const char *const states[] = {"free", "near", "spent", NULL};
    for (unsigned i = 0; data && i < G_N_ELEMENTS(numbers); i++)
        json_form_int(data, numbers[i], false, 0, G_MAXINT64, 0);
    if (data)
        json_form_choice(data, "state", false, states, 0);
    json_form_child(data, "month_kinds", false);
}

/* null: the station has none, or nothing that speaks for it. */
static void check_modem(JsonForm *modem)
{
    json_form_int(modem, "signal_percent", false, 0, 100, 0);
    json_form_int(modem, "rx_bytes", false, 0, G_MAXINT64, 0);
    json_form_int(modem, "tx_bytes", false, 0, G_MAXINT64, 0);
    json_form_text(modem, "technology", false, 0, TEXT_MAX);
    json_form_text(modem, "operator", false, 0, TEXT_MAX);
    json_form_text(modem, "state", false, 0, TEXT_MAX);
}

static void check_parts(JsonForm *form)
{
    JsonForm *plan = json_form_child(form, "plan", false);
    json_form_int(plan, "epoch", false, 0, G_MAXINT64, 0);
    json_form_int(plan, "version", false, 0, G_MAXINT64, 0);
    JsonForm *media = json_form_child(form, "media", false);
    json_form_int(media, "ready", false, 0, G_MAXINT32, 0);
    json_form_array(media, "missing", false, HEALTH_MISSING_MAX);
    JsonForm *clock = json_form_child(form, "clock", false);
    json_form_int(clock, "trust", false, 0, 3, 0);
    json_form_int(clock, "error_ms", false, -1, G_MAXINT64, -1);
    check_board(json_form_child(form, "board", false));
    check_data(json_form_child(form, "data", false));
    check_modem(json_form_child(form, "modem", false));
    check_faults(form);
    check_refusals(form);
}

static Problem *check(const Json *body)
{
    g_autoptr(JsonForm) form = json_form_new(body, "");
    json_form_text(form, "boot_id", false, 1, TEXT_MAX);
    json_form_text(form, "software", false, 0, TEXT_MAX);
    json_form_text(form, "now_playing", false, 0, TEXT_MAX);
    json_form_text(form, "amplifier", false, 0, TEXT_MAX);
    json_form_int(form, "protocol", false, 1, 1000, 1);
    json_form_array(form, "formats", false, 16);
    json_form_real(form, "level_dbfs", false, 0);
    json_form_int(form, "volume_mdb", false, -200000, 200000, 0);
    json_form_int(form, "receipts_waiting", false, 0, G_MAXINT32, 0);
    json_form_int(form, "storage_free_bytes", false, 0, G_MAXINT64, 0);
    json_form_bool(form, "full", false, false);
    check_parts(form);
    return json_form_ok(form, false) ? NULL : problem_from_form(form);
}

static void turn(Health *self, HealthState *state, const char *word, int64_t now_us)
{
    if (state->state_us && g_str_equal(state->word, word))
        return;
    state->word = word;
    state->state_us = now_us;
    state->dirty = state->turned = self->turned = true;
}

Problem *health_take(Health *self, const char *station, const Json *body, int64_t now_us)
{
    Problem *problem = check(body);
    if (problem)
        return problem;
    HealthState *state = g_hash_table_lookup(self->states, station);
    if (!state)
        state = state_new(self, station);
    bool full = json_peek_bool(body, "full", false);
    Json *facts = full || !state->facts ? json_new_object() : json_hold(state->facts);
    for (unsigned i = 0; known_members[i]; i++) {
        Json *member = json_peek(body, known_members[i]);
        if (member)
            json_set_take(facts, known_members[i], json_hold(member));
    }
    json_drop(state->facts);
    state->facts = facts;
    read_off(state);
    state->last_us = now_us;
    state->dirty = true;
    turn(self, state, "online", now_us);
    return NULL;
}

const HealthState *health_find(const Health *self, const char *station)
{
    return g_hash_table_lookup(self->states, station);
}

void health_state_view(const HealthState *state, HealthView *ret_view)
{
    *ret_view = (HealthView){.state = "never"};
    if (!state)
        return;
    bool is_online = g_str_equal(state->word, "online");
    *ret_view = (HealthView){.facts = state->facts,
                             .state = state->word,
                             .state_us = state->state_us,
                             .last_us = state->last_us,
                             .urgency = state->urgency,
                             .is_ready = is_online && state->has_audio,
                             .playing = is_online ? state->playing : NULL};
}

void health_view(const Health *self, const char *station, HealthView *ret_view)
{
    health_state_view(health_find(self, station), ret_view);
}

/* A clock that was set back would keep the silent online until it is where it was. */
bool health_tick(Health *self, int64_t now_us)
{
    self->started_us = MIN(self->started_us, now_us);
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, self->states);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        HealthState *state = value;
        state->last_us = MIN(state->last_us, now_us);
        int64_t heard_us = MAX(state->last_us, self->started_us);
        if (g_str_equal(state->word, "online") && now_us - heard_us > HEALTH_SILENCE_US)
            turn(self, state, "offline", now_us);
    }
    bool turned = self->turned;
    self->turned = false;
    return turned;
}

static bool write_state(Health *self, const HealthState *state, GError **error)
{
    g_autofree char *facts = json_print(state->facts, NULL);
    HealthRow row = {.station = state->station,
                     .state = state->word,
                     .state_us = state->state_us,
                     .last_us = state->last_us,
                     .facts = facts};
    return health_store_put(self->database, &row, error) &&
           (!state->turned || health_store_add_turn(self->database, &row, error));
}

static bool write_dirty(Health *self, unsigned *ret_written, GError **error)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, self->states);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (!((HealthState *)value)->dirty)
            continue;
        (*ret_written)++;
        if (!write_state(self, value, error))
            return false;
    }
    return true;
}

bool health_flush(Health *self, GError **error)
{
    unsigned written = 0;
    if (!database_begin(self->database, error))
        return false;
    if (!write_dirty(self, &written, error)) {
        database_rollback(self->database);
        return false;
    }
    if (written == 0) {
        database_rollback(self->database);
        return true;
    }
    if (!database_commit(self->database, error))
        return false;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, self->states);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        ((HealthState *)value)->dirty = ((HealthState *)value)->turned = false;
    return true;
}
