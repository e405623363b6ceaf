/* loa restore BACKUP NEW_DATA_DIR --identity FILE
 * loa restore --check BACKUP --identity FILE
 *
 * Unpacks a backup beside NEW_DATA_DIR, judges all of it, makes it the one that goes on (a higher
 * epoch, see docs/protocol.md), and only then gives it its name. --check judges and keeps nothing.
 */
#pragma once

int restore_main(int argc, char **argv);
