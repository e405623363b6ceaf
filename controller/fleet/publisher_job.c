/* Signing a batch. The thread owns the job until it has landed. A publisher that ends while jobs
 * are out waits for them, for the signer ends with it. */
#include "fleet/publisher_job.h"

#include <gio/gio.h>

void publisher_item_free(PublisherItem *item)
{
    if (!item)
        return;
    g_free(item->station);
    g_free(item->keyid);
    publisher_sheet_unref(item->sheet);
    g_free(item->fingerprint);
    g_free(item->new_fingerprint);
    publisher_paper_clear(&item->paper);
    g_free(item);
}

PublisherJob *publisher_job_new(const Signer *signer, int64_t epoch, int64_t issued_us)
{
    PublisherJob *job = g_new0(PublisherJob, 1);
    job->signer = signer;
    job->epoch = epoch;
    job->issued_us = issued_us;
    job->items = g_ptr_array_new_with_free_func((GDestroyNotify)publisher_item_free);
    return job;
}

void publisher_job_free(PublisherJob *job)
{
    if (!job)
        return;
    g_ptr_array_unref(job->items);
    g_clear_error(&job->error);
    g_free(job);
}

static void answer(PublisherJob *job, PublisherItem *item)
{
    PublisherCopy copy = {.station = item->station,
                          .keyid = item->keyid,
                          .volume_mdb = item->volume_mdb,
                          .standing = item->standing,
                          .data_day_bytes = item->data_day_bytes,
                          .data_month_bytes = item->data_month_bytes,
                          .epoch = job->epoch,
                          .version = item->epoch == job->epoch ? item->version + 1 : 1,
                          .issued_us = job->issued_us};
    item->new_fingerprint = publisher_copy_fingerprint(item->sheet, &copy);
    if (item->epoch == job->epoch && g_strcmp0(item->fingerprint, item->new_fingerprint) == 0)
        return;
    item->is_new = true;
    item->new_version = copy.version;
    if (!publisher_copy_sign(item->sheet, &copy, job->signer, &item->paper, &job->error))
        item->is_new = false;
}

void publisher_job_run(PublisherJob *job)
{
    for (unsigned i = 0; i < job->items->len && !job->error; i++) {
        PublisherItem *item = g_ptr_array_index(job->items, i);
        if (item->sheet)
            answer(job, item);
    }
}

struct PublisherFlight {
    GMutex lock;
    GCond over;
    bool done;
    PublisherJob *job;
    PublisherLanded landed; /* NULL once abandoned */
    void *user;
};

static void flight_free(PublisherFlight *self)
{
    publisher_job_free(self->job);
    g_mutex_clear(&self->lock);
    g_cond_clear(&self->over);
    g_free(self);
}

static void run_in_thread(GTask *task, void *source, void *data, GCancellable *cancellable)
{
    (void)source;
    (void)cancellable;
    PublisherFlight *self = data;
    publisher_job_run(self->job);
    g_task_return_boolean(task, TRUE);
    g_mutex_lock(&self->lock);
    self->done = true;
    g_cond_signal(&self->over);
    g_mutex_unlock(&self->lock);
}

/* The task's answer may be here before the thread has left run_in_thread(). */
static void wait_until_over(PublisherFlight *self)
{
    g_mutex_lock(&self->lock);
    while (!self->done)
        g_cond_wait(&self->over, &self->lock);
    g_mutex_unlock(&self->lock);
}

void publisher_flight_finish(PublisherFlight *self)
{
    PublisherLanded landed = self->landed;
    wait_until_over(self);
    self->landed = NULL;
    if (landed)
        landed(self, g_steal_pointer(&self->job), self->user);
}

static void on_landed(GObject *source, GAsyncResult *result, void *user)
{
    (void)source;
    (void)result;
    publisher_flight_finish(user);
    flight_free(user);
}

PublisherFlight *publisher_flight_start(PublisherJob *take_job, PublisherLanded landed, void *user)
{
    PublisherFlight *self = g_new0(PublisherFlight, 1);
    g_mutex_init(&self->lock);
    g_cond_init(&self->over);
    self->job = take_job;
    self->landed = landed;
    self->user = user;
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_landed, self);
    g_task_set_task_data(task, self, NULL);
    g_task_set_priority(task, G_PRIORITY_DEFAULT_IDLE);
    g_task_run_in_thread(task, run_in_thread);
    return self;
}

void publisher_flight_abandon(PublisherFlight *self)
{
    wait_until_over(self);
    self->landed = NULL;
}
