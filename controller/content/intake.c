/* The queue lives in the database (audio = 'working'), so a controller that dies loses nothing: the
 * upload stays where it is until the transaction that makes the sound part of the version, and the
 * media files that were already stored are simply stored again under the same names. Hashing and
 * syncing happen in a worker thread; the loop only decides. */
#include "content/intake.h"

#include "base/log.h"
#include "content/canonical.h"
#include "content/found.h"
#include "content/peaks.h"
#include "content/peaks_store.h"
#include "content/upload_store.h"
#include "content/worker_run.h"

#include <glib/gstdio.h>

typedef struct Job {
    Intake *intake; /* NULL once the intake is gone */
    Bulletin *version;
    char *typed;          /* a typed text's file while it is read aloud; NULL for uploads */
    char *input, *output; /* output: a temporary file of the media store, ours to remove */
    WorkerRun *run;
    Json *result;
} Job;

struct Intake {
    IntakeParts parts;
    char *worker, *speaker;
    GQueue waiting;  /* char*, ids of versions */
    GPtrArray *jobs; /* Job*, under way */
};

/* What the thread that stores hands back. */
typedef struct {
    char *original, *canonical;
    int64_t bytes;
} Stored;

static const struct {
    const char *code, *vi, *en;
} reasons[] = {
    {"unknown-type",
     "“%s” không dùng được: trong tệp là %s. Loa nhận mp3, m4a, 3gp, amr, wav, flac, ogg, "
     "webm và tiếng của video (mp4, mov, webm, 3gp).",
     "“%s” cannot be used: it holds %s. Loa takes mp3, m4a, 3gp, amr, wav, flac, ogg, "
     "webm and the sound of videos (mp4, mov, webm, 3gp)."},
    {"broken", "“%s” bị hỏng: %s. Hãy ghi âm lại hoặc gửi tệp khác.",
     "“%s” is broken: %s. Record or upload it again."},
    {"too-long", "“%s” dài quá 2 giờ: %s. Hãy cắt ngắn rồi gửi lại.",
     "“%s” is longer than 2 hours: %s. Cut it and upload it again."},
    {"too-large", "“%s” quá lớn: %s; tối đa 256 MB.", "“%s” is too large: %s; at most 256 MB."},
    {"silent", "Không nghe thấy gì trong “%s”: %s. Hãy kiểm tra micrô rồi ghi lại.",
     "There is no sound in “%s”: %s. Check the microphone and record again."},
    {"disk-full", "Máy chủ hết chỗ lưu “%s” (%s). Hãy báo người quản trị rồi gửi lại.",
     "The server has no room for “%s” (%s). Tell the administrator, then upload it again."},
    {"speech", "Không đọc được văn bản của “%s”: %s. Hãy sửa văn bản rồi lưu lại.",
     "The text of “%s” cannot be read aloud: %s. Change the text and save it again."},
    {"internal", "Máy chủ không xử lý được “%s” (%s). Hãy thử lại hoặc báo người quản trị.",
     "The server could not process “%s” (%s). Try again or tell the administrator."},
};

void intake_explain(const Json *result, const char *name, char **ret_vi, char **ret_en)
{
    const char *code = result != NULL ? json_peek_text(result, "code") : "broken";
    const char *found = result != NULL ? json_peek_text(result, "found") : NULL;
    size_t i = 0;
    if (found == NULL)
        found = "a file that cannot be decoded";
    while (i + 1 < G_N_ELEMENTS(reasons) && g_strcmp0(reasons[i].code, code) != 0)
        i++;
    g_autofree char *found_vi = found_in_vietnamese(found);
    g_autofree char *short_name = g_utf8_substring(name, 0, MIN(g_utf8_strlen(name, -1), 80));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    *ret_vi = g_strdup_printf(reasons[i].vi, short_name, found_vi);
    *ret_en = g_strdup_printf(reasons[i].en, short_name, found);
#pragma GCC diagnostic pop
}

static void job_free(Job *job)
{
    worker_run_free(job->run);
    const bool spoken = job->version->text != NULL; /* then the input is a temporary file too */
    char *temporary[] = {job->output, job->typed, spoken ? job->input : NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(temporary); i++)
        if (temporary[i] != NULL)
            (void)g_unlink(temporary[i]);
    bulletin_free(job->version);
    json_drop(job->result);
    g_free(job->typed);
    g_free(job->input);
    g_free(job->output);
    g_free(job);
}

static void start_next(Intake *self);

/* A job is over, one way or the other. */
static void job_over(Job *job)
{
    Intake *self = job->intake;
    g_ptr_array_remove_fast(self->jobs, job);
    panel_events_changed(self->parts.events, "bulletins");
    job_free(job);
    start_next(self);
}

static bool commit_or_roll_back(Database *database, bool fine, GError **error)
{
    if (fine)
        return database_commit(database, error);
    database_rollback(database);
    return false;
}

static void fail(Job *job, const Json *result)
{
    Intake *self = job->intake;
    Database *database = self->parts.database;
    const Bulletin *version = job->version;
    g_autofree char *vi = NULL, *en = NULL;
    g_autoptr(GError) error = NULL;
    intake_explain(result, version->text != NULL ? version->title : version->original_name, &vi,
                   &en);
    if (database_begin(database, &error)) {
        const bool fine = bulletin_store_sound_failed(database, version->version, vi, en,
                                                      clock_wall_us(self->parts.clock), &error) &&
                          upload_store_remove(database, version->upload, &error);
        if (commit_or_roll_back(database, fine, &error) && job->input != NULL)
            (void)g_unlink(job->input);
    }
    if (error != NULL)
        log_warning("bulletin %s: cannot write down why its sound failed: %s; trying again at the "
                    "next start",
                    version->id, error->message);
    else
        log_notice("bulletin %s: %s", version->id, en);
    job_over(job);
}

static void fail_by_error(Job *job, const GError *error)
{
    g_autoptr(Json) result = json_new_object();
    const bool full = g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ||
                      g_error_matches(error, DATABASE_ERROR, DATABASE_ERROR_FULL);
    json_set_text(result, "code", full ? "disk-full" : "internal");
    json_set_text(result, "found", full ? "the disk is full" : "a fault of the server");
    log_warning("bulletin %s: %s", job->version->id, error->message);
    fail(job, result);
}

static void stored_free(gpointer data)
{
    Stored *stored = data;
    g_free(stored->original);
    g_free(stored->canonical);
    g_free(stored);
}

static void store_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source;
    (void)cancellable;
    const Job *job = data;
    MediaStore *media = g_object_get_data(G_OBJECT(task), "media");
    Stored *stored = g_new0(Stored, 1);
    GError *error = NULL;
    if (media_store_take(media, job->output, NULL, &stored->canonical, &stored->bytes, &error) &&
        (job->version->text != NULL || /* the original is in the database */
         media_store_take_link(media, job->input, &stored->original, NULL, &error))) {
        g_task_return_pointer(task, stored, stored_free);
        return;
    }
    stored_free(stored);
    g_task_return_error(task, error);
}

static bool write_down(const Job *job, const Stored *stored, GError **error)
{
    Database *database = job->intake->parts.database;
    Bulletin sound = {
        .version = job->version->version,
        .original_sha256 = stored->original,
        .sha256 = stored->canonical,
        .bytes = stored->bytes,
        .frames = json_peek_int(job->result, "frames", 0),
        .loudness_mlufs = (int64_t)(json_peek_real(job->result, "output_lufs", 0) * 1000),
        .peak_mdbtp = (int64_t)(json_peek_real(job->result, "output_dbtp", 0) * 1000),
    };
    const char *peaks = json_peek_text(job->result, "peaks");
    int8_t pairs[2 * PEAKS_PARTS];
    unsigned parts = 0;
    if (!database_begin(database, error))
        return false;
    const bool drawn = !peaks_from_text(peaks, pairs, &parts) ||
                       peaks_store_add(database, stored->canonical, peaks, error);
    const bool fine = drawn &&
                      bulletin_store_sound_ready(database, &sound,
                                                 clock_wall_us(job->intake->parts.clock), error) &&
                      upload_store_remove(database, job->version->upload, error);
    return commit_or_roll_back(database, fine, error);
}

static void stored(GObject *source, GAsyncResult *result, gpointer user)
{
    (void)source;
    Job *job = user;
    g_autoptr(GError) error = NULL;
    Stored *files = g_task_propagate_pointer(G_TASK(result), &error);
    if (job->intake == NULL) { /* the controller is going down; done again at the next start */
        if (files != NULL)
            stored_free(files);
        job_free(job);
        return;
    }
    if (files == NULL || !write_down(job, files, &error)) {
        if (files != NULL)
            stored_free(files);
        fail_by_error(job, error);
        return;
    }
    log_info("bulletin %s: %" G_GINT64_FORMAT " frames of sound are ready", job->version->id,
             json_peek_int(job->result, "frames", 0));
    (void)g_unlink(job->input);
    stored_free(files);
    job_over(job);
}

static bool is_sane(const Json *result)
{
    const int64_t frames = json_peek_int(result, "frames", 0);
    return json_peek_bool(result, "ok", false) && frames > 0 && frames <= CANONICAL_FRAMES_MAX;
}

static void worker_done(const Json *result, void *user)
{
    Job *job = user;
    if (result == NULL || !is_sane(result)) {
        fail(job, result);
        return;
    }
    job->result = json_hold((Json *)result);
    GTask *task = g_task_new(NULL, NULL, stored, job);
    g_object_set_data_full(G_OBJECT(task), "media", media_store_ref(job->intake->parts.media),
                           (GDestroyNotify)media_store_free);
    g_task_set_task_data(task, job, NULL);
    g_task_run_in_thread(task, store_in_thread);
    g_object_unref(task);
}

static bool decode(Job *job, GError **error)
{
    job->run =
        worker_run_start(job->intake->worker, job->input, job->output, worker_done, job, error);
    return job->run != NULL;
}

/* A typed text was read aloud: what came out is decoded like any sound. */
static void speaker_done(const Json *result, void *user)
{
    Job *job = user;
    g_autoptr(GError) error = NULL;
    if (result == NULL || !json_peek_bool(result, "ok", false)) {
        g_autoptr(Json) died = json_new_object();
        json_set_text(died, "code", "speech");
        json_set_text(died, "found", "a text that the voice cannot read");
        fail(job, result != NULL ? result : died);
        return;
    }
    g_clear_pointer(&job->run, worker_run_free);
    if (!decode(job, &error))
        fail_by_error(job, error);
}

static bool speak(Job *job, GError **error)
{
    MediaStore *media = job->intake->parts.media;
    job->typed = media_store_temporary(media, error);
    job->input = job->typed != NULL ? media_store_temporary(media, error) : NULL;
    if (job->input == NULL || !g_file_set_contents(job->typed, job->version->text, -1, error))
        return false;
    job->run =
        worker_run_start(job->intake->speaker, job->typed, job->input, speaker_done, job, error);
    return job->run != NULL;
}

static bool begin(Job *job, GError **error)
{
    const bool spoken = job->version->text != NULL;
    if (!spoken)
        job->input = uploads_path(job->intake->parts.uploads, job->version->upload);
    job->output = media_store_temporary(job->intake->parts.media, error);
    if (job->output == NULL)
        return false;
    return spoken ? speak(job, error) : decode(job, error);
}

static void start(Intake *self, const char *version_id)
{
    g_autoptr(GError) error = NULL;
    Bulletin *version = bulletin_store_version(self->parts.database, version_id, &error);
    if (version == NULL || version->audio != BULLETIN_AUDIO_WORKING ||
        (version->upload == NULL && version->text == NULL)) {
        bulletin_free(version);
        return;
    }
    Job *job = g_new0(Job, 1);
    job->intake = self;
    job->version = version;
    g_ptr_array_add(self->jobs, job);
    if (!begin(job, &error))
        fail_by_error(job, error);
}

static void start_next(Intake *self)
{
    while (self->jobs->len < INTAKE_PARALLEL && !g_queue_is_empty(&self->waiting)) {
        g_autofree char *version = g_queue_pop_head(&self->waiting);
        start(self, version);
    }
}

Intake *intake_new(const IntakeParts *parts, GError **error)
{
    g_autoptr(GPtrArray) working = bulletin_store_working(parts->database, error);
    if (working == NULL)
        return NULL;
    Intake *self = g_new0(Intake, 1);
    self->parts = *parts;
    g_autofree char *folder = g_path_get_dirname(parts->worker);
    self->worker = g_strdup(parts->worker);
    self->speaker = g_build_filename(folder, "loa-speech-worker", NULL);
    self->jobs = g_ptr_array_new();
    g_queue_init(&self->waiting);
    for (unsigned i = 0; i < working->len; i++)
        intake_add(self, g_ptr_array_index(working, i));
    return self;
}

void intake_free(Intake *self)
{
    if (self == NULL)
        return;
    for (unsigned i = 0; i < self->jobs->len; i++) {
        Job *job = g_ptr_array_index(self->jobs, i);
        job->intake = NULL;
        if (job->result == NULL) /* else the thread has it and frees it when it is done */
            job_free(job);
    }
    g_ptr_array_unref(self->jobs);
    g_queue_clear_full(&self->waiting, g_free);
    g_free(self->worker);
    g_free(self->speaker);
    g_free(self);
}

bool intake_is_full(const Intake *self)
{
    return self->waiting.length >= INTAKE_QUEUE_MAX;
}

void intake_add(Intake *self, const char *version)
{
    g_queue_push_tail(&self->waiting, g_strdup(version));
    start_next(self);
}

double intake_progress(const Intake *self, const char *version)
{
    for (unsigned i = 0; i < self->jobs->len; i++) {
        const Job *job = g_ptr_array_index(self->jobs, i);
        if (g_strcmp0(job->version->version, version) == 0)
            return job->run != NULL ? worker_run_progress(job->run) : 0.0;
    }
    return 0.0;
}
