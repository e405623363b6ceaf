/* One table of what ALSA's codes mean for a station. Everything that is not an underrun or a
 * question of format means that the device cannot be used now: close it and try again later. */
#include "card_alsa_error.h"

#include "card.h"

#include <alsa/asoundlib.h>

static CardError meaning(int code)
{
    switch (code) {
    case -EPIPE:    /* underrun */
    case -ESTRPIPE: /* suspended; prepare starts over, as after an underrun */
        return CARD_ERROR_XRUN;
    case -EINVAL: return CARD_ERROR_SETUP;
    default: return CARD_ERROR_GONE; /* ENODEV, EBADFD, EIO, EBUSY, ENOENT, EACCES, ... */
    }
}

bool card_alsa_fail(GError **error, int code, const char *what)
{
    g_set_error(error, CARD_ERROR, meaning(code), "%s: %s", what, snd_strerror(code));
    return false;
}

G_GNUC_PRINTF(5, 6)
static void say_nothing(const char *file, int line, const char *function, int err,
                        const char *format, ...)
{
    (void)file;
    (void)line;
    (void)function;
    (void)err;
    (void)format;
}

void card_alsa_hush(void)
{
    snd_lib_error_set_handler(say_nothing);
}
