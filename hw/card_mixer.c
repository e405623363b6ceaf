/* The card's own volume through ALSA's simple mixer elements.
 *
 * Opened for each look and closed again: a card may be pulled at any time, and a handle that
 * outlives it would answer with yesterday's values. Setting always ends with reading back what the
 * hardware now holds; that, not the wish, is the evidence. Asked for a gain between two steps, the
 * quieter one is taken. Cards without a dB scale are treated as linear in amplitude. */
#include "card_mixer.h"

#include "card.h"
#include "card_alsa_error.h"

#include <alsa/asoundlib.h>
#include <math.h>

static bool open_mixer(const char *device, snd_mixer_t **ret_mixer, GError **error)
{
    snd_mixer_t *mixer = NULL;
    card_alsa_hush();
    int err = snd_mixer_open(&mixer, 0);
    if (err >= 0)
        err = snd_mixer_attach(mixer, device);
    if (err >= 0)
        err = snd_mixer_selem_register(mixer, NULL, NULL);
    if (err >= 0)
        err = snd_mixer_load(mixer);
    if (err >= 0) {
        *ret_mixer = mixer;
        return true;
    }
    if (mixer)
        snd_mixer_close(mixer);
    g_set_error(error, CARD_ERROR, CARD_ERROR_GONE, "cannot open the mixer %s: %s", device,
                snd_strerror(err));
    return false;
}

static snd_mixer_elem_t *find_element(snd_mixer_t *mixer, const char *name)
{
    for (snd_mixer_elem_t *e = snd_mixer_first_elem(mixer); e; e = snd_mixer_elem_next(e)) {
        if (!snd_mixer_selem_is_active(e) || !snd_mixer_selem_has_playback_volume(e))
            continue;
        if (!name || g_str_equal(snd_mixer_selem_get_name(e), name))
            return e;
    }
    return NULL;
}

static int set_gain(snd_mixer_elem_t *element, double db)
{
    long min, max;
    if (snd_mixer_selem_get_playback_dB_range(element, &min, &max) >= 0 && min < max) {
        long wanted = CLAMP((long)floor(MAX(db, -1000) * 100 + 0.5), min, max);
        return snd_mixer_selem_set_playback_dB_all(element, wanted, -1);
    }
    int err = snd_mixer_selem_get_playback_volume_range(element, &min, &max);
    if (err < 0)
        return err;
    double share = CLAMP(pow(10, db / 20), 0, 1);
    return snd_mixer_selem_set_playback_volume_all(
        element, min + (long)floor(share * (double)(max - min) + 1e-6));
}

/* Linear share of the range, for cards that know no dB. */
static int read_share(snd_mixer_elem_t *element, double *ret_db)
{
    long min, max, value;
    int err = snd_mixer_selem_get_playback_volume_range(element, &min, &max);
    if (err >= 0)
        err = snd_mixer_selem_get_playback_volume(element, SND_MIXER_SCHN_FRONT_LEFT, &value);
    if (err < 0)
        return err;
    *ret_db = max > min ? 20 * log10((double)(value - min) / (double)(max - min)) : 0;
    return 0;
}

static int read_back(snd_mixer_elem_t *element, CardMixerState *ret_state)
{
    CardMixerState state = {.present = true};
    long min, max;
    long hundredths = 0;
    int on = 1;
    int err;
    if (snd_mixer_selem_get_playback_dB_range(element, &min, &max) >= 0 && min < max) {
        err = snd_mixer_selem_get_playback_dB(element, SND_MIXER_SCHN_FRONT_LEFT, &hundredths);
        state.db = hundredths <= SND_CTL_TLV_DB_GAIN_MUTE ? -INFINITY : (double)hundredths / 100;
    } else {
        err = read_share(element, &state.db);
    }
    if (err >= 0 && snd_mixer_selem_has_playback_switch(element))
        err = snd_mixer_selem_get_playback_switch(element, SND_MIXER_SCHN_FRONT_LEFT, &on);
    if (err < 0)
        return err;
    state.muted = !on || isinf(state.db);
    *ret_state = state;
    return 0;
}

/* A card without a switch is muted by its lowest volume. */
static int set_element(snd_mixer_elem_t *element, double db, bool muted)
{
    bool has_switch = snd_mixer_selem_has_playback_switch(element);
    int err = set_gain(element, muted && !has_switch ? -INFINITY : db);
    if (err >= 0 && has_switch)
        err = snd_mixer_selem_set_playback_switch_all(element, !muted);
    return err;
}

bool card_mixer_set(const char *device, const char *element, double db, bool muted,
                    CardMixerState *ret_read_back, GError **error)
{
    snd_mixer_t *mixer;
    if (!open_mixer(device, &mixer, error))
        return false;
    CardMixerState state = {0};
    snd_mixer_elem_t *found = find_element(mixer, element);
    int err = found ? set_element(found, db, muted) : 0;
    if (found && err >= 0)
        err = read_back(found, &state);
    snd_mixer_close(mixer);
    if (err < 0)
        return card_alsa_fail(error, err, "cannot set the card's mixer");
    *ret_read_back = state;
    return true;
}

bool card_mixer_read(const char *device, const char *element, CardMixerState *ret_state,
                     GError **error)
{
    snd_mixer_t *mixer;
    if (!open_mixer(device, &mixer, error))
        return false;
    CardMixerState state = {0};
    snd_mixer_elem_t *found = find_element(mixer, element);
    int err = found ? read_back(found, &state) : 0;
    snd_mixer_close(mixer);
    if (err < 0)
        return card_alsa_fail(error, err, "cannot read the card's mixer");
    *ret_state = state;
    return true;
}
