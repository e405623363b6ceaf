/* A second file that includes the sound card's library. */
#include <alsa/asoundlib.h>
