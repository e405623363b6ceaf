/* The built panel: files of one folder, precompressed where the build left a .br or .gz beside. */
#pragma once

#include "http/request.h"

/* NULL when the folder has no such file. Never leaves the folder. */
Reply *static_files_reply(const char *folder, const Request *request);
