/* loa backup DATA_DIR OUT --recipients FILE [--config FILE] [--prune KEEP]
 *
 * Copies database, keys, sound and configuration of a controller, which may be running, into one
 * encrypted file. OUT is a file, or a directory that gets loa-<UTC time>.tar.age and, with --prune,
 * keeps the newest KEEP of them. */
#pragma once

int backup_main(int argc, char **argv);
