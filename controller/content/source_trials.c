/* A list, newest last, and one worker run for each trial under way. What is heard lies in a file
 * that is removed with its trial. */
#include "content/source_trials.h"

#include "base/atomic_file.h"
#include "content/worker_run.h"
#include "crypto.h"
#include "relay_format.h"

#include <glib/gstdio.h>

#define ID_BYTES 16

const char *const trial_state_words[] = {"working", "heard", "failed", NULL};

typedef struct Trial {
    SourceTrial shown; /* first: a SourceTrial is a Trial */
    WorkerRun *run;    /* NULL when it is over */
    char *input;
} Trial;

struct SourceTrials {
    char *worker, *folder;
    const Clock *clock;
    GPtrArray *trials; /* Trial*, oldest first */
};

static void trial_free(gpointer data)
{
    Trial *trial = data;
    worker_run_free(trial->run);
    (void)g_unlink(trial->input);
    (void)g_unlink(trial->shown.path);
    g_free(trial->input);
    g_free(trial->shown.id);
    g_free(trial->shown.user);
    g_free(trial->shown.url);
    g_free(trial->shown.format);
    g_free(trial->shown.path);
    g_free(trial);
}

static void empty_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        (void)g_unlink(path);
    }
}

SourceTrials *source_trials_new(const char *worker, const char *folder, const Clock *clock,
                                GError **error)
{
    if (!atomic_file_make_folders(folder, 0700, error))
        return NULL;
    empty_folder(folder);
    SourceTrials *self = g_new0(SourceTrials, 1);
    self->worker = g_strdup(worker);
    self->folder = g_strdup(folder);
    self->clock = clock;
    self->trials = g_ptr_array_new_with_free_func(trial_free);
    return self;
}

void source_trials_free(SourceTrials *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->trials);
    g_free(self->worker);
    g_free(self->folder);
    g_free(self);
}

/* What a worker may say; anything else is no word of ours. */
static const char *known_why(const Json *result)
{
    static const char *const words[] = {"unreachable", "not-audio", "silent", "ended"};
    const char *said = result ? json_peek_text(result, "code") : NULL;
    for (unsigned i = 0; said && i < G_N_ELEMENTS(words); i++)
        if (g_str_equal(said, words[i]))
            return words[i];
    return "internal";
}

static gboolean let_go(gpointer run)
{
    worker_run_free(run);
    return G_SOURCE_REMOVE;
}

static void on_done(const Json *result, void *user)
{
    Trial *trial = user;
    SourceTrial *shown = &trial->shown;
    const RelayFormat *format =
        result ? relay_format_named(json_peek_text(result, "format")) : NULL;
    bool heard = format && json_peek_bool(result, "ok", false);
    shown->state = heard ? TRIAL_HEARD : TRIAL_FAILED;
    shown->why = heard ? NULL : known_why(result);
    if (heard) {
        shown->format = g_strdup(format->name);
        shown->seconds = (int)json_peek_int(result, "seconds", 0);
        shown->peak_dbfs = json_peek_real(result, "peak_dbfs", 0);
    }
    g_idle_add(let_go, g_steal_pointer(&trial->run));
}

static bool start(SourceTrials *self, Trial *trial, GError **error)
{
    return g_file_set_contents(trial->input, trial->shown.url, -1, error) &&
           (trial->run = worker_run_start(self->worker, trial->input, trial->shown.path, on_done,
                                          trial, error)) != NULL;
}

/* Makes room by forgetting the oldest that is over, and all that are too old. */
static unsigned tidy(SourceTrials *self)
{
    int64_t oldest_us = clock_wall_us(self->clock) - SOURCE_TRIAL_HOURS * (int64_t)G_TIME_SPAN_HOUR;
    unsigned running = 0;
    for (unsigned i = 0; i < self->trials->len;) {
        Trial *trial = g_ptr_array_index(self->trials, i);
        bool full = self->trials->len >= SOURCE_TRIALS_KEPT;
        running += trial->run != NULL;
        if (!trial->run && (full || trial->shown.made_us < oldest_us))
            g_ptr_array_remove_index(self->trials, i);
        else
            i++;
    }
    return running;
}

const SourceTrial *source_trials_start(SourceTrials *self, const char *user, const char *url,
                                       GError **error)
{
    if (tidy(self) >= SOURCE_TRIALS_AT_ONCE)
        return NULL;
    Trial *trial = g_new0(Trial, 1);
    SourceTrial *shown = &trial->shown;
    shown->id = crypto_random_hex(ID_BYTES);
    shown->user = g_strdup(user);
    shown->url = g_strdup(url);
    shown->made_us = clock_wall_us(self->clock);
    shown->path = g_strdup_printf("%s/%s.opus", self->folder, shown->id);
    trial->input = g_strdup_printf("%s/%s.url", self->folder, shown->id);
    if (!start(self, trial, error)) {
        trial_free(trial);
        return NULL;
    }
    g_ptr_array_add(self->trials, trial);
    return shown;
}

const SourceTrial *source_trials_find(SourceTrials *self, const char *user, const char *id)
{
    for (unsigned i = 0; i < self->trials->len; i++) {
        const SourceTrial *shown = g_ptr_array_index(self->trials, i);
        if (g_str_equal(shown->id, id) && g_str_equal(shown->user, user))
            return shown;
    }
    return NULL;
}
