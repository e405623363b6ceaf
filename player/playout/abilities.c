/* A station that claims a format whose plugin its distribution left out would be silent at the
 * hour. So the decoder itself says what it can put together: the same program, the same plugins
 * and the same chains as when it counts. */
#include "playout/abilities.h"

#include "base/log.h"

#include <gio/gio.h>

struct Abilities {
    GCancellable *gone;
    char **formats; /* NULL = none, or not known yet */
    bool known;
    void (*on_known)(void *user);
    void *user;
};

static void on_answer(GObject *object, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    bool read =
        g_subprocess_communicate_utf8_finish(G_SUBPROCESS(object), result, &text, NULL, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* the owner is gone */
    Abilities *self = data;
    self->known = true;
    if (read && text && *text)
        self->formats = g_strsplit(g_strchomp(text), "\n", -1);
    else
        log_warning("the decoder can play no radio stream here%s%s; it says so", error ? ": " : "",
                    error ? error->message : "");
    self->on_known(self->user);
}

Abilities *abilities_new(const char *decoder, void (*on_known)(void *user), void *user)
{
    Abilities *self = g_new0(Abilities, 1);
    g_autoptr(GError) error = NULL;
    self->gone = g_cancellable_new();
    self->on_known = on_known;
    self->user = user;
    g_autoptr(GSubprocess) child =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, decoder, "formats", NULL);
    if (child)
        g_subprocess_communicate_utf8_async(child, NULL, self->gone, on_answer, self);
    else
        log_warning("the decoder cannot be asked what it plays: %s", error->message);
    self->known = !child;
    return self;
}

void abilities_free(Abilities *self)
{
    if (!self)
        return;
    g_cancellable_cancel(self->gone);
    g_object_unref(self->gone);
    g_strfreev(self->formats);
    g_free(self);
}

bool abilities_known(const Abilities *self)
{
    return self->known;
}

bool abilities_has(const Abilities *self, const char *format)
{
    return self->formats && g_strv_contains((const char *const *)self->formats, format);
}
