/* Jobs wait in a queue of the loop; at most two are with the threads. A thread sees only its job
 * and hands it back through an idle source of the loop, so nothing here needs a lock. */
#include "access/passwords.h"

#include "crypto.h"

typedef struct Job {
    Passwords *passwords;
    char *hash; /* to be verified against, or the answer */
    char *password;
    bool good;
    void (*on_verified)(bool good, void *user);
    void (*on_hashed)(char *hash, void *user);
    void *user;
} Job;

struct Passwords {
    GThreadPool *threads;
    GQueue waiting; /* Job */
    GQueue working;
    GAsyncQueue *finished;
    unsigned idle_id; /* touched by the loop only */
    GMainContext *context;
    char *dummy; /* the hash of no password, for names that do not exist */
};

static void wipe_text(char *text)
{
    if (!text)
        return;
    for (volatile char *at = text; *at; at++)
        *at = 0;
    g_free(text);
}

static void compute(Job *job)
{
    if (job->on_hashed)
        job->hash = crypto_password_hash(job->password);
    else
        job->good = crypto_password_verify(job->hash, job->password);
}

static gboolean collect(void *user);

static void run_job(void *data, void *user)
{
    (void)user;
    Job *job = data;
    Passwords *self = job->passwords;
    compute(job);
    g_async_queue_push(self->finished, job);
    g_autoptr(GSource) idle = g_idle_source_new();
    g_source_set_priority(idle, G_PRIORITY_DEFAULT);
    g_source_set_callback(idle, collect, g_async_queue_ref(self->finished),
                          (GDestroyNotify)g_async_queue_unref);
    g_source_attach(idle, self->context);
}

static void feed_threads(Passwords *self)
{
    while (self->working.length < PASSWORDS_PARALLEL && self->waiting.length) {
        Job *job = g_queue_pop_head(&self->waiting);
        g_queue_push_tail(&self->working, job);
        g_thread_pool_push(self->threads, job, NULL);
    }
}

static void answer(Job *job)
{
    if (job->on_hashed)
        job->on_hashed(g_steal_pointer(&job->hash), job->user);
    else
        job->on_verified(job->good, job->user);
    wipe_text(job->password);
    g_free(job->hash);
    g_free(job);
}

static gboolean collect(void *user)
{
    Job *job = g_async_queue_try_pop(user);
    if (!job)
        return G_SOURCE_REMOVE; /* answered by passwords_free() meanwhile */
    Passwords *self = job->passwords;
    g_queue_remove(&self->working, job);
    feed_threads(self);
    answer(job);
    return G_SOURCE_REMOVE;
}

Passwords *passwords_new(void)
{
    Passwords *self = g_new0(Passwords, 1);
    self->threads = g_thread_pool_new(run_job, NULL, PASSWORDS_PARALLEL, FALSE, NULL);
    self->finished = g_async_queue_new();
    self->context = g_main_context_ref_thread_default();
    g_queue_init(&self->waiting);
    g_queue_init(&self->working);
    g_autofree char *nothing = crypto_random_hex(16);
    self->dummy = crypto_password_hash(nothing);
    return self;
}

void passwords_free(Passwords *self)
{
    Job *job;
    if (!self)
        return;
    g_thread_pool_free(self->threads, FALSE, TRUE); /* at most two jobs, a tenth of a second each */
    while ((job = g_async_queue_try_pop(self->finished)))
        answer(job);
    while ((job = g_queue_pop_head(&self->waiting)))
        answer(job);
    g_queue_clear(&self->working);
    g_async_queue_unref(self->finished);
    g_main_context_unref(self->context);
    g_free(self->dummy);
    g_free(self);
}

static bool add_job(Passwords *self, Job job)
{
    if (self->waiting.length >= PASSWORDS_WAITING) {
        wipe_text(job.password);
        g_free(job.hash);
        return false;
    }
    job.passwords = self;
    g_queue_push_tail(&self->waiting, g_memdup2(&job, sizeof(job)));
    feed_threads(self);
    return true;
}

bool passwords_verify(Passwords *self, const char *hash, const char *password,
                      void (*done)(bool good, void *user), void *user)
{
    return add_job(self, (Job){.hash = g_strdup(hash ? hash : self->dummy),
                               .password = g_strdup(password),
                               .on_verified = done,
                               .user = user});
}

bool passwords_hash(Passwords *self, const char *password, void (*done)(char *hash, void *user),
                    void *user)
{
    return add_job(self, (Job){.password = g_strdup(password), .on_hashed = done, .user = user});
}
