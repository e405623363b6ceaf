/* loa doctor [--config FILE]
 *
 * Looks over a controller's machine: one line for each thing looked at (ok, warn, fail), and below
 * a warn or fail what to do, in Vietnamese or English as LANG says. Exit code 0 when nothing
 * failed. */
#pragma once

int doctor_main(int argc, char **argv);
