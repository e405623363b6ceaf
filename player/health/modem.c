/* ModemManager over D-Bus. Its object manager hands out modems with their properties and tells of
 * each change, so these are read from memory; the counters lie in a bearer, which is an object of
 * its own and is asked every PERIOD_S. A station without a bus, or without ModemManager, looks
 * again now and then: the service may start after us, and the stick may be put in tomorrow.
 * Everything is asynchronous; an answer that never comes leaves what was known before. */
#include "health/modem.h"

#include <gio/gio.h>
#include <string.h>

#define SERVICE   "org.freedesktop.ModemManager1"
#define ROOT_PATH "/org/freedesktop/ModemManager1"
#define MODEM     "org.freedesktop.ModemManager1.Modem"
#define MODEM_3G  "org.freedesktop.ModemManager1.Modem.Modem3gpp"
#define BEARER    "org.freedesktop.ModemManager1.Bearer"
#define PERIOD_S  20
#define WAIT_MS   5000

struct Modem {
    GCancellable *gone;
    GDBusObjectManager *manager; /* NULL = not reached yet */
    GHashTable *bearers;         /* object path -> Bytes, of the modem that is looked at */
    bool opening;
    unsigned timer;
    ModemFacts facts;
    ModemFacts told; /* when `on_news` was last called */
    void (*on_news)(void *user);
    void *user;
};

typedef struct Bytes {
    int64_t rx, tx;
} Bytes;

typedef struct Question {
    Modem *modem;
    char *path;
} Question;

/* ---- words ---- */

/* MMModemAccessTechnology: the newest one that is in use. */
static const char *technology_word(uint32_t bits)
{
    static const struct {
        uint32_t bits;
        const char *word;
    } words[] = {{1u << 15, "5g"}, {1u << 14, "lte"},         {1u << 16 | 1u << 17, "nb-iot"},
                 {0x3e0, "3g"},    {1u << 3 | 1u << 4, "2g"}, {0x6, "2g"}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (bits & words[i].bits)
            return words[i].word;
    return "";
}

/* MMModemState, from -1 on. */
static const char *state_word(int32_t state)
{
    static const char *const words[] = {"failed",    "unknown",    "initializing",  "locked",
                                        "disabled",  "disabling",  "enabling",      "enabled",
                                        "searching", "registered", "disconnecting", "connecting",
                                        "connected"};
    return state >= -1 && state < (int32_t)G_N_ELEMENTS(words) - 1 ? words[state + 1] : "";
}

/* ---- what is in memory ---- */

static GVariant *property(GDBusObject *object, const char *interface, const char *name,
                          const char *type)
{
    g_autoptr(GDBusInterface) proxy = g_dbus_object_get_interface(object, interface);
    g_autoptr(GVariant) value =
        proxy ? g_dbus_proxy_get_cached_property(G_DBUS_PROXY(proxy), name) : NULL;
    bool good = value && g_variant_is_of_type(value, G_VARIANT_TYPE(type));
    return good ? g_steal_pointer(&value) : NULL;
}

static void read_modem(Modem *self, GDBusObject *object)
{
    g_autoptr(GVariant) quality = property(object, MODEM, "SignalQuality", "(ub)");
    g_autoptr(GVariant) technology = property(object, MODEM, "AccessTechnologies", "u");
    g_autoptr(GVariant) state = property(object, MODEM, "State", "i");
    g_autoptr(GVariant) network = property(object, MODEM_3G, "OperatorName", "s");
    ModemFacts *facts = &self->facts;
    facts->present = true;
    facts->signal_percent = -1;
    uint32_t percent = 0;
    if (quality) {
        g_variant_get(quality, "(ub)", &percent, NULL);
        facts->signal_percent = (int)MIN(percent, 100);
        facts->weak = percent < (facts->weak ? MODEM_WELL_PERCENT : MODEM_WEAK_PERCENT);
    }
    g_strlcpy(facts->technology,
              technology ? technology_word(g_variant_get_uint32(technology)) : "",
              sizeof facts->technology);
    g_strlcpy(facts->state, state ? state_word(g_variant_get_int32(state)) : "",
              sizeof facts->state);
    g_strlcpy(facts->network, network ? g_variant_get_string(network, NULL) : "",
              sizeof facts->network);
}

/* With several sticks the one that is connected. */
static GDBusObject *chosen_modem(const Modem *self)
{
    g_autolist(GDBusObject) all = g_dbus_object_manager_get_objects(self->manager);
    GDBusObject *chosen = NULL;
    int32_t best = G_MININT32;
    for (GList *at = all; at; at = at->next) {
        g_autoptr(GVariant) state = property(at->data, MODEM, "State", "i");
        if (!state || g_variant_get_int32(state) <= best)
            continue;
        best = g_variant_get_int32(state);
        g_set_object(&chosen, G_DBUS_OBJECT(at->data));
    }
    return chosen;
}

static void tell(Modem *self)
{
    const ModemFacts *now = &self->facts, *told = &self->told;
    bool news = now->present != told->present || now->weak != told->weak ||
                (now->rx_bytes < 0) != (told->rx_bytes < 0);
    self->told = *now;
    if (news && self->on_news)
        self->on_news(self->user);
}

/* ---- counters ---- */

static int64_t counter(GVariant *stats, const char *all, const char *connection)
{
    guint64 value;
    if (g_variant_lookup(stats, all, "t", &value) ||
        g_variant_lookup(stats, connection, "t", &value))
        return (int64_t)MIN(value, (guint64)G_MAXINT64);
    return -1;
}

static void sum_up(Modem *self)
{
    GHashTableIter iter;
    gpointer value;
    self->facts.rx_bytes = self->facts.tx_bytes = -1;
    g_hash_table_iter_init(&iter, self->bearers);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Bytes *bytes = value;
        if (bytes->rx >= 0)
            self->facts.rx_bytes = MAX(self->facts.rx_bytes, 0) + bytes->rx;
        if (bytes->tx >= 0)
            self->facts.tx_bytes = MAX(self->facts.tx_bytes, 0) + bytes->tx;
    }
}

static void on_stats(GObject *source, GAsyncResult *result, gpointer data)
{
    Question *question = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GVariant) answer =
        g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
    Modem *self = question->modem; /* gone when the call was cancelled */
    Bytes *bytes = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                       ? NULL
                       : g_hash_table_lookup(self->bearers, question->path);
    if (answer && bytes) {
        g_autoptr(GVariant) stats = NULL;
        g_variant_get(answer, "(v)", &stats);
        if (g_variant_is_of_type(stats, G_VARIANT_TYPE_VARDICT))
            *bytes = (Bytes){.rx = counter(stats, "total-rx-bytes", "rx-bytes"),
                             .tx = counter(stats, "total-tx-bytes", "tx-bytes")};
        sum_up(self);
        tell(self);
    }
    g_free(question->path);
    g_free(question);
}

static void ask_bearer(Modem *self, const char *path)
{
    GDBusConnection *bus =
        g_dbus_object_manager_client_get_connection(G_DBUS_OBJECT_MANAGER_CLIENT(self->manager));
    Question *question = g_new0(Question, 1);
    question->modem = self;
    question->path = g_strdup(path);
    g_dbus_connection_call(bus, SERVICE, path, "org.freedesktop.DBus.Properties", "Get",
                           g_variant_new("(ss)", BEARER, "Stats"), G_VARIANT_TYPE("(v)"),
                           G_DBUS_CALL_FLAGS_NO_AUTO_START, WAIT_MS, self->gone, on_stats,
                           question);
}

static gboolean is_gone(gpointer path, G_GNUC_UNUSED gpointer bytes, gpointer paths)
{
    return !g_strv_contains(paths, path);
}

static void ask_bearers(Modem *self, GDBusObject *modem)
{
    g_autoptr(GVariant) list = property(modem, MODEM, "Bearers", "ao");
    g_autofree const char **paths = list ? g_variant_get_objv(list, NULL) : g_new0(const char *, 1);
    g_hash_table_foreach_remove(self->bearers, is_gone, paths);
    for (const char **path = paths; *path; path++) {
        if (!g_hash_table_contains(self->bearers, *path)) {
            Bytes *bytes = g_new(Bytes, 1);
            *bytes = (Bytes){-1, -1};
            g_hash_table_insert(self->bearers, g_strdup(*path), bytes);
        }
        ask_bearer(self, *path);
    }
    sum_up(self);
}

/* ---- the bus ---- */

static void forget(Modem *self)
{
    g_hash_table_remove_all(self->bearers);
    self->facts = (ModemFacts){.signal_percent = -1, .rx_bytes = -1, .tx_bytes = -1};
}

static void look(Modem *self)
{
    g_autoptr(GDBusObject) modem = chosen_modem(self);
    if (modem) {
        read_modem(self, modem);
        ask_bearers(self, modem);
    } else {
        forget(self);
    }
    tell(self);
}

static void on_change(Modem *self)
{
    look(self);
}

/* Signal quality moves every few seconds: not worth asking for counters. */
static void on_properties(Modem *self)
{
    g_autoptr(GDBusObject) modem = chosen_modem(self);
    if (modem)
        read_modem(self, modem);
    tell(self);
}

static void on_manager(G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    GDBusObjectManager *manager = g_dbus_object_manager_client_new_for_bus_finish(result, &error);
    Modem *self = data; /* gone when the call was cancelled */
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    self->opening = false;
    if (!manager)
        return; /* no bus; the timer tries again */
    self->manager = manager;
    GDBusObjectManagerClient *client = G_DBUS_OBJECT_MANAGER_CLIENT(manager);
    g_dbus_connection_set_exit_on_close(g_dbus_object_manager_client_get_connection(client), FALSE);
    g_signal_connect_swapped(manager, "object-added", G_CALLBACK(on_change), self);
    g_signal_connect_swapped(manager, "object-removed", G_CALLBACK(on_change), self);
    g_signal_connect_swapped(manager, "interface-proxy-properties-changed",
                             G_CALLBACK(on_properties), self);
    g_signal_connect_swapped(manager, "notify::name-owner", G_CALLBACK(on_change), self);
    look(self);
}

static bool is_lost(const Modem *self)
{
    GDBusObjectManagerClient *client = G_DBUS_OBJECT_MANAGER_CLIENT(self->manager);
    return g_dbus_connection_is_closed(g_dbus_object_manager_client_get_connection(client));
}

static void let_go(Modem *self)
{
    if (self->manager)
        g_signal_handlers_disconnect_by_data(self->manager, self);
    g_clear_object(&self->manager);
    forget(self);
}

static gboolean on_timer(gpointer data)
{
    Modem *self = data;
    if (self->manager && is_lost(self))
        let_go(self);
    if (self->manager) {
        look(self);
    } else if (!self->opening) {
        self->opening = true;
        g_dbus_object_manager_client_new_for_bus(
            G_BUS_TYPE_SYSTEM, G_DBUS_OBJECT_MANAGER_CLIENT_FLAGS_DO_NOT_AUTO_START, SERVICE,
            ROOT_PATH, NULL, NULL, NULL, self->gone, on_manager, self);
    }
    return G_SOURCE_CONTINUE;
}

Modem *modem_new(void (*on_news)(void *user), void *user)
{
    Modem *self = g_new0(Modem, 1);
    self->on_news = on_news;
    self->user = user;
    self->gone = g_cancellable_new();
    self->bearers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    forget(self);
    self->told = self->facts;
    self->timer = g_timeout_add_seconds(PERIOD_S, on_timer, self);
    on_timer(self);
    return self;
}

void modem_free(Modem *self)
{
    if (!self)
        return;
    g_source_remove(self->timer);
    g_cancellable_cancel(self->gone);
    g_object_unref(self->gone);
    let_go(self);
    g_hash_table_unref(self->bearers);
    g_free(self);
}

const ModemFacts *modem_facts(const Modem *self)
{
    return &self->facts;
}

static void set_number(Json *json, const char *key, int64_t value)
{
    if (value < 0)
        json_set_null(json, key);
    else
        json_set_int(json, key, value);
}

Json *modem_to_json(const ModemFacts *facts)
{
    if (!facts->present)
        return NULL;
    Json *json = json_new_object();
    set_number(json, "signal_percent", facts->signal_percent);
    set_number(json, "rx_bytes", facts->rx_bytes);
    set_number(json, "tx_bytes", facts->tx_bytes);
    json_set_text(json, "technology", *facts->technology ? facts->technology : NULL);
    json_set_text(json, "operator", *facts->network ? facts->network : NULL);
    json_set_text(json, "state", *facts->state ? facts->state : NULL);
    return json;
}
