/* What a person calls the thing in front of them: "Chrome · Android". */
#pragma once

#include <glib.h>

/* From a User-Agent; NULL where it says nothing that people know. Free with g_free(). */
char *device_text(const char *user_agent);
