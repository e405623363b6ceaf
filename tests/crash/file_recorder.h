/* Watches the system calls of the code under test (linked with --wrap, see CMakeLists.txt): what it
 * does below one folder is done for real and noted on a Disk, whose paths begin at that folder. */
#pragma once

#include "disk.h"

/* NULL, NULL: nothing is noted any more. */
void file_recorder_watch(Disk *disk, const char *root);
/* Makes `folder` hold what is on the disk, and nothing else. Not noted. */
void file_recorder_lay_out(const Disk *disk, const char *folder);
