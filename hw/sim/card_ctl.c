/* The mixer of a simulated card, as an ALSA control plugin:
 *
 *   ctl.station1 { type simcard  state "station-1.state" }
 *
 * One element, "Master": a volume of 0..100 in steps of 0.5 dB (100 = 0 dB, 0 = silent) and a mute
 * switch. It only changes the shared state; the PCM plugin applies the gain to what leaves the
 * converter. Changes are not announced (no poll descriptor): whoever cares reads again. */
#include "card_state.h"

#include <alsa/asoundlib.h>
#include <alsa/control_external.h>

typedef struct SimMixer {
    snd_ctl_ext_t ext;
    CardState *state;
} SimMixer;

enum { VOLUME, SWITCH, ELEMENTS };

static const char *const element_names[ELEMENTS] = {
    [VOLUME] = "Master Playback Volume",
    [SWITCH] = "Master Playback Switch",
};

/* From -50 dB (in 0.01 dB), 0.5 dB a step, the lowest one silent. */
static unsigned volume_scale[] = {SND_CTL_TLVT_DB_SCALE, 2 * sizeof(unsigned), (unsigned)-5000,
                                  50 | 0x10000};

static bool is_unplugged(const snd_ctl_ext_t *ext)
{
    const SimMixer *self = ext->private_data;
    return atomic_load(&self->state->unplugged);
}

static int mixer_elem_count(snd_ctl_ext_t *ext)
{
    return is_unplugged(ext) ? -ENODEV : ELEMENTS;
}

static int mixer_elem_list(snd_ctl_ext_t *ext, unsigned offset, snd_ctl_elem_id_t *id)
{
    if (is_unplugged(ext))
        return -ENODEV;
    if (offset >= ELEMENTS)
        return -EINVAL;
    snd_ctl_elem_id_set_interface(id, SND_CTL_ELEM_IFACE_MIXER);
    snd_ctl_elem_id_set_name(id, element_names[offset]);
    return 0;
}

static snd_ctl_ext_key_t mixer_find_elem(snd_ctl_ext_t *ext, const snd_ctl_elem_id_t *id)
{
    (void)ext;
    unsigned number = snd_ctl_elem_id_get_numid(id);
    if (number > 0 && number <= ELEMENTS)
        return number - 1;
    for (unsigned i = 0; i < ELEMENTS; i++)
        if (!strcmp(snd_ctl_elem_id_get_name(id), element_names[i]))
            return i;
    return SND_CTL_EXT_KEY_NOT_FOUND;
}

static int mixer_get_attribute(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, int *ret_type,
                               unsigned *ret_access, unsigned *ret_count)
{
    (void)ext;
    *ret_type = key == SWITCH ? SND_CTL_ELEM_TYPE_BOOLEAN : SND_CTL_ELEM_TYPE_INTEGER;
    *ret_access = SND_CTL_EXT_ACCESS_READWRITE | (key == VOLUME ? SND_CTL_EXT_ACCESS_TLV_READ : 0);
    *ret_count = 1;
    return 0;
}

static int mixer_get_integer_info(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *ret_min,
                                  long *ret_max, long *ret_step)
{
    (void)ext;
    *ret_min = 0;
    *ret_max = key == SWITCH ? 1 : CARD_STATE_VOLUME_MAX;
    *ret_step = 1;
    return 0;
}

static int mixer_read_integer(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *ret_value)
{
    SimMixer *self = ext->private_data;
    if (is_unplugged(ext))
        return -ENODEV;
    *ret_value =
        key == SWITCH ? !atomic_load(&self->state->mute) : atomic_load(&self->state->volume);
    return 0;
}

static int mixer_write_integer(snd_ctl_ext_t *ext, snd_ctl_ext_key_t key, long *value)
{
    SimMixer *self = ext->private_data;
    if (is_unplugged(ext))
        return -ENODEV;
    if (key == VOLUME && (*value < 0 || *value > CARD_STATE_VOLUME_MAX))
        return -EINVAL;
    int wanted = key == SWITCH ? !*value : (int)*value;
    atomic_int *place = key == SWITCH ? &self->state->mute : &self->state->volume;
    if (atomic_exchange(place, wanted) == wanted)
        return 0;
    atomic_fetch_add(&self->state->generation, 1);
    return 1; /* changed */
}

static int mixer_read_event(snd_ctl_ext_t *ext, snd_ctl_elem_id_t *id, unsigned *event_mask)
{
    (void)ext;
    (void)id;
    (void)event_mask;
    return -EAGAIN;
}

static void mixer_free(SimMixer *self)
{
    card_state_unmap(self->state);
    free(self);
}

static void mixer_close(snd_ctl_ext_t *ext)
{
    mixer_free(ext->private_data);
}

static const snd_ctl_ext_callback_t mixer_callbacks = {
    .close = mixer_close,
    .elem_count = mixer_elem_count,
    .elem_list = mixer_elem_list,
    .find_elem = mixer_find_elem,
    .get_attribute = mixer_get_attribute,
    .get_integer_info = mixer_get_integer_info,
    .read_integer = mixer_read_integer,
    .write_integer = mixer_write_integer,
    .read_event = mixer_read_event,
};

static const char *state_path(snd_config_t *conf)
{
    snd_config_t *node;
    const char *path = NULL;
    if (snd_config_search(conf, "state", &node) < 0 || snd_config_get_string(node, &path) < 0)
        return NULL;
    return path;
}

static int create(SimMixer *self, const char *name, int mode)
{
    self->ext.version = SND_CTL_EXT_VERSION;
    self->ext.poll_fd = -1;
    self->ext.callback = &mixer_callbacks;
    self->ext.private_data = self;
    self->ext.tlv.p = volume_scale;
    snprintf(self->ext.id, sizeof self->ext.id, "simcard");
    snprintf(self->ext.driver, sizeof self->ext.driver, "simcard");
    snprintf(self->ext.name, sizeof self->ext.name, "Simulated card");
    snprintf(self->ext.longname, sizeof self->ext.longname, "Simulated sound card");
    snprintf(self->ext.mixername, sizeof self->ext.mixername, "Simulated mixer");
    if (is_unplugged(&self->ext))
        return -ENODEV;
    return snd_ctl_ext_create(&self->ext, name, mode);
}

SND_CTL_PLUGIN_DEFINE_FUNC(simcard);
SND_CTL_PLUGIN_DEFINE_FUNC(simcard)
{
    (void)root;
    const char *path = state_path(conf);
    if (!path)
        return -EINVAL;
    SimMixer *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    self->state = card_state_map(path, NULL);
    int err = self->state ? create(self, name, mode) : -errno;
    if (err < 0) {
        mixer_free(self);
        return err;
    }
    *handlep = self->ext.handle;
    return 0;
}
SND_CTL_PLUGIN_SYMBOL(simcard);
