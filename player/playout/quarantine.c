/* In memory only: a restart is a new chance, and the worst it costs is two children more. */
#include "playout/quarantine.h"

#include <glib.h>
#include <glib/gstdio.h>

typedef struct Inmate {
    char *identity;
    int64_t since_us;
} Inmate;

struct Quarantine {
    GQueue inmates; /* oldest first */
};

static char *identity_of(const char *path)
{
    GStatBuf file = {0};
    if (g_stat(path, &file) != 0)
        return NULL;
    return g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT ":%" G_GINT64_FORMAT
                           ":%" G_GINT64_FORMAT ".%09ld",
                           (guint64)file.st_dev, (guint64)file.st_ino, (gint64)file.st_size,
                           (gint64)file.st_mtim.tv_sec, (long)file.st_mtim.tv_nsec);
}

static void inmate_free(gpointer data)
{
    Inmate *inmate = data;
    g_free(inmate->identity);
    g_free(inmate);
}

Quarantine *quarantine_new(void)
{
    return g_new0(Quarantine, 1);
}

void quarantine_free(Quarantine *self)
{
    if (!self)
        return;
    g_queue_clear_full(&self->inmates, inmate_free);
    g_free(self);
}

void quarantine_add(Quarantine *self, const char *path, int64_t now_us)
{
    char *identity = identity_of(path);
    if (!identity)
        return;
    if (self->inmates.length >= QUARANTINE_MAX)
        inmate_free(g_queue_pop_head(&self->inmates));
    Inmate *inmate = g_new(Inmate, 1);
    *inmate = (Inmate){.identity = identity, .since_us = now_us};
    g_queue_push_tail(&self->inmates, inmate);
}

bool quarantine_has(const Quarantine *self, const char *path, int64_t now_us)
{
    g_autofree char *identity = identity_of(path);
    for (const GList *at = self->inmates.head; at && identity; at = at->next) {
        const Inmate *inmate = at->data;
        if (now_us - inmate->since_us < QUARANTINE_US && g_str_equal(inmate->identity, identity))
            return true;
    }
    return false;
}
