/* loa root rotate: new keys for a controller, vouched for by the old ones. */
#pragma once

int root_rotate_main(int argc, char **argv);
