/* Ids of airings: the first half of the SHA-256 of a text that names series, RECURRENCE-ID, repeat
 * and station. A province has two million of them, so the text up to the station is printed once
 * for all stations and one digest makes them all. */
#include "wire/airing_id.h"

#include <string.h>

void airing_id_stem(GString *text, const char *series, int64_t recurrence_us, unsigned repeat)
{
    g_string_append_printf(text, "loa airing v1\n%s\n%" G_GINT64_FORMAT "\n%u\n", series,
                           recurrence_us, repeat);
}

void airing_id_make(Digest *digest, const char *stem, size_t stem_length, const char *station,
                    AiringId ret_id)
{
    uint8_t sha256[DIGEST_BYTES];
    digest_update(digest, stem, stem_length);
    digest_update(digest, station, strlen(station));
    digest_update(digest, "\n", 1);
    digest_finish(digest, sha256);
    digest_write_hex(sha256, AIRING_ID_HEX / 2, ret_id);
}
