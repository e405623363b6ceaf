/* loa status [--controller URL] --token-file FILE
 *
 * One screen of a running controller over its API, in Vietnamese or English as LANG says. The token
 * is made in the panel; a file that others may read is refused. Exit code 1 when somebody is
 * needed: a station in trouble, no backup within 26 hours, or a controller that does not answer. */
#pragma once

int status_main(int argc, char **argv);
