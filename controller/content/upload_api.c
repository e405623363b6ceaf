/* tus 1.0 over the database and one file for each upload.
 *
 * The offset that a client is told is what survives a power cut (upload_file.h), and only the
 * person who began an upload may see or continue it. A connection that hangs must not lock its own
 * upload out: a HEAD ends the PATCH that is under way, waits for its bytes to be durable, and
 * answers with where to go on. Nothing here looks at the bytes. */
#include "content/upload_api.h"

#include "access/access.h"
#include "base/atomic_file.h"
#include "content/disk_reserve.h"
#include "content/upload_file.h"
#include "content/upload_metadata.h"
#include "crypto.h"

#include <glib/gstdio.h>
#include <string.h>

static const ProblemKind problem_tus_version = {
    "tus-version", 412, "Trình duyệt gửi tệp theo cách đã cũ. Hãy tải lại trang.",
    "The upload protocol is not tus 1.0.0."};
static const ProblemKind problem_upload_offset = {
    "upload-offset", 409, "Vị trí gửi tiếp không khớp; máy chủ đã có {offset} byte.",
    "The upload continues at byte {offset}."};
static const ProblemKind problem_upload_busy = {
    "upload-busy", 423, "Tệp này đang được gửi ở kết nối khác. Hãy thử lại sau giây lát.",
    "Another connection is sending this upload. Try again in a moment."};
static const ProblemKind problem_upload_type = {
    "upload-type", 415, "Kiểu nội dung phải là application/offset+octet-stream.",
    "The content type must be application/offset+octet-stream."};
static const ProblemKind problem_upload_in_use = {"upload-in-use", 409,
                                                  "Tệp này đang được xử lý cho một bản tin.",
                                                  "A bulletin is being made from this upload."};

struct Uploads {
    Database *database;
    char *directory;
    const Clock *clock;
    GHashTable *active; /* id -> Active, while bytes may still come or must become durable */
};

typedef struct Active {
    Uploads *owner;
    char *id;
    UploadFile *file;
    int64_t length;
    bool streaming;     /* the connection still holds it */
    bool closed;        /* no more bytes are taken */
    GPtrArray *waiting; /* Request*, held: answered when everything is durable */
} Active;

static Reply *tus(Reply *reply)
{
    reply_header(reply, "Tus-Resumable", "1.0.0");
    reply_header(reply, "Cache-Control", "no-store");
    return reply;
}

static Reply *problem(const ProblemKind *kind)
{
    return tus(reply_problem(kind));
}

static Reply *offset_problem(int64_t offset)
{
    Problem *wrong = problem_new(&problem_upload_offset);
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, offset);
    problem_set(wrong, "offset", text);
    return tus(reply_problem_take(wrong));
}

static Reply *too_large(void)
{
    Problem *large = problem_new(&problem_too_large);
    problem_set(large, "max", "256 MiB");
    return tus(reply_problem_take(large));
}

/* A count of bytes in a header; -1 when absent or not one. */
static int64_t read_count(const Request *request, const char *name)
{
    guint64 value = 0;
    const char *text = request_header(request, name);
    if (text == NULL || !g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &value, NULL))
        return -1;
    return (int64_t)value;
}

static bool speaks_tus(const Request *request)
{
    return g_strcmp0(request_header(request, "Tus-Resumable"), "1.0.0") == 0;
}

static Reply *wrong_version(void)
{
    Reply *reply = problem(&problem_tus_version);
    reply_header(reply, "Tus-Version", "1.0.0");
    return reply;
}

static void add_count(Reply *reply, const char *name, int64_t value)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);
    reply_header(reply, name, text);
}

static void add_expiry(Reply *reply, int64_t expires_us)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(expires_us / G_USEC_PER_SEC);
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autofree char *text = g_strdup_printf(
        "%s, %02d %s %04d %02d:%02d:%02d GMT", days[g_date_time_get_day_of_week(at) - 1],
        g_date_time_get_day_of_month(at), months[g_date_time_get_month(at) - 1],
        g_date_time_get_year(at), g_date_time_get_hour(at), g_date_time_get_minute(at),
        g_date_time_get_second(at));
    reply_header(reply, "Upload-Expires", text);
}

char *uploads_path(const Uploads *self, const char *id)
{
    return g_build_filename(self->directory, id, NULL);
}

/* The caller's own upload, or the reply that says why not. */
static Reply *find_own(Uploads *self, const Request *request, Upload **ret_upload)
{
    g_autoptr(GError) error = NULL;
    if (!speaks_tus(request))
        return wrong_version();
    g_autoptr(Upload) upload = upload_store_get(self->database, request_place(request, "id"),
                                                clock_wall_us(self->clock), &error);
    if (error != NULL)
        return tus(reply_error(error));
    if (upload == NULL || g_strcmp0(upload->user, access_user(request)->id) != 0)
        return problem(&problem_not_found);
    *ret_upload = g_steal_pointer(&upload);
    return NULL;
}

static void active_free(Active *active)
{
    upload_file_free(active->file);
    g_ptr_array_unref(active->waiting);
    g_free(active->id);
    g_free(active);
}

static void answer_waiting(Active *active, const GError *error)
{
    const int64_t expires_us = clock_wall_us(active->owner->clock) + UPLOAD_LIFETIME_US;
    for (unsigned i = 0; i < active->waiting->len; i++) {
        Request *request = g_ptr_array_index(active->waiting, i);
        const bool head = g_strcmp0(request_method(request), "HEAD") == 0;
        Reply *reply = error != NULL ? reply_error(error) : reply_empty(head ? 200 : 204);
        if (error == NULL) {
            add_count(reply, "Upload-Offset", upload_file_durable(active->file));
            add_expiry(reply, expires_us);
        }
        if (error == NULL && head)
            add_count(reply, "Upload-Length", active->length);
        request_finish(request, tus(reply));
    }
    g_ptr_array_set_size(active->waiting, 0);
}

/* Nothing more to wait for: answers, and lets go once the connection has. */
static void settle(Active *active, const GError *error)
{
    Uploads *self = active->owner;
    if (!active->closed || upload_file_is_syncing(active->file))
        return;
    if (error == NULL && upload_file_durable(active->file) < upload_file_written(active->file)) {
        upload_file_sync(active->file);
        return;
    }
    answer_waiting(active, error);
    if (g_hash_table_lookup(self->active, active->id) == active)
        g_hash_table_remove(self->active, active->id);
    if (!active->streaming)
        active_free(active);
}

static void synced(UploadFile *file, const GError *error, void *user)
{
    Active *active = user;
    Uploads *self = active->owner;
    g_autoptr(GError) failure = error != NULL ? g_error_copy(error) : NULL;
    if (failure == NULL) {
        const int64_t expires_us = clock_wall_us(self->clock) + UPLOAD_LIFETIME_US;
        (void)!upload_store_received(self->database, active->id, upload_file_durable(file),
                                     expires_us, &failure);
    }
    if (failure != NULL)
        active->closed = true;
    settle(active, failure);
}

/* PATCH */
static Reply *patch_begin(void *room, Request *request, uint64_t content_length, void **ret_stream)
{
    Uploads *self = room;
    g_autoptr(Upload) upload = NULL;
    g_autoptr(GError) error = NULL;
    Reply *refusal = find_own(self, request, &upload);
    if (refusal != NULL)
        return refusal;
    if (g_strcmp0(request_header(request, "Content-Type"), "application/offset+octet-stream") != 0)
        return problem(&problem_upload_type);
    if (g_hash_table_contains(self->active, upload->id))
        return problem(&problem_upload_busy);
    if (read_count(request, "Upload-Offset") != upload->received)
        return offset_problem(upload->received);
    if (content_length != UINT64_MAX &&
        content_length > (uint64_t)(upload->length - upload->received))
        return too_large();
    if (!disk_reserve_allows(self->directory, (uint64_t)(upload->length - upload->received)))
        return problem(&problem_disk_full);

    g_autofree char *path = uploads_path(self, upload->id);
    Active *active = g_new0(Active, 1);
    active->file = upload_file_open(path, upload->received, synced, active, &error);
    if (active->file == NULL) {
        g_free(active);
        return tus(reply_error(error));
    }
    active->owner = self;
    active->id = g_strdup(upload->id);
    active->length = upload->length;
    active->streaming = true;
    active->waiting = g_ptr_array_new();
    g_hash_table_insert(self->active, active->id, active);
    *ret_stream = active;
    return NULL;
}

static Reply *patch_chunk(void *room, Request *request, void *stream, const void *bytes,
                          size_t length)
{
    (void)room;
    (void)request;
    Active *active = stream;
    g_autoptr(GError) error = NULL;
    if (active->closed)
        return problem(&problem_upload_busy);
    if ((int64_t)length > active->length - upload_file_written(active->file))
        return too_large();
    if (!upload_file_write(active->file, bytes, length, &error))
        return tus(reply_error(error));
    return NULL;
}

static bool is_superseded(const Active *active)
{
    return g_hash_table_lookup(active->owner->active, active->id) != active;
}

static Reply *patch_end(void *room, Request *request, void *stream)
{
    (void)room;
    Active *active = stream;
    active->streaming = false;
    if (is_superseded(active)) {
        active_free(active);
        return problem(&problem_upload_busy);
    }
    active->closed = true;
    g_ptr_array_add(active->waiting, request_hold(request));
    settle(active, NULL);
    return NULL;
}

static void patch_abandon(void *room, void *stream)
{
    (void)room;
    Active *active = stream;
    active->streaming = false;
    active->closed = true;
    if (is_superseded(active))
        active_free(active);
    else
        settle(active, NULL);
}

const StreamOps upload_api_patch = {patch_begin, patch_chunk, patch_end, patch_abandon};

Reply *upload_api_options(void *room, Request *request)
{
    (void)room;
    (void)request;
    Reply *reply = tus(reply_empty(204));
    reply_header(reply, "Tus-Version", "1.0.0");
    reply_header(reply, "Tus-Extension", "creation,termination,expiration");
    add_count(reply, "Tus-Max-Size", UPLOAD_BYTES_MAX);
    return reply;
}

static Reply *judge_new(Uploads *self, const Request *request, int64_t length)
{
    const User *user = access_user(request);
    if (!speaks_tus(request))
        return wrong_version();
    if (!access_anywhere(user, VERB_CREATE_CONTENT))
        return problem(&problem_forbidden);
    if (length < 0) {
        Problem *bad = problem_new(&problem_bad_request);
        problem_set(bad, "why", "Upload-Length");
        return tus(reply_problem_take(bad));
    }
    if (length > UPLOAD_BYTES_MAX)
        return too_large();
    if (!disk_reserve_allows(self->directory, (uint64_t)length))
        return problem(&problem_disk_full);
    if (upload_store_count(self->database, user->id, NULL) >= UPLOAD_PER_USER_MAX)
        return problem(&problem_too_many);
    return NULL;
}

Reply *upload_api_create(void *room, Request *request)
{
    Uploads *self = room;
    g_autoptr(GError) error = NULL;
    const int64_t length = read_count(request, "Upload-Length");
    Reply *refusal = judge_new(self, request, length);
    if (refusal != NULL)
        return refusal;
    const int64_t now_us = request_now_us(request);
    g_autofree char *id = crypto_random_hex(16);
    const char *metadata = request_header(request, "Upload-Metadata");
    g_autofree char *filename = upload_metadata_read(metadata, "filename", UPLOAD_NAME_MAX);
    g_autofree char *filetype = upload_metadata_read(metadata, "filetype", UPLOAD_NAME_MAX);
    const Upload upload = {
        .id = id,
        .user = access_user(request)->id,
        .filename = filename,
        .filetype = filetype,
        .length = length,
        .created_us = now_us,
        .expires_us = now_us + UPLOAD_LIFETIME_US,
    };
    g_autofree char *path = uploads_path(self, id);
    if (!atomic_file_write(path, "", 0, 0640, &error) ||
        !upload_store_add(self->database, &upload, &error)) {
        (void)g_unlink(path);
        return tus(reply_error(error));
    }
    g_autofree char *location = g_strdup_printf("/api/uploads/%s", id);
    Reply *reply = tus(reply_empty(201));
    reply_header(reply, "Location", location);
    add_expiry(reply, upload.expires_us);
    return reply;
}

Reply *upload_api_head(void *room, Request *request)
{
    Uploads *self = room;
    g_autoptr(Upload) upload = NULL;
    Reply *refusal = find_own(self, request, &upload);
    if (refusal != NULL)
        return refusal;
    Active *active = g_hash_table_lookup(self->active, upload->id);
    if (active != NULL) {
        active->closed = true;
        g_ptr_array_add(active->waiting, request_hold(request));
        settle(active, NULL);
        return NULL;
    }
    Reply *reply = tus(reply_empty(200));
    add_count(reply, "Upload-Offset", upload->received);
    add_count(reply, "Upload-Length", upload->length);
    add_expiry(reply, upload->expires_us);
    return reply;
}

bool uploads_remove(Uploads *self, const char *id, GError **error)
{
    g_autofree char *path = uploads_path(self, id);
    if (!upload_store_remove(self->database, id, error))
        return false;
    (void)g_unlink(path); /* left over after a crash: harmless, and swept at the next start */
    return true;
}

/* Nobody wants these bytes any more: a sync under way ends by itself. */
static void drop_active(Uploads *self, const char *id)
{
    Active *active = g_hash_table_lookup(self->active, id);
    g_autoptr(GError) gone = g_error_new_literal(G_IO_ERROR, G_IO_ERROR_CANCELLED, "deleted");
    if (active == NULL)
        return;
    g_hash_table_remove(self->active, id);
    active->closed = true;
    answer_waiting(active, gone);
    if (!active->streaming)
        active_free(active);
}

Reply *upload_api_delete(void *room, Request *request)
{
    Uploads *self = room;
    g_autoptr(Upload) upload = NULL;
    g_autoptr(GError) error = NULL;
    Reply *refusal = find_own(self, request, &upload);
    if (refusal != NULL)
        return refusal;
    if (upload_store_in_use(self->database, upload->id))
        return problem(&problem_upload_in_use);
    drop_active(self, upload->id);
    if (!uploads_remove(self, upload->id, &error))
        return tus(reply_error(error));
    return tus(reply_empty(204));
}

void uploads_sweep(Uploads *self)
{
    g_autoptr(GPtrArray) expired =
        upload_store_expired(self->database, clock_wall_us(self->clock), NULL);
    for (unsigned i = 0; expired != NULL && i < expired->len; i++) {
        const char *id = g_ptr_array_index(expired, i);
        if (!g_hash_table_contains(self->active, id))
            (void)!uploads_remove(self, id, NULL);
    }
}

/* Files that no row knows: a crash between the two. */
static void sweep_strangers(Uploads *self)
{
    g_autoptr(GDir) dir = g_dir_open(self->directory, 0, NULL);
    const char *name = NULL;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autoptr(Upload) upload = upload_store_get(self->database, name, 0, NULL);
        g_autofree char *path = uploads_path(self, name);
        if (upload == NULL)
            (void)g_unlink(path);
    }
}

Uploads *uploads_new(Database *database, const char *directory, const Clock *clock, GError **error)
{
    if (!atomic_file_make_folders(directory, 0750, error))
        return NULL;
    Uploads *self = g_new0(Uploads, 1);
    self->database = database;
    self->directory = g_strdup(directory);
    self->clock = clock;
    self->active = g_hash_table_new(g_str_hash, g_str_equal);
    sweep_strangers(self);
    return self;
}

void uploads_free(Uploads *self)
{
    if (self == NULL)
        return;
    GHashTableIter iter;
    gpointer active = NULL;
    g_hash_table_iter_init(&iter, self->active);
    while (g_hash_table_iter_next(&iter, NULL, &active))
        active_free(active);
    g_hash_table_unref(self->active);
    g_free(self->directory);
    g_free(self);
}
