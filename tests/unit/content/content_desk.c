/* Operator and leader in commune b2, a stranger in commune c3, all below province a1. Whoever the
 * header X-Who names is logged in. The client blocks in a thread while the loop serves. */
#include "content_desk.h"

#include "access/user_store.h"
#include "crypto.h"
#include "registry/area_store.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NOW_US 1795305600000000LL

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
    {"POST", "/api/bulletins", GATE_USER, PEOPLE, BODY_JSON, BULLETIN_BODY_MAX, BULLETINS,
     bulletin_api_create, NULL, true},
    {"GET", "/api/bulletins", GATE_USER, PEOPLE, BODY_NONE, 0, BULLETINS, bulletin_api_list, NULL,
     false},
    {"GET", "/api/bulletins/{id}", GATE_USER, PEOPLE, BODY_NONE, 0, BULLETINS, bulletin_api_get,
     NULL, false},
    {"PATCH", "/api/bulletins/{id}", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS,
     bulletin_api_change, NULL, true},
    {"GET", "/api/bulletins/{id}/peaks", GATE_USER, PEOPLE, BODY_NONE, 0, BULLETINS,
     bulletin_api_peaks, NULL, false},
    {"GET", "/api/bulletins/{id}/audio", GATE_USER, PEOPLE, BODY_NONE, 0, BULLETINS,
     bulletin_api_audio, NULL, false},
    {"GET", "/api/bulletins/{id}/versions", GATE_USER, PEOPLE, BODY_NONE, 0, BULLETINS,
     bulletin_api_versions, NULL, false},
    {"POST", "/api/bulletins/{id}/submit", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS,
     bulletin_api_submit, NULL, true},
    {"POST", "/api/bulletins/{id}/approve", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS,
     bulletin_api_approve, NULL, true},
    {"POST", "/api/bulletins/{id}/reject", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS,
     bulletin_api_reject, NULL, true},
    {"POST", "/api/bulletins/{id}/withdraw", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS,
     bulletin_api_withdraw, NULL, true},
    {"POST", "/api/bulletins/{id}/shorten", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS,
     bulletin_api_shorten, NULL, true},
    {"POST", "/api/bulletins/{id}/revert", GATE_USER, PEOPLE, BODY_JSON, 16384, BULLETINS,
     bulletin_api_revert, NULL, true},
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

void desk_open_rooms(Fixture *self)
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

void desk_start_server(Fixture *self)
{
    g_autoptr(GError) error = NULL;
    self->router = router_new(routes, G_N_ELEMENTS(routes), &self->app);
    const ServerSettings settings = {.people_address = "127.0.0.1:0",
                                     .stations_address = "127.0.0.1:0",
                                     .people_connections = 50,
                                     .stations_connections = 10};
    const ServerGates gates = {.people = gate, .people_user = self};
    self->server = server_start(&settings, self->router, &gates, &error);
    g_assert_no_error(error);
}

void desk_set_up(Fixture *self, gconstpointer data)
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
    desk_open_rooms(self);
    desk_start_server(self);
}

void desk_tear_down(Fixture *self, gconstpointer data)
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

void answer_free(Answer *answer)
{
    g_free(answer->head);
    g_bytes_unref(answer->body);
    json_drop(answer->json);
    g_free(answer);
}

static void spin(gint *done)
{
    while (!g_atomic_int_get(done))
        if (!g_main_context_iteration(NULL, FALSE))
            g_usleep(500);
}

/* `announced`: the Content-Length to claim; -1 = what is sent; CHUNKED = none, `body` is chunks. */
Answer *desk_talk(Fixture *self, const char *line, const char *headers, const void *body,
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

char *answer_header(const Answer *answer, const char *name)
{
    g_auto(GStrv) lines = g_strsplit(answer->head, "\r\n", -1);
    for (char **line = lines; *line != NULL; line++)
        if (g_ascii_strncasecmp(*line, name, strlen(name)) == 0 && (*line)[strlen(name)] == ':')
            return g_strdup(g_strstrip(*line + strlen(name) + 1));
    return NULL;
}

void assert_header(const Answer *answer, const char *name, const char *wanted)
{
    g_autofree char *value = answer_header(answer, name);
    g_assert_cmpstr(value, ==, wanted);
}

Answer *desk_json(Fixture *self, const char *who, const char *line, const char *body)
{
    g_autofree char *headers =
        g_strdup_printf("X-Who: %s\r\nContent-Type: application/json\r\n", who);
    return desk_talk(self, line, headers, body, strlen(body), -1);
}

Answer *desk_get(Fixture *self, const char *who, const char *path, const char *more)
{
    g_autofree char *headers = g_strdup_printf("X-Who: %s\r\n%s", who, more);
    g_autofree char *line = g_strdup_printf("GET %s", path);
    return desk_talk(self, line, headers, "", 0, -1);
}

char *desk_create_upload(Fixture *self, const char *who, gint64 length, const char *filename)
{
    g_autofree char *name = g_base64_encode((const guchar *)filename, strlen(filename));
    g_autofree char *headers =
        g_strdup_printf("X-Who: %s\r\nUpload-Length: %" G_GINT64_FORMAT
                        "\r\nUpload-Metadata: filename %s,filetype YXVkaW8vd2F2\r\n",
                        who, length, name);
    g_autoptr(Answer) answer = desk_talk(self, "POST /api/uploads", headers, "", 0, -1);
    g_assert_cmpuint(answer->status, ==, 201);
    return answer_header(answer, "Location");
}

Answer *desk_patch(Fixture *self, const char *who, const char *location, gint64 offset,
                   const void *bytes, size_t length, gint64 announced)
{
    g_autofree char *line = g_strdup_printf("PATCH %s", location);
    g_autofree char *headers =
        g_strdup_printf("X-Who: %s\r\nContent-Type: application/offset+octet-stream\r\n"
                        "Upload-Offset: %" G_GINT64_FORMAT "\r\n",
                        who, offset);
    return desk_talk(self, line, headers, bytes, length, announced);
}

Answer *desk_head(Fixture *self, const char *who, const char *location)
{
    g_autofree char *line = g_strdup_printf("HEAD %s", location);
    g_autofree char *headers = g_strdup_printf("X-Who: %s\r\n", who);
    return desk_talk(self, line, headers, "", 0, -1);
}

char *desk_upload(Fixture *self, const char *who, const char *name, const void *bytes,
                  size_t length)
{
    char *location = desk_create_upload(self, who, (gint64)length, name);
    g_autoptr(Answer) answer = desk_patch(self, who, location, 0, bytes, length, -1);
    g_assert_cmpuint(answer->status, ==, 204);
    return location;
}

Answer *desk_wait_for_sound(Fixture *self, const char *id)
{
    g_autofree char *path = g_strdup_printf("/api/bulletins/%s", id);
    while (true) {
        Answer *answer = desk_get(self, "operator", path, "");
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

unsigned desk_count(Fixture *self, const char *name)
{
    g_autofree char *folder = g_build_filename(self->folder, name, NULL);
    return count_files(folder);
}
