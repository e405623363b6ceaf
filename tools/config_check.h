/* loa config check: is a configuration file in order? */
#pragma once

/* Words: FILE [--of controller|player]. 0 = in order, 1 = not, 2 = not understood. */
int config_check_main(int argc, char **argv);
