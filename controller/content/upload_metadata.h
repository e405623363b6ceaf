/* Upload-Metadata of tus 1.0: "key base64, key base64". */
#pragma once

/* One value, at most `max_chars` characters of what stands behind its last slash, made harmless for
 * messages: valid UTF-8 in NFC without line breaks, quotes and brackets. "" when the header or the
 * key is absent. `header` may be NULL. */
char *upload_metadata_read(const char *header, const char *key, unsigned max_chars);
