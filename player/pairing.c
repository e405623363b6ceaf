/* The technician stands at the foot of the pole, the display is at its top: so the horn says the
 * code. Once a minute for the first ten minutes after a start, when somebody is probably there, and
 * never again by itself: a forgotten station must not speak to a village for weeks. A button says
 * it once more, or silences it.
 *
 * The clip is made by loa-speak when it is first needed. Where that fails, showing and waiting go
 * on. */
#include "pairing.h"

#include "base/atomic_file.h"
#include "base/log.h"
#include "spoken_code.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS       10
#define PAUSE_MS     60000
#define GAIN_DB      (-6.0) /* for one person below, not for the village */
#define FADE_MS      100
#define SPEAK_MAX_MS 60000 /* a card that never tells of the end must not hold up the pairing */

struct Pairing {
    PairingSettings parts;
    Enrol *enrol;
    Identity *accepted;
    char *clip;
    GSubprocess *maker;
    GCancellable *cancel;
    unsigned rounds; /* left */
    unsigned timer;
    AudioId sounding; /* 0 = silent */
    AudioEvents others;
    void *others_user;
};

static void speak(Pairing *self);

static void set_amplifier(Pairing *self, bool on)
{
    g_autoptr(GError) error = NULL;
    if (!on && self->parts.is_busy(self->parts.user))
        return; /* whose it is switches it off */
    if (!board_set_amplifier(self->parts.board, on, &error))
        log_warning("%s", error->message);
}

static void wait(Pairing *self, unsigned ms, GSourceFunc then)
{
    g_clear_handle_id(&self->timer, g_source_remove);
    self->timer = g_timeout_add(ms, then, self);
}

static void stop_listening(Pairing *self)
{
    self->parts.audio->events = self->others;
    self->parts.audio->events_user = self->others_user;
}

static gboolean hand_over(gpointer user)
{
    Pairing *self = user;
    self->timer = 0;
    set_amplifier(self, false);
    unlink(self->clip);
    stop_listening(self);
    self->parts.on_accepted(g_steal_pointer(&self->accepted), self->parts.user);
    return G_SOURCE_REMOVE;
}

static gboolean on_pause_over(gpointer user)
{
    Pairing *self = user;
    self->timer = 0;
    speak(self);
    return G_SOURCE_REMOVE;
}

static gboolean on_quiet(gpointer user)
{
    Pairing *self = user;
    self->timer = 0;
    set_amplifier(self, false);
    if (self->rounds > 0)
        wait(self, PAUSE_MS, on_pause_over);
    return G_SOURCE_REMOVE;
}

static void on_finished(AudioId id, const AudioEvidence *evidence, void *user)
{
    Pairing *self = user;
    if (id != self->sounding) {
        if (self->others.finished)
            self->others.finished(id, evidence, self->others_user);
        return;
    }
    self->sounding = 0;
    wait(self, self->parts.settings->linger_ms, self->accepted ? hand_over : on_quiet);
}

static void on_started(AudioId id, int64_t first_us, void *user)
{
    Pairing *self = user;
    if (id != self->sounding && self->others.started)
        self->others.started(id, first_us, self->others_user);
}

static void on_progress(AudioId id, int64_t frames, int64_t at_us, void *user)
{
    Pairing *self = user;
    if (id != self->sounding && self->others.progress)
        self->others.progress(id, frames, at_us, self->others_user);
}

static gboolean on_never_ending(gpointer user)
{
    Pairing *self = user;
    self->timer = 0;
    self->parts.audio->ops->stop(self->parts.audio, self->sounding, 0);
    on_finished(self->sounding, NULL, self);
    return G_SOURCE_REMOVE;
}

static void speak(Pairing *self)
{
    Audio *audio = self->parts.audio;
    g_autoptr(GError) error = NULL;
    if (self->sounding || self->accepted || self->rounds == 0)
        return;
    if (self->parts.is_busy(self->parts.user)) {
        wait(self, PAUSE_MS, on_pause_over);
        return;
    }
    self->rounds--;
    set_amplifier(self, true);
    AudioItem item = {
        .path = self->clip,
        .start_us = clock_wall_us(self->parts.clock) + self->parts.settings->settle_ms * 1000,
        .gain_db = GAIN_DB,
    };
    self->sounding = audio->ops->prepare(audio, &item, &error);
    if (!self->sounding) {
        log_warning("the pairing code cannot be spoken: %s; it is shown", error->message);
        wait(self, 0, on_quiet);
        return;
    }
    audio->ops->arm(audio, self->sounding);
    wait(self, SPEAK_MAX_MS, on_never_ending);
}

static void on_clip(GObject *source, GAsyncResult *result, gpointer user)
{
    Pairing *self = user;
    g_autoptr(GError) error = NULL;
    bool made = g_subprocess_wait_check_finish(G_SUBPROCESS(source), result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* self is gone */
    if (made)
        speak(self);
    else
        log_warning("the pairing code cannot be spoken: loa-speak: %s; it is shown",
                    error->message);
}

static void make_clip(Pairing *self, const char *code)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = spoken_code_text(code);
    const char *program = self->parts.settings->speaker;
    if (!program)
        return;
    self->maker =
        g_subprocess_new(G_SUBPROCESS_FLAGS_NONE, &error, program, self->clip, text, NULL);
    if (self->maker)
        g_subprocess_wait_check_async(self->maker, self->cancel, on_clip, self);
    else
        log_warning("the pairing code cannot be spoken: %s; it is shown", error->message);
}

static bool show(Pairing *self, const char *code, GError **error)
{
    const char *data = self->parts.settings->data;
    g_autofree char *text = g_strdup_printf("%.4s-%s\n", code, code + 4);
    g_autofree char *path = g_build_filename(data, "pairing-code", NULL);
    printf("PAIRING CODE %s", text);
    fflush(stdout);
    return atomic_file_write(path, text, strlen(text), 0600, error);
}

static void on_enrolled(Identity *take_identity, void *user)
{
    Pairing *self = user;
    log_notice("accepted as station %s", take_identity->station);
    self->accepted = take_identity;
    if (!self->sounding) {
        wait(self, 0, hand_over);
        return;
    }
    self->parts.audio->ops->stop(self->parts.audio, self->sounding, FADE_MS);
}

Pairing *pairing_new(const PairingSettings *settings, GError **error)
{
    g_autoptr(Pairing) self = g_new0(Pairing, 1);
    char code[KEY_PAIRING_CHARS + 1];
    self->parts = *settings;
    self->rounds = ROUNDS;
    self->cancel = g_cancellable_new();
    self->clip = g_build_filename(settings->settings->data, "pairing-code.opus", NULL);
    key_pairing_code(settings->key->public_key, code);
    if (!show(self, code, error))
        return NULL;
    self->others = settings->audio->events;
    self->others_user = settings->audio->events_user;
    settings->audio->events =
        (AudioEvents){.started = on_started, .progress = on_progress, .finished = on_finished};
    settings->audio->events_user = self;
    make_clip(self, code);
    self->enrol = enrol_new(&(EnrolSettings){
        .connection = settings->connection,
        .key = settings->key,
        .dir = settings->settings->data,
        .model = settings->settings->model,
        .serial = settings->settings->serial,
        .on_enrolled = on_enrolled,
        .user = self,
    });
    enrol_start(self->enrol);
    return g_steal_pointer(&self);
}

void pairing_free(Pairing *self)
{
    if (!self)
        return;
    g_cancellable_cancel(self->cancel);
    g_object_unref(self->cancel);
    if (self->maker)
        g_subprocess_force_exit(self->maker);
    g_clear_object(&self->maker);
    g_clear_handle_id(&self->timer, g_source_remove);
    if (self->sounding)
        self->parts.audio->ops->stop(self->parts.audio, self->sounding, 0);
    stop_listening(self);
    enrol_free(self->enrol);
    identity_free(self->accepted);
    g_free(self->clip);
    g_free(self);
}

void pairing_hush(Pairing *self)
{
    if (self->sounding)
        self->parts.audio->ops->stop(self->parts.audio, self->sounding, FADE_MS);
}

void pairing_button(Pairing *self)
{
    if (self->accepted || !g_file_test(self->clip, G_FILE_TEST_EXISTS))
        return;
    if (self->sounding) {
        self->rounds = 0;
        self->parts.audio->ops->stop(self->parts.audio, self->sounding, FADE_MS);
        return;
    }
    self->rounds = MAX(self->rounds, 1);
    speak(self);
}
