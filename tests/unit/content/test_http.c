/* Uploads and bulletins over real sockets, with the real content worker: from the first byte of an
 * upload to a bulletin that is approved. */
#include "access/user_store.h"
#include "content/bulletin_api.h"
#include "crypto.h"
#include "digest.h"
#include "http/server.h"
#include "registry/area_store.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#define NOW_US 1795305600000000LL

typedef struct {
    Uploads *uploads;
    BulletinApi *bulletins;
} App;

typedef struct {
    char *folder;
    Database *database;
    MediaStore *media;
    Intake *intake;
    App app;
    Router *router;
    Server *server;
    unsigned changed;
} Fixture;

#define UPLOADS   offsetof(App, uploads)
#define BULLETINS offsetof(App, bulletins)
#define PEOPLE    LISTENER_PEOPLE

static const Route routes[] = {
    {"OPTIONS", "/api/uploads", GATE_OPEN, PEOPLE, BODY_NONE, 0, UPLOADS, upload_api_options, NULL,
     false},
    {"POST", "/api/uploads", GATE_USER, PEOPLE, BODY_NONE, 0, UPLOADS, upload_api_create, NULL,
     false},
    {"HEAD", "/api/uploads/{id}", GATE_USER, PEOPLE, BODY_NONE, 0, UPLOADS, upload_api_head, NULL,
     false},
    {"PATCH", "/api/uploads/{id}", GATE_USER, PEOPLE, BODY_STREAM, UPLOAD_BYTES_MAX, UPLOADS, NULL,
     &upload_api_patch, false},
    {"DELETE", "/api/uploads/{id}", GATE_USER, PEOPLE, BODY_NONE, 0, UPLOADS, upload_api_delete,
     NULL, false},
    {"POST", "/api/bulletins", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS, bulletin_api_create,
     NULL, true},
    {"GET", "/api/bulletins", GATE_USER, PEOPLE, BODY_NONE, 0, BULLETINS, bulletin_api_list, NULL,
     false},
    {"GET", "/api/bulletins/{id}", GATE_USER, PEOPLE, BODY_NONE, 0, BULLETINS, bulletin_api_get,
     NULL, false},
    {"PATCH", "/api/bulletins/{id}", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS,
     bulletin_api_change, NULL, true},
    {"GET", "/api/bulletins/{id}/audio", GATE_USER, PEOPLE, BODY_NONE, 0, BULLETINS,
     bulletin_api_audio, NULL, false},
    {"POST", "/api/bulletins/{id}/submit", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS,
     bulletin_api_submit, NULL, true},
    {"POST", "/api/bulletins/{id}/approve", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS,
     bulletin_api_approve, NULL, true},
    {"POST", "/api/bulletins/{id}/reject", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS,
     bulletin_api_reject, NULL, true},
    {"POST", "/api/bulletins/{id}/withdraw", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS,
     bulletin_api_withdraw, NULL, true},
};

/* ---- a desk: people, areas, a server ---- */

static Reply *gate(void *user, Request *request, const Route *route)
{
    (void)route;
    Fixture *self = user;
    const char *who = request_header(request, "X-Who");
    if (who == NULL)
        return reply_problem(&problem_not_logged_in);
    request_set_caller(request, user_store_get(self->database, who, NULL),
                       (GDestroyNotify)user_free);
    return NULL;
}

static void add_area(Fixture *self, const char *id, const char *parent, const char *path)
{
    g_autoptr(GError) error = NULL;
    const Area area = {.id = (char *)id,
                       .parent = (char *)parent,
                       .name = (char *)"Xã Tân Lập",
                       .kind = (char *)"commune",
                       .path = (char *)path};
    (void)!area_store_add(self->database, &area, NOW_US, &error);
    g_assert_no_error(error);
}

static void add_user(Fixture *self, const char *id, Role role, const char *area)
{
    g_autoptr(GError) error = NULL;
    const UserGrant grant = {.role = role, .area = (char *)area};
    g_autoptr(GArray) grants = g_array_new(FALSE, FALSE, sizeof(UserGrant));
    g_array_append_val(grants, grant);
    const User user = {.id = (char *)id, .name = (char *)id, .login = (char *)id, .grants = grants};
    (void)!user_store_add(self->database, &user, "-", NOW_US, &error);
    g_assert_no_error(error);
}

static void bulletin_changed(const char *bulletin, void *user)
{
    (void)bulletin;
    Fixture *self = user;
    self->changed++;
}

static void open_rooms(Fixture *self)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *media = g_build_filename(self->folder, "media", NULL);
    g_autofree char *uploads = g_build_filename(self->folder, "uploads", NULL);
    self->media = media_store_new(media, &error);
    g_assert_no_error(error);
    self->app.uploads = uploads_new(self->database, uploads, clock_system(), &error);
    g_assert_no_error(error);
    const IntakeParts intake = {self->database, self->media,    self->app.uploads,
                                NULL,           clock_system(), WORKER};
    self->intake = intake_new(&intake, &error);
    g_assert_no_error(error);
    const BulletinApiParts bulletins = {.database = self->database,
                                        .media = self->media,
                                        .uploads = self->app.uploads,
                                        .intake = self->intake,
                                        .changed = bulletin_changed,
                                        .changed_user = self};
    self->app.bulletins = bulletin_api_new(&bulletins);
}

static void set_up(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    self->folder = g_dir_make_tmp("loa-content-XXXXXX", &error);
    self->database = database_open(":memory:", &error);
    g_assert_no_error(error);
    add_area(self, "a1", NULL, "/a1/");
    add_area(self, "b2", "a1", "/a1/b2/");
    add_area(self, "c3", "a1", "/a1/c3/");
    add_user(self, "operator", ROLE_OPERATOR, "b2");
    add_user(self, "leader", ROLE_LEADER, "b2");
    add_user(self, "stranger", ROLE_LEADER, "c3");
    open_rooms(self);
    self->router = router_new(routes, G_N_ELEMENTS(routes), &self->app);
    const ServerSettings settings = {.people_address = "127.0.0.1:0",
                                     .stations_address = "127.0.0.1:0",
                                     .people_connections = 50,
                                     .stations_connections = 10};
    const ServerGates gates = {.people = gate, .people_user = self};
    self->server = server_start(&settings, self->router, &gates, &error);
    g_assert_no_error(error);
}

static void tear_down(Fixture *self, gconstpointer data)
{
    (void)data;
    server_stop(self->server);
    router_free(self->router);
    bulletin_api_free(self->app.bulletins);
    intake_free(self->intake);
    uploads_free(self->app.uploads);
    media_store_free(self->media);
    database_close(self->database);
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", self->folder);
    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    g_free(self->folder);
}

/* ---- a client: blocking, in a thread of its own, while the loop serves ---- */

typedef struct {
    unsigned port;
    GByteArray *request;
    bool hangs_up; /* goes away after the last byte, without waiting for an answer */
    GByteArray *answer;
    gint done;
} Talk;

static gpointer talk_in_thread(gpointer data)
{
    Talk *talk = data;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)talk->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    for (guint sent = 0; sent < talk->request->len;) {
        const ssize_t put =
            send(fd, talk->request->data + sent, talk->request->len - sent, MSG_NOSIGNAL);
        if (put <= 0)
            break;
        sent += (guint)put;
    }
    guint8 piece[4096];
    ssize_t got = 0;
    if (talk->hangs_up)
        g_usleep(100000); /* let the server read what was sent */
    while (!talk->hangs_up && (got = recv(fd, piece, sizeof piece, 0)) > 0)
        g_byte_array_append(talk->answer, piece, (guint)got);
    close(fd);
    g_atomic_int_set(&talk->done, 1);
    return NULL;
}

typedef struct {
    unsigned status;
    char *head;
    GBytes *body;
    Json *json;
} Answer;

static void answer_free(Answer *answer)
{
    g_free(answer->head);
    g_bytes_unref(answer->body);
    json_drop(answer->json);
    g_free(answer);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answer, answer_free)

static void spin(gint *done)
{
    while (!g_atomic_int_get(done))
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(500);
}

#define CHUNKED (-2)

/* `announced`: the Content-Length to claim; -1 = what is sent; CHUNKED = none, `body` is chunks. */
static Answer *talk(Fixture *self, const char *line, const char *headers, const void *body,
                    size_t length, gint64 announced)
{
    const bool cut = announced > (gint64)length;
    g_autofree char *head =
        g_strdup_printf("%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                        "X-Loa: 1\r\nTus-Resumable: 1.0.0\r\n%s",
                        line, headers);
    g_autofree char *size = announced == CHUNKED
                                ? g_strdup("Transfer-Encoding: chunked\r\n\r\n")
                                : g_strdup_printf("Content-Length: %" G_GINT64_FORMAT "\r\n\r\n",
                                                  announced < 0 ? (gint64)length : announced);
    Talk say = {.port = server_port(self->server, LISTENER_PEOPLE),
                .request = g_byte_array_new(),
                .hangs_up = cut,
                .answer = g_byte_array_new()};
    g_byte_array_append(say.request, (const guint8 *)head, (guint)strlen(head));
    g_byte_array_append(say.request, (const guint8 *)size, (guint)strlen(size));
    g_byte_array_append(say.request, body, (guint)length);
    GThread *thread = g_thread_new("client", talk_in_thread, &say);
    spin(&say.done);
    g_thread_join(thread);
    g_byte_array_unref(say.request);

    Answer *answer = g_new0(Answer, 1);
    g_byte_array_append(say.answer, (const guint8 *)"", 1); /* never NULL, and a text */
    g_byte_array_set_size(say.answer, say.answer->len - 1);
    const char *end = g_strstr_len((char *)say.answer->data, say.answer->len, "\r\n\r\n");
    const gsize head_length =
        end != NULL ? (gsize)(end - (char *)say.answer->data) + 4 : say.answer->len;
    answer->head = g_strndup((char *)say.answer->data, head_length);
    if (head_length > 12)
        answer->status = (unsigned)g_ascii_strtoull(answer->head + 9, NULL, 10);
    answer->body = g_bytes_new(say.answer->data + head_length, say.answer->len - head_length);
    answer->json =
        json_parse(g_bytes_get_data(answer->body, NULL), g_bytes_get_size(answer->body), NULL);
    g_byte_array_unref(say.answer);
    return answer;
}

static char *header_of(const Answer *answer, const char *name)
{
    g_auto(GStrv) lines = g_strsplit(answer->head, "\r\n", -1);
    for (char **line = lines; *line != NULL; line++)
        if (g_ascii_strncasecmp(*line, name, strlen(name)) == 0 && (*line)[strlen(name)] == ':')
            return g_strdup(g_strstrip(*line + strlen(name) + 1));
    return NULL;
}

static void assert_header(const Answer *answer, const char *name, const char *wanted)
{
    g_autofree char *value = header_of(answer, name);
    g_assert_cmpstr(value, ==, wanted);
}

static Answer *json_talk(Fixture *self, const char *who, const char *line, const char *body)
{
    g_autofree char *headers =
        g_strdup_printf("X-Who: %s\r\nContent-Type: application/json\r\n", who);
    return talk(self, line, headers, body, strlen(body), -1);
}

static Answer *get(Fixture *self, const char *who, const char *path, const char *more)
{
    g_autofree char *headers = g_strdup_printf("X-Who: %s\r\n%s", who, more);
    g_autofree char *line = g_strdup_printf("GET %s", path);
    return talk(self, line, headers, "", 0, -1);
}

/* ---- uploads ---- */

static char *create_upload(Fixture *self, const char *who, gint64 length, const char *filename)
{
    g_autofree char *name = g_base64_encode((const guchar *)filename, strlen(filename));
    g_autofree char *headers =
        g_strdup_printf("X-Who: %s\r\nUpload-Length: %" G_GINT64_FORMAT
                        "\r\nUpload-Metadata: filename %s,filetype YXVkaW8vd2F2\r\n",
                        who, length, name);
    g_autoptr(Answer) answer = talk(self, "POST /api/uploads", headers, "", 0, -1);
    g_assert_cmpuint(answer->status, ==, 201);
    return header_of(answer, "Location");
}

static Answer *patch(Fixture *self, const char *who, const char *location, gint64 offset,
                     const void *bytes, size_t length, gint64 announced)
{
    g_autofree char *line = g_strdup_printf("PATCH %s", location);
    g_autofree char *headers =
        g_strdup_printf("X-Who: %s\r\nContent-Type: application/offset+octet-stream\r\n"
                        "Upload-Offset: %" G_GINT64_FORMAT "\r\n",
                        who, offset);
    return talk(self, line, headers, bytes, length, announced);
}

static Answer *head(Fixture *self, const char *who, const char *location)
{
    g_autofree char *line = g_strdup_printf("HEAD %s", location);
    g_autofree char *headers = g_strdup_printf("X-Who: %s\r\n", who);
    return talk(self, line, headers, "", 0, -1);
}

static char *upload_bytes(Fixture *self, const char *who, const char *name, const void *bytes,
                          size_t length)
{
    char *location = create_upload(self, who, (gint64)length, name);
    g_autoptr(Answer) answer = patch(self, who, location, 0, bytes, length, -1);
    g_assert_cmpuint(answer->status, ==, 204);
    return location;
}

static void test_an_upload_in_two_pieces_is_whole(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *location = create_upload(self, "operator", 10, "a.wav");
    g_autoptr(Answer) first = patch(self, "operator", location, 0, "01234", 5, -1);
    assert_header(first, "Upload-Offset", "5");
    g_autoptr(Answer) between = head(self, "operator", location);
    assert_header(between, "Upload-Offset", "5");
    assert_header(between, "Upload-Length", "10");
    g_autoptr(Answer) second = patch(self, "operator", location, 5, "56789", 5, -1);
    assert_header(second, "Upload-Offset", "10");
    g_autofree char *path = uploads_path(self->app.uploads, location + strlen("/api/uploads/"));
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(text, ==, "0123456789");
}

static void test_a_wrong_offset_is_a_conflict(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *location = create_upload(self, "operator", 10, "a.wav");
    g_autoptr(Answer) wrong = patch(self, "operator", location, 3, "34", 2, -1);
    g_assert_cmpuint(wrong->status, ==, 409);
    g_autoptr(Answer) after = head(self, "operator", location);
    assert_header(after, "Upload-Offset", "0");
}

static void test_a_cut_connection_goes_on_where_it_was(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *location = create_upload(self, "operator", 10, "a.wav");
    g_autoptr(Answer) cut = patch(self, "operator", location, 0, "0123", 4, 10);
    g_autoptr(Answer) after = head(self, "operator", location);
    assert_header(after, "Upload-Offset", "4");
    g_autoptr(Answer) rest = patch(self, "operator", location, 4, "456789", 6, -1);
    g_assert_cmpuint(rest->status, ==, 204);
    assert_header(rest, "Upload-Offset", "10");
}

static void test_only_the_owner_may_continue(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *location = create_upload(self, "operator", 10, "a.wav");
    g_autoptr(Answer) other = patch(self, "leader", location, 0, "0123456789", 10, -1);
    g_assert_cmpuint(other->status, ==, 404);
    g_autoptr(Answer) look = head(self, "leader", location);
    g_assert_cmpuint(look->status, ==, 404);
}

static void test_too_much_is_refused(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autoptr(Answer) huge = talk(self, "POST /api/uploads",
                                  "X-Who: operator\r\nUpload-Length: 268435457\r\n", "", 0, -1);
    g_assert_cmpuint(huge->status, ==, 413);
    g_autofree char *location = create_upload(self, "operator", 4, "a.wav");
    g_autoptr(Answer) more = patch(self, "operator", location, 0, "01234", 5, -1);
    g_assert_cmpuint(more->status, ==, 413);
    g_autoptr(Answer) after = head(self, "operator", location);
    assert_header(after, "Upload-Offset", "0");
}

static void test_a_body_without_a_length_is_counted(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *location = create_upload(self, "operator", 4, "a.wav");
    const char *five = "5\r\n01234\r\n0\r\n\r\n", *four = "4\r\n0123\r\n0\r\n\r\n";
    g_autoptr(Answer) more = patch(self, "operator", location, 0, five, strlen(five), CHUNKED);
    g_assert_cmpuint(more->status, ==, 413);
    g_autoptr(Answer) fits = patch(self, "operator", location, 0, four, strlen(four), CHUNKED);
    g_assert_cmpuint(fits->status, ==, 204);
    assert_header(fits, "Upload-Offset", "4");
}

static void test_a_large_upload_is_synced_on_the_way(Fixture *self, gconstpointer data)
{
    (void)data;
    const size_t length = 9 * 1024 * 1024 + 1;
    g_autofree char *bytes = g_malloc0(length);
    g_autofree char *location = create_upload(self, "operator", (gint64)length, "a.wav");
    g_autoptr(Answer) whole = patch(self, "operator", location, 0, bytes, length, -1);
    g_assert_cmpuint(whole->status, ==, 204);
    assert_header(whole, "Upload-Offset", "9437185");
}

/* A file system of 256 KiB under the uploads; needs root. */
static void test_a_full_disk_is_said_and_costs_nothing(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *folder = g_build_filename(self->folder, "uploads", NULL);
    if (mount("tmpfs", folder, "tmpfs", 0, "size=256k") != 0) {
        g_test_skip("may not mount a small file system here");
        return;
    }
    const size_t length = 1024 * 1024;
    g_autofree char *bytes = g_malloc0(length);
    g_autofree char *location = create_upload(self, "operator", (gint64)length, "a.wav");
    g_autoptr(Answer) full = patch(self, "operator", location, 0, bytes, length, -1);
    g_assert_cmpuint(full->status, ==, 507);
    g_autofree char *line = g_strdup_printf("DELETE %s", location);
    g_autoptr(Answer) gone = talk(self, line, "X-Who: operator\r\n", "", 0, -1);
    g_assert_cmpuint(gone->status, ==, 204);
    g_autofree char *again = upload_bytes(self, "operator", "b.wav", bytes, 64 * 1024);
    g_assert_cmpint(umount2(folder, MNT_DETACH), ==, 0);
}

static void test_a_deleted_upload_is_gone(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *location = create_upload(self, "operator", 4, "a.wav");
    g_autofree char *line = g_strdup_printf("DELETE %s", location);
    g_autoptr(Answer) gone = talk(self, line, "X-Who: operator\r\n", "", 0, -1);
    g_assert_cmpuint(gone->status, ==, 204);
    g_autoptr(Answer) after = head(self, "operator", location);
    g_assert_cmpuint(after->status, ==, 404);
    g_autofree char *path = uploads_path(self->app.uploads, location + strlen("/api/uploads/"));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

/* ---- bulletins ---- */

static char *speech(Fixture *self, gsize *ret_length)
{
    char *bytes = NULL;
    g_autofree char *path = g_build_filename(self->folder, "speech.wav", NULL);
    const char *words[] = {"espeak-ng", "-v", "vi", "-w", path, "Xin chào bà con trong xã.", NULL};
    g_assert_true(g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
    g_assert_true(g_file_get_contents(path, &bytes, ret_length, NULL));
    return bytes;
}

/* A new bulletin of the operator in commune b2; its id. */
static char *create_bulletin(Fixture *self, const char *location, unsigned wanted)
{
    g_autofree char *body =
        g_strdup_printf("{\"area\":\"b2\",\"title\":\"Tiêm phòng\",\"upload\":\"%s\"}",
                        location + strlen("/api/uploads/"));
    g_autoptr(Answer) answer = json_talk(self, "operator", "POST /api/bulletins", body);
    g_assert_cmpuint(answer->status, ==, wanted);
    return g_strdup(json_peek_text(answer->json, "id"));
}

static Answer *wait_for_sound(Fixture *self, const char *id)
{
    g_autofree char *path = g_strdup_printf("/api/bulletins/%s", id);
    while (true) {
        Answer *answer = get(self, "operator", path, "");
        g_assert_cmpuint(answer->status, ==, 200);
        if (g_strcmp0(json_peek_text(answer->json, "audio"), "working") != 0)
            return answer;
        answer_free(answer);
        for (int i = 0; i < 20; i++) {
            while (g_main_context_iteration(NULL, FALSE))
                ;
            g_usleep(5000);
        }
    }
}

static Answer *order(Fixture *self, const char *who, const char *id, const char *what,
                     const char *body)
{
    g_autofree char *line = g_strdup_printf("POST /api/bulletins/%s/%s", id, what);
    return json_talk(self, who, line, body);
}

static unsigned count_files(const char *folder)
{
    unsigned count = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = NULL; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        count += g_file_test(path, G_FILE_TEST_IS_DIR) ? count_files(path) : 1;
    }
    return count;
}

static unsigned count_in(Fixture *self, const char *name)
{
    g_autofree char *folder = g_build_filename(self->folder, name, NULL);
    return count_files(folder);
}

static char *spoken_bulletin(Fixture *self)
{
    gsize length = 0;
    g_autofree char *bytes = speech(self, &length);
    g_autofree char *location = upload_bytes(self, "operator", "loa.wav", bytes, length);
    char *id = create_bulletin(self, location, 201);
    g_autoptr(Answer) ready = wait_for_sound(self, id);
    g_assert_cmpstr(json_peek_text(ready->json, "audio"), ==, "ready");
    return id;
}

static void test_from_upload_to_approval(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *id = spoken_bulletin(self);
    g_assert_cmpuint(count_in(self, "media"), ==, 2); /* the original and the canonical file */
    g_assert_cmpuint(count_in(self, "uploads"), ==, 0);
    g_autoptr(Answer) submitted = order(self, "operator", id, "submit", "{}");
    g_assert_cmpstr(json_peek_text(submitted->json, "state"), ==, "submitted");
    g_autoptr(Answer) own = order(self, "operator", id, "approve", "{}");
    g_assert_cmpuint(own->status, ==, 403);
    g_autoptr(Answer) foreign = order(self, "stranger", id, "approve", "{}");
    g_assert_cmpuint(foreign->status, ==, 404);
    g_assert_cmpuint(self->changed, ==, 0);
    g_autoptr(Answer) approved = order(self, "leader", id, "approve", "{}");
    g_assert_cmpuint(approved->status, ==, 200);
    g_assert_cmpstr(json_peek_text(approved->json, "state"), ==, "approved");
    const Json *approver = json_peek(approved->json, "approver");
    g_assert_cmpstr(json_peek_text(approver, "name"), ==, "leader");
    g_assert_cmpuint(self->changed, ==, 1);
    g_autoptr(Answer) twice = order(self, "leader", id, "approve", "{}");
    g_assert_cmpuint(twice->status, ==, 409);
    g_autoptr(Bulletin) airs = bulletin_store_get(self->database, id, NULL);
    g_assert_cmpint(airs->state, ==, BULLETIN_APPROVED);
    g_assert_cmpstr(airs->approver_name, ==, "leader");
    g_assert_cmpint(airs->duration_ms, >, 500);
}

static void test_the_sound_comes_back_by_its_hash(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *id = spoken_bulletin(self);
    g_autofree char *path = g_strdup_printf("/api/bulletins/%s/audio", id);
    g_autoptr(Bulletin) bulletin = bulletin_store_get(self->database, id, NULL);
    g_autoptr(Answer) whole = get(self, "operator", path, "");
    g_assert_cmpuint(whole->status, ==, 200);
    g_autofree char *sha256 =
        digest_hex_of(g_bytes_get_data(whole->body, NULL), g_bytes_get_size(whole->body));
    g_assert_cmpstr(sha256, ==, bulletin->sha256);
    g_autoptr(Answer) part = get(self, "operator", path, "Range: bytes=0-3\r\n");
    g_assert_cmpuint(part->status, ==, 206);
    g_assert_cmpmem(g_bytes_get_data(part->body, NULL), g_bytes_get_size(part->body), "OggS", 4);
}

static void test_a_picture_is_named_and_leaves_nothing(Fixture *self, gconstpointer data)
{
    (void)data;
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0";
    g_autofree char *location =
        upload_bytes(self, "operator", "thông báo.mp3", png, sizeof png - 1);
    g_autofree char *id = create_bulletin(self, location, 201);
    g_autoptr(Answer) early = order(self, "operator", id, "submit", "{}");
    g_autoptr(Answer) failed = wait_for_sound(self, id);
    g_assert_cmpstr(json_peek_text(failed->json, "audio"), ==, "failed");
    g_assert_cmpstr(json_peek_text(failed->json, "state"), ==, "draft");
    const char *why = json_peek_text(failed->json, "audio_error");
    g_assert_nonnull(strstr(why, "thông báo.mp3"));
    g_assert_nonnull(strstr(why, "ảnh PNG"));
    g_assert_cmpuint(count_in(self, "media"), ==, 0);
    g_assert_cmpuint(count_in(self, "uploads"), ==, 0);
}

static void test_a_rejected_bulletin_is_changed_and_goes_on(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *id = spoken_bulletin(self);
    g_autofree char *line = g_strdup_printf("PATCH /api/bulletins/%s", id);
    g_autoptr(Answer) submitted = order(self, "operator", id, "submit", "{}");
    g_autoptr(Answer) bare = order(self, "leader", id, "reject", "{}");
    g_assert_cmpuint(bare->status, ==, 422);
    g_autoptr(Answer) rejected = order(self, "leader", id, "reject", "{\"reason\":\"Sai ngày\"}");
    g_assert_cmpstr(json_peek_text(rejected->json, "state"), ==, "rejected");
    g_assert_cmpstr(json_peek_text(rejected->json, "reject_reason"), ==, "Sai ngày");
    g_autoptr(Answer) changed =
        json_talk(self, "operator", line, "{\"title\":\"Tiêm phòng thứ bảy\"}");
    g_assert_cmpuint(changed->status, ==, 200);
    g_assert_cmpstr(json_peek_text(changed->json, "state"), ==, "draft");
    g_assert_cmpstr(json_peek_text(changed->json, "audio"), ==, "ready");
    g_assert_cmpstr(json_peek_text(changed->json, "version"), !=,
                    json_peek_text(rejected->json, "version"));
}

static void test_a_withdrawn_bulletin_no_longer_airs(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *id = spoken_bulletin(self);
    g_autofree char *line = g_strdup_printf("PATCH /api/bulletins/%s", id);
    answer_free(order(self, "operator", id, "submit", "{}"));
    answer_free(order(self, "leader", id, "approve", "{}"));
    answer_free(json_talk(self, "operator", line, "{\"title\":\"Mới\"}"));
    g_autoptr(Bulletin) airs = bulletin_store_get(self->database, id, NULL);
    g_assert_cmpint(airs->state, ==, BULLETIN_APPROVED); /* the draft changed nothing */
    g_autoptr(Answer) withdrawn = order(self, "leader", id, "withdraw", "{}");
    g_assert_cmpuint(withdrawn->status, ==, 200);
    g_autoptr(Bulletin) after = bulletin_store_get(self->database, id, NULL);
    g_assert_cmpint(after->state, ==, BULLETIN_WITHDRAWN);
    g_assert_cmpuint(self->changed, ==, 2);
}

static void test_an_unfinished_or_used_upload_makes_no_bulletin(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *half = create_upload(self, "operator", 10, "a.wav");
    g_autofree char *none = create_bulletin(self, half, 409);
    g_autofree char *whole = upload_bytes(self, "operator", "a.wav", "RIFF", 4);
    g_autofree char *first = create_bulletin(self, whole, 201);
    g_autoptr(Answer) failed = wait_for_sound(self, first);
    g_autofree char *again = create_bulletin(self, whole, 422);
}

static void test_a_controller_that_died_takes_it_up_again(Fixture *self, gconstpointer data)
{
    (void)data;
    gsize length = 0;
    g_autofree char *bytes = speech(self, &length);
    g_autofree char *location = upload_bytes(self, "operator", "loa.wav", bytes, length);
    g_autofree char *id = create_bulletin(self, location, 201);
    /* when everything in memory is gone while the worker runs */
    bulletin_api_free(self->app.bulletins);
    intake_free(self->intake);
    uploads_free(self->app.uploads);
    media_store_free(self->media);
    open_rooms(self);
    router_free(self->router);
    server_stop(self->server);
    self->router = router_new(routes, G_N_ELEMENTS(routes), &self->app);
    const ServerSettings settings = {.people_address = "127.0.0.1:0",
                                     .stations_address = "127.0.0.1:0",
                                     .people_connections = 50,
                                     .stations_connections = 10};
    const ServerGates gates = {.people = gate, .people_user = self};
    self->server = server_start(&settings, self->router, &gates, NULL);
    g_autoptr(Answer) ready = wait_for_sound(self, id);
    g_assert_cmpstr(json_peek_text(ready->json, "audio"), ==, "ready");
}

static void test_lists_are_paged_and_keep_to_what_one_may_see(Fixture *self, gconstpointer data)
{
    (void)data;
    for (int i = 0; i < 5; i++) {
        g_autofree char *body = g_strdup_printf("{\"area\":\"b2\",\"title\":\"Bản tin %d\"}", i);
        g_autoptr(Answer) made = json_talk(self, "operator", "POST /api/bulletins", body);
        g_assert_cmpuint(made->status, ==, 201);
    }
    g_autofree char *path = g_strdup("/api/bulletins?limit=2");
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int pages = 0;
    while (path != NULL && pages < 10) {
        g_autoptr(Answer) page = get(self, "operator", path, "");
        g_assert_cmpuint(page->status, ==, 200);
        const Json *items = json_peek(page->json, "items");
        for (size_t i = 0; i < json_length(items); i++)
            g_hash_table_add(seen, g_strdup(json_peek_text(json_at(items, i), "id")));
        const char *next = json_peek_text(page->json, "next");
        g_free(path);
        path = next != NULL ? g_strdup_printf("/api/bulletins?limit=2&after=%s", next) : NULL;
        pages++;
    }
    g_assert_cmpint(pages, ==, 3);
    g_assert_cmpuint(g_hash_table_size(seen), ==, 5);
    g_autoptr(Answer) other = get(self, "stranger", "/api/bulletins", "");
    g_assert_cmpuint(json_length(json_peek(other->json, "items")), ==, 0);
}

#define ADD(name, function) g_test_add("/content/" name, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    /* A full disk is logged as a warning; that is right and must not end the test. */
    g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
    g_assert_true(crypto_init());
    ADD("an upload in two pieces is whole", test_an_upload_in_two_pieces_is_whole);
    ADD("a wrong offset is a conflict", test_a_wrong_offset_is_a_conflict);
    ADD("a cut connection goes on where it was", test_a_cut_connection_goes_on_where_it_was);
    ADD("only the owner may continue", test_only_the_owner_may_continue);
    ADD("too much is refused", test_too_much_is_refused);
    ADD("a body without a length is counted", test_a_body_without_a_length_is_counted);
    ADD("a large upload is synced on the way", test_a_large_upload_is_synced_on_the_way);
    ADD("a full disk is said and costs nothing", test_a_full_disk_is_said_and_costs_nothing);
    ADD("a deleted upload is gone", test_a_deleted_upload_is_gone);
    ADD("from upload to approval", test_from_upload_to_approval);
    ADD("the sound comes back by its hash", test_the_sound_comes_back_by_its_hash);
    ADD("a picture is named and leaves nothing", test_a_picture_is_named_and_leaves_nothing);
    ADD("a rejected bulletin is changed and goes on",
        test_a_rejected_bulletin_is_changed_and_goes_on);
    ADD("a withdrawn bulletin no longer airs", test_a_withdrawn_bulletin_no_longer_airs);
    ADD("an unfinished or used upload makes no bulletin",
        test_an_unfinished_or_used_upload_makes_no_bulletin);
    ADD("a controller that died takes it up again", test_a_controller_that_died_takes_it_up_again);
    ADD("lists are paged and keep to what one may see",
        test_lists_are_paged_and_keep_to_what_one_may_see);
    return g_test_run();
}
