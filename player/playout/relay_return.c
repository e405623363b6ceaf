/* One timer, and one trial at a time. */
#include "playout/relay_return.h"

#include "playout/relay_trial.h"

struct RelayReturn {
    RelayReturnSettings settings;
    char *program;
    unsigned wait_ms; /* until the next round */
    unsigned heard;   /* the source that is heard */
    unsigned tried;   /* the one on trial */
    int64_t since_us; /* when the first source was heard first, without a break; 0 = it is not */
    guint timer;
    RelayTrial *trial;
    uint64_t bytes; /* of trials that are over */
};

static void try_next(RelayReturn *self);

static void end_trial(RelayReturn *self)
{
    self->bytes += relay_trial_bytes(self->trial);
    g_clear_pointer(&self->trial, relay_trial_free);
}

static void end_round(RelayReturn *self)
{
    if (self->timer)
        g_source_remove(self->timer);
    self->timer = 0;
    end_trial(self);
}

static void wait_longer(RelayReturn *self)
{
    unsigned most = MAX(RELAY_RETURN_MOST_MS, self->settings.limits.return_ms);
    self->wait_ms = MIN(self->wait_ms * 2, most);
}

static void on_trial(bool good, void *user)
{
    RelayReturn *self = user;
    end_trial(self);
    if (good) {
        wait_longer(self);
        self->settings.back(self->tried, self->settings.user);
        return;
    }
    self->tried++;
    try_next(self);
}

static void try_next(RelayReturn *self)
{
    if (self->tried >= self->heard) { /* all in vain */
        wait_longer(self);
        return;
    }
    RelayTrialSettings settings = {
        .program = self->program,
        .source = {self->settings.urls->pdata[self->tried],
                   self->settings.names->pdata[self->tried]},
        .limits = self->settings.limits,
    };
    self->trial = relay_trial_new(&settings, on_trial, self);
}

static gboolean begin_round(gpointer data)
{
    RelayReturn *self = data;
    self->timer = 0;
    self->tried = 0;
    try_next(self);
    return G_SOURCE_REMOVE;
}

RelayReturn *relay_return_new(const RelayReturnSettings *settings)
{
    RelayReturn *self = g_new0(RelayReturn, 1);
    self->settings = *settings;
    self->program = g_strdup(settings->program);
    self->wait_ms = settings->limits.return_ms;
    return self;
}

void relay_return_free(RelayReturn *self)
{
    if (!self)
        return;
    end_round(self);
    g_free(self->program);
    g_free(self);
}

static void note_first(RelayReturn *self)
{
    int64_t now_us = g_get_monotonic_time();
    if (!self->since_us)
        self->since_us = now_us;
    if (now_us - self->since_us > RELAY_RETURN_MOST_MS * INT64_C(1000))
        self->wait_ms = self->settings.limits.return_ms;
}

void relay_return_heard(RelayReturn *self, unsigned source)
{
    self->heard = source;
    if (source == 0) {
        note_first(self);
        return;
    }
    self->since_us = 0;
    if (!self->timer && !self->trial)
        self->timer = g_timeout_add(self->wait_ms, begin_round, self);
}

void relay_return_left(RelayReturn *self)
{
    self->since_us = 0;
    end_round(self);
}

uint64_t relay_return_bytes(const RelayReturn *self)
{
    return self->bytes + relay_trial_bytes(self->trial);
}

unsigned relay_return_wait_ms(const RelayReturn *self)
{
    return self->wait_ms;
}
