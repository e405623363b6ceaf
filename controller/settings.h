/* loa-controller's configuration file (docs/controller.conf explains every key). */
#pragma once

#include "app.h"

/* False: the error names each mistake with file and line, and what would be right. */
bool settings_read(const char *path, AppSettings *ret_settings, GError **error);
