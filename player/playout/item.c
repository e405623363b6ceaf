/* What comes first: samples held in memory, then a decoder that goes on behind them; or a decoder
 * at once, so that prepare() can say what is wrong with the file; or, for an item that joins
 * another, a decoder when the other's has done its work, because two at a time would double the
 * peak of memory and the ring is two seconds long. */
#include "playout/item.h"

#include "playout/decoder.h"
#include "playout/relay.h"
#include "playout/tone.h"

struct Item {
    AudioId id, after;
    char *path, *program;
    int64_t skip_frames, expect_frames;
    double gain_db;
    Ring *ring;
    Decoder *decoder; /* of a file, or */
    Relay *relay;     /* of a stream */
    Voice *voice;
    MixerRecord mixer;
    const char *media_fault;
    guint idle;
    bool asked, decoded;
    void (*on_decoded)(Item *item, void *user);
    void *user;
};

static void on_decoder_done(const char *fault, void *user)
{
    Item *self = user;
    self->media_fault = fault;
    self->decoded = true;
    self->on_decoded(self, self->user);
}

static bool start_decoder(Item *self, GError **error)
{
    DecoderSettings settings = {
        .program = self->program,
        .path = self->path,
        .ring = self->ring,
        .skip_frames = self->skip_frames,
        .expect_frames = self->expect_frames,
    };
    self->asked = true;
    self->decoder = decoder_new(&settings, on_decoder_done, self, error);
    return self->decoder != NULL;
}

void item_decode(Item *self)
{
    if (self->asked || start_decoder(self, NULL))
        return;
    ring_give_up(self->ring);
    on_decoder_done("no-decoder", self);
}

static gboolean decode_now(gpointer data)
{
    Item *self = data;
    self->idle = 0;
    item_decode(self);
    return G_SOURCE_REMOVE;
}

/* The owner may arm it first: starting a child takes milliseconds that an alert should not wait. */
static bool begin(Item *self, const ItemSettings *settings, GError **error)
{
    const AudioSource *sources = settings->audio->sources;
    if (sources) {
        RelaySettings relay = {.program = self->program,
                               .sources = sources,
                               .ring = self->ring,
                               .limits = settings->relay,
                               .may_leave = settings->audio->may_leave};
        self->asked = self->decoded = true; /* nobody has to wait for its decoder */
        self->relay = sources->url ? relay_new(&relay) : NULL;
        return true;
    }
    if (settings->audio->tone) {
        tone_pour(self->ring);
        self->asked = self->decoded = true;
        return true;
    }
    if (settings->quarantined) {
        self->asked = self->decoded = true;
        self->media_fault = "quarantined";
        ring_give_up(self->ring);
        return true;
    }
    bool poured = self->skip_frames == 0 && held_pour(settings->held, self->path, self->ring);
    if (poured && ring_finished(self->ring))
        self->asked = self->decoded = true;
    else if (poured)
        self->idle = g_idle_add_full(G_PRIORITY_DEFAULT, decode_now, self, NULL);
    else if (!settings->decode_later)
        return start_decoder(self, error);
    return true;
}

static Voice *make_voice(const Item *self, const ItemSettings *settings)
{
    const AudioItem *audio = settings->audio;
    VoiceSettings voice = {
        .ring = self->ring,
        .id = self->id,
        .after = self->after,
        .start_us = audio->start_us,
        .skip_frames = audio->skip_frames,
        .expect_frames = audio->expect_frames,
        .gain_db = self->gain_db + settings->software_db,
        .fade_in_ms = audio->fade_in_ms,
        .live = audio->sources != NULL,
        .now_us = settings->now_us,
    };
    return voice_new(&voice);
}

Item *item_new(const ItemSettings *settings, GError **error)
{
    g_autoptr(Item) self = g_new0(Item, 1);
    self->id = settings->id;
    self->after = settings->after;
    self->path = g_strdup(settings->audio->path);
    self->program = g_strdup(settings->program);
    self->skip_frames = settings->audio->skip_frames;
    self->expect_frames = settings->audio->expect_frames;
    self->gain_db = MIN(settings->audio->gain_db, 0);
    self->on_decoded = settings->on_decoded;
    self->user = settings->user;
    self->ring = ring_new(error);
    if (!self->ring || !begin(self, settings, error))
        return NULL;
    self->voice = make_voice(self, settings);
    return g_steal_pointer(&self);
}

void item_free(Item *self)
{
    if (!self)
        return;
    if (self->idle)
        g_source_remove(self->idle);
    decoder_free(self->decoder);
    relay_free(self->relay);
    voice_free(self->voice);
    ring_free(self->ring);
    g_free(self->path);
    g_free(self->program);
    g_free(self);
}

AudioId item_id(const Item *self)
{
    return self->id;
}

AudioId item_after(const Item *self)
{
    return self->after;
}

const char *item_path(const Item *self)
{
    return self->path;
}

bool item_broke_decoder(const Item *self)
{
    return g_strcmp0(self->media_fault, DECODER_FAILED) == 0;
}

Voice *item_voice(const Item *self)
{
    return self->voice;
}

MixerRecord *item_mixer(Item *self)
{
    return &self->mixer;
}

bool item_decoded(const Item *self)
{
    return self->decoded;
}

bool item_is_dry(const Item *self)
{
    return voice_is_dry(self->voice) || (self->relay && relay_is_silent(self->relay));
}

void item_set_software_gain(Item *self, double db)
{
    voice_set_gain(self->voice, self->gain_db + db);
}

/* The worst word wins: no sound at all, then the media, then what was odd about the sound. */
static const char *fault_word(const Item *self, const AudioEvidence *evidence)
{
    if (evidence->end == AUDIO_END_MEDIA && self->media_fault)
        return self->media_fault;
    if (evidence->fault)
        return evidence->fault;
    if (evidence->mixer_muted)
        return "muted";
    if (self->relay && relay_fault(self->relay))
        return relay_fault(self->relay);
    return self->mixer.unreadable ? "mixer-unreadable" : NULL;
}

/* Which source each stretch came from: one that went from one source to the next without a gap is
 * told as two. */
static void name_sources(const Item *self, GArray *segments)
{
    for (unsigned i = 0; i < segments->len; i++) {
        AudioSegment *one = &g_array_index(segments, AudioSegment, i);
        int64_t at = one->offset_frames - self->skip_frames, left;
        one->source = relay_source_at(self->relay, at, &left);
        if (left >= one->frames)
            continue;
        AudioSegment rest = *one;
        rest.offset_frames += left;
        rest.frames -= left;
        rest.first_us += left * G_USEC_PER_SEC / 48000;
        one->frames = left;
        one->last_us = rest.first_us - G_USEC_PER_SEC / 48000;
        one->ended = AUDIO_END_MEDIA;
        g_array_insert_val(segments, i + 1, rest);
    }
}

uint64_t item_stream_bytes(const Item *self)
{
    return self->relay ? relay_bytes(self->relay) : 0;
}

void item_evidence(Item *self, AudioEvidence *ret_evidence)
{
    voice_evidence(self->voice, ret_evidence);
    ret_evidence->mixer_present = self->mixer.worst.present;
    ret_evidence->mixer_db = self->mixer.worst.db;
    ret_evidence->mixer_muted = self->mixer.worst.muted;
    ret_evidence->fault = fault_word(self, ret_evidence);
    if (!self->relay)
        return;
    name_sources(self, ret_evidence->segments);
    ret_evidence->source = relay_url(self->relay);
    ret_evidence->switches = relay_switches(self->relay);
    ret_evidence->bytes = relay_bytes(self->relay);
}
