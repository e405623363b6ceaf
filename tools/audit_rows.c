/* The rows of an exported ledger: read a line at a time, and named with file and line where they
 * are wrong, so that one damaged line does not hide the next. */
#include "audit_rows.h"

#include <string.h>

#include "base/atomic_file.h"

#define MAX_FILE (1024u * 1024 * 1024)

void audit_rows_fault(Audit *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    self->report->bad++;
    g_ptr_array_add(self->report->faults,
                    g_strdup_printf("%s:%u: %s", self->file, self->line, what));
}

void audit_rows_note(Audit *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(self->report->notes, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

bool audit_rows_has(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

bool audit_rows_each(Audit *self, const char *directory, const char *name,
                     void (*row)(Audit *self, const Json *object), GError **error)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autoptr(GBytes) content = atomic_file_read(path, MAX_FILE, error);
    if (content == NULL)
        return false;
    size_t length = 0;
    const char *at = g_bytes_get_data(content, &length);
    const char *end = at ? at + length : at;
    self->file = name;
    self->line = 0;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((stop ? stop : end) - at);
        self->line++;
        if (size > 0) {
            g_autoptr(GError) why = NULL;
            g_autoptr(Json) object = json_parse(at, size, &why);
            if (object)
                row(self, object);
            else
                audit_rows_fault(self, "not JSON: %s", why->message);
        }
        at += size + 1;
    }
    return true;
}

Envelope *audit_rows_envelope(Audit *self, const Json *object)
{
    g_autoptr(GError) error = NULL;
    Envelope *envelope = envelope_from_json(json_peek(object, "envelope"), &error);
    if (envelope == NULL)
        audit_rows_fault(self, "%s", error->message);
    return envelope;
}

bool audit_rows_pruned(Audit *self, const Json *object)
{
    bool pruned = json_peek_bool(object, "pruned", false);
    self->report->pruned += pruned;
    return pruned;
}
