/* A line is closed by LF, CR or CRLF, an event by an empty line. What is cut off at the end of a
 * stream is no event. Ids and retry times are passed over: a reconnect fetches the plan anyway. */
#include "link/sse.h"

#include <string.h>

struct Sse {
    SseFunc on_event;
    void *user;
    GString *line;
    GString *data;
    char *type;
    bool has_data;
    bool after_cr;
};

Sse *sse_new(SseFunc on_event, void *user)
{
    Sse *self = g_new0(Sse, 1);
    self->on_event = on_event;
    self->user = user;
    self->line = g_string_new(NULL);
    self->data = g_string_new(NULL);
    return self;
}

void sse_free(Sse *self)
{
    if (!self)
        return;
    g_string_free(self->line, TRUE);
    g_string_free(self->data, TRUE);
    g_free(self->type);
    g_free(self);
}

static void dispatch(Sse *self)
{
    g_autofree char *type = g_steal_pointer(&self->type);
    bool told = self->has_data;
    g_autofree char *data = g_strdup(self->data->str);
    g_string_truncate(self->data, 0);
    self->has_data = false;
    if (told)
        self->on_event(type && *type ? type : "message", data, self->user);
}

static bool add_data(Sse *self, const char *value)
{
    if (self->data->len + strlen(value) + 1 > SSE_MAX_DATA)
        return false;
    if (self->has_data)
        g_string_append_c(self->data, '\n');
    g_string_append(self->data, value);
    self->has_data = true;
    return true;
}

static bool take_line(Sse *self)
{
    char *line = self->line->str;
    if (!*line) {
        dispatch(self);
        return true;
    }
    if (*line == ':')
        return true;
    char *colon = strchr(line, ':');
    const char *value = "";
    if (colon) {
        *colon = '\0';
        value = colon[1] == ' ' ? colon + 2 : colon + 1;
    }
    if (g_str_equal(line, "data"))
        return add_data(self, value);
    if (g_str_equal(line, "event")) {
        g_free(self->type);
        self->type = g_strdup(value);
    }
    return true;
}

static bool end_line(Sse *self)
{
    bool good = take_line(self);
    g_string_truncate(self->line, 0);
    return good;
}

static bool feed_char(Sse *self, char c)
{
    bool pair = self->after_cr && c == '\n';
    self->after_cr = c == '\r';
    if (pair)
        return true;
    if (c == '\n' || c == '\r')
        return end_line(self);
    if (self->line->len >= SSE_MAX_LINE)
        return false;
    g_string_append_c(self->line, c ? c : ' ');
    return true;
}

bool sse_feed(Sse *self, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!feed_char(self, bytes[i]))
            return false;
    return true;
}
