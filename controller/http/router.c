/* Finds the route of a path by comparing its pieces. The table has some eighty entries and a
 * request goes through it once, a few microseconds, so it stays a list. A piece in braces matches
 * anything that is not empty; a plain route before one with a place wins by standing first. */
#include "http/router.h"

#include <string.h>

typedef struct Entry {
    const Route *route;
    char **pieces;
    unsigned n_pieces;
} Entry;

struct Router {
    const Route *routes;
    size_t n_routes;
    void *app;
    Entry *entries;
};

Router *router_new(const Route *routes, size_t n_routes, void *app)
{
    Router *self = g_new0(Router, 1);
    self->routes = routes;
    self->n_routes = n_routes;
    self->app = app;
    self->entries = g_new0(Entry, n_routes);
    for (size_t i = 0; i < n_routes; i++) {
        Entry *entry = &self->entries[i];
        entry->route = &routes[i];
        entry->pieces = g_strsplit(routes[i].path, "/", -1);
        entry->n_pieces = g_strv_length(entry->pieces);
    }
    return self;
}

void router_free(Router *self)
{
    if (!self)
        return;
    for (size_t i = 0; i < self->n_routes; i++)
        g_strfreev(self->entries[i].pieces);
    g_free(self->entries);
    g_free(self);
}

static bool fits(const Entry *entry, char **pieces, unsigned n_pieces)
{
    if (entry->n_pieces != n_pieces)
        return false;
    for (unsigned i = 0; i < n_pieces; i++) {
        bool is_place = entry->pieces[i][0] == '{';
        if (is_place ? !*pieces[i] : strcmp(entry->pieces[i], pieces[i]) != 0)
            return false;
    }
    return true;
}

/* NULL when a piece cannot be decoded: then the path is nothing of ours. */
static GHashTable *fill_places(const Entry *entry, char **pieces)
{
    g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (unsigned i = 0; i < entry->n_pieces; i++) {
        const char *name = entry->pieces[i];
        if (name[0] != '{')
            continue;
        g_autofree char *value = g_uri_unescape_string(pieces[i], "/");
        if (!value || !g_utf8_validate(value, -1, NULL))
            return NULL;
        g_hash_table_insert(places, g_strndup(name + 1, strlen(name) - 2), g_steal_pointer(&value));
    }
    return g_steal_pointer(&places);
}

static void add_allowed(GString *allowed, const char *method)
{
    if (strstr(allowed->str, method))
        return;
    g_string_append_printf(allowed, "%s%s", allowed->len ? ", " : "", method);
    if (strcmp(method, "GET") == 0)
        add_allowed(allowed, "HEAD");
}

static const Entry *find_entry(const Router *self, Listener listener, const char *method,
                               char **pieces, unsigned n_pieces, GString *allowed)
{
    for (size_t i = 0; i < self->n_routes; i++) {
        const Entry *entry = &self->entries[i];
        if (!(entry->route->listeners & listener) || !fits(entry, pieces, n_pieces))
            continue;
        if (strcmp(entry->route->method, method) == 0)
            return entry;
        add_allowed(allowed, entry->route->method);
    }
    return NULL;
}

const Route *router_find(const Router *self, Listener listener, const char *method,
                         const char *path, GHashTable **ret_places, char **ret_allowed)
{
    g_auto(GStrv) pieces = g_strsplit(path, "/", -1);
    unsigned n_pieces = g_strv_length(pieces);
    g_autoptr(GString) allowed = g_string_new(NULL);
    const Entry *entry = find_entry(self, listener, method, pieces, n_pieces, allowed);
    if (!entry && strcmp(method, "HEAD") == 0)
        entry = find_entry(self, listener, "GET", pieces, n_pieces, allowed);
    if (entry) {
        g_autoptr(GHashTable) places = fill_places(entry, pieces);
        if (!places)
            return NULL;
        *ret_places = g_steal_pointer(&places);
        return entry->route;
    }
    if (allowed->len)
        *ret_allowed = g_string_free(g_steal_pointer(&allowed), FALSE);
    return NULL;
}

void *router_room(const Router *self, const Route *route)
{
    return *(void **)((char *)self->app + route->room);
}
