/* The desk of the fleet's tests. Rows of other rooms are written with their own SQL here, so that a
 * test of the fleet needs no uploads and no worker. */
#include "fleet_desk.h"

#include <glib/gstdio.h>
#include <string.h>

#include "fleet/plan_store.h"
#include "http/reply_parts.h"
#include "http_signature.h"
#include "registry/area_store.h"
#include "schedule/broadcast_store.h"

#define SHA "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void run(FleetDesk *desk, const char *sql)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Query) query = database_query(desk->database, sql);
    bool ok = query_run(query, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

static void add_area(FleetDesk *desk, const char *id, const char *parent, const char *path)
{
    g_autoptr(GError) error = NULL;
    Area area = {.id = (char *)id,
                 .parent = (char *)parent,
                 .name = (char *)id,
                 .kind = (char *)"commune",
                 .path = (char *)path,
                 .zone = (char *)"Asia/Ho_Chi_Minh"};
    bool ok = area_store_add(desk->database, &area, DESK_NOW, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

static void add_station(FleetDesk *desk, DeskStation *made, const char *id, const char *area)
{
    g_autoptr(GError) error = NULL;
    made->id = g_strdup(id);
    key_generate(&made->key);
    Station station = {.id = made->id,
                       .area = (char *)area,
                       .name = made->id,
                       .keyid = made->key.id,
                       .serial = (char *)"1",
                       .model = (char *)"desk",
                       .accepted_us = DESK_NOW - DESK_HOUR};
    memcpy(station.public_key, made->key.public_key, sizeof station.public_key);
    bool ok = station_store_add(desk->database, &station, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

static void add_bulletin(FleetDesk *desk)
{
    run(desk, "INSERT INTO users (id, login, name, password_hash, created_us) "
              "VALUES ('an', 'an', 'An', '', 0)");
    run(desk, "INSERT INTO bulletins (id, area, newest, approved, created_us) "
              "VALUES ('notice', 'province', 'v1', 'v1', 0)");
    run(desk, "INSERT INTO bulletin_versions (id, bulletin, number, title, language, author, "
              "author_name, state, approver, approver_name, audio, sha256, bytes, frames, "
              "created_us, updated_us) VALUES ('v1', 'notice', 1, 'Thông báo', 'vi', 'an', 'An', "
              "'approved', 'an', 'Bình', 'ready', '" SHA "', 30000, 480000, 0, 0)");
    run(desk, "INSERT INTO approved_scopes (version, scope, class, at_us) "
              "VALUES ('v1', 'province', 'priority', 0)");
}

void fleet_desk_init(FleetDesk *desk)
{
    g_autoptr(GError) error = NULL;
    *desk = (FleetDesk){0};
    g_assert_true(crypto_init());
    desk->keys_dir = g_dir_make_tmp("loa-fleet-XXXXXX", &error);
    g_assert_no_error(error);
    fake_clock_init(&desk->clock, DESK_NOW);
    desk->database = database_open(":memory:", &error);
    g_assert_no_error(error);
    add_area(desk, "province", NULL, "/province/");
    add_area(desk, "a", "province", "/province/a/");
    add_area(desk, "b", "province", "/province/b/");
    add_station(desk, &desk->a1, "a1", "a");
    add_station(desk, &desk->a2, "a2", "a");
    add_station(desk, &desk->b1, "b1", "b");
    add_bulletin(desk);
    desk->fleet = fleet_new(&(FleetSettings){.database = desk->database,
                                             .clock = &desk->clock.clock,
                                             .keys_dir = desk->keys_dir},
                            &error);
    g_assert_no_error(error);
}

static void remove_keys(const char *directory)
{
    for (const char *const *name = (const char *[]){"root.key", "online.key", "root.json", NULL};
         *name; name++) {
        g_autofree char *path = g_build_filename(directory, *name, NULL);
        g_unlink(path);
    }
    g_rmdir(directory);
}

void fleet_desk_clear(FleetDesk *desk)
{
    fleet_free(desk->fleet);
    database_close(desk->database);
    remove_keys(desk->keys_dir);
    g_free(desk->keys_dir);
    g_free(desk->a1.id);
    g_free(desk->a2.id);
    g_free(desk->b1.id);
}

int fleet_desk_publish(FleetDesk *desk)
{
    g_autoptr(GError) error = NULL;
    int signed_ = publisher_run(desk->fleet->publisher, 0, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(publisher_waiting(desk->fleet->publisher), ==, 0);
    return signed_;
}

void fleet_desk_set_bulletin(FleetDesk *desk, const char *state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Query) version =
        database_query(desk->database, "UPDATE bulletin_versions SET state = $1 WHERE id = 'v1'");
    query_text(version, state);
    g_assert_true(query_run(version, &error));
    run(desk, g_str_equal(state, "approved") ? "UPDATE bulletins SET approved = 'v1'"
                                             : "UPDATE bulletins SET approved = NULL");
    publisher_bulletin_changed("notice", desk->fleet->publisher);
}

void fleet_desk_order(FleetDesk *desk, const char *id, TargetKind kind, const char *target,
                      int64_t start_us)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Broadcast) broadcast = broadcast_new();
    broadcast->id = g_strdup(id);
    broadcast->bulletin = g_strdup("notice");
    broadcast->area = g_strdup("province");
    broadcast->kind = BROADCAST_ONCE;
    broadcast->start_us = start_us;
    broadcast->zone = g_strdup("Asia/Ho_Chi_Minh");
    broadcast->tolerance_s = 600;
    broadcast->created_by = g_strdup("an");
    broadcast->created_by_name = g_strdup("An");
    broadcast->created_us = clock_wall_us(&desk->clock.clock);
    broadcast_add_target(broadcast, kind, target, false);
    bool ok = broadcast_store_add(desk->database, broadcast, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    publisher_broadcast_changed(broadcast, desk->fleet->publisher);
}

Plan *fleet_desk_plan(FleetDesk *desk, const DeskStation *station)
{
    g_autoptr(GError) error = NULL;
    g_auto(StoredPlan) stored = {0};
    g_assert_true(plan_store_newest(desk->database, station->id, true, &stored, &error));
    if (!stored.gzip)
        return NULL;
    g_autoptr(GBytes) text = plan_store_expand(stored.gzip, &error);
    g_assert_no_error(error);
    size_t length;
    const char *bytes = g_bytes_get_data(text, &length);
    g_autoptr(Envelope) envelope = envelope_parse(bytes, length, PLAN_MAX_BYTES, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(envelope->type, ==, ENVELOPE_TYPE_PLAN);
    g_assert_true(root_accepts(desk->fleet->root, envelope, ROOT_ROLE_PLAN, NULL, &error));
    bytes = g_bytes_get_data(envelope->payload, &length);
    Plan *plan = plan_parse(bytes, length, &error);
    g_assert_no_error(error);
    return plan;
}

static void sign(FleetDesk *desk, Request *request, const Key *key, const char *path,
                 const char *body, const RequestFlaw *flaw)
{
    g_autofree char *digest = body ? http_signature_digest(body, strlen(body)) : NULL;
    g_autofree char *nonce = flaw->nonce ? g_strdup(flaw->nonce) : crypto_random_hex(16);
    Key signer = flaw->sign_with ? *flaw->sign_with : *key;
    if (flaw->claim)
        g_strlcpy(signer.id, flaw->claim, sizeof signer.id);
    else
        g_strlcpy(signer.id, key->id, sizeof signer.id);
    HttpSignatureInput input = {
        .method = request->method,
        .path = path,
        .query = request->raw_query,
        .content_digest = flaw->no_digest ? NULL : digest,
        .created = desk->clock.wall / G_USEC_PER_SEC + flaw->created_shift_s,
        .nonce = nonce,
    };
    g_autoptr(HttpSignatureHeaders) headers = http_signature_make(&input, &signer);
    if (flaw->flip_signature) {
        char *digit = strchr(headers->signature, ':') + 1;
        *digit = *digit == 'A' ? 'B' : 'A';
    }
    request_add_header(request, "Signature-Input", headers->signature_input);
    request_add_header(request, "Signature", headers->signature);
    if (digest)
        request_add_header(request, "Content-Digest", digest);
}

Request *fleet_desk_request(FleetDesk *desk, const Key *key, const char *method, const char *uri,
                            const char *body, const RequestFlaw *flaw)
{
    const RequestFlaw none = {0};
    flaw = flaw ? flaw : &none;
    Request *request = request_new(method, uri);
    g_autofree char *path = g_strdup(request_path(request));
    if (flaw->other_path) {
        g_free(request->path);
        request->path = g_strdup(flaw->other_path);
    }
    if (!flaw->unsigned_)
        sign(desk, request, key, path, body, flaw);
    g_assert_true(request_settle(request, "192.0.2.7", false));
    request->now_us = clock_wall_us(&desk->clock.clock);
    const char *sent = flaw->other_body ? "{\"other\":1}" : body;
    if (sent) {
        request->body = g_bytes_new(sent, strlen(sent));
        request->json = json_parse(sent, strlen(sent), NULL);
    }
    return request;
}

Reply *fleet_desk_late(Request *request, Reply *take_reply)
{
    Reply *reply = take_reply;
    while (!reply) {
        g_main_context_iteration(NULL, TRUE);
        reply = g_steal_pointer(&request->reply);
    }
    return reply;
}

char *fleet_desk_slug(Reply *take_reply)
{
    g_autoptr(Reply) reply = take_reply;
    if (!reply || !reply->problem)
        return NULL;
    return g_strdup(problem_kind(reply->problem)->slug);
}

Json *fleet_desk_json(Reply *take_reply, unsigned status)
{
    g_autoptr(Reply) reply = take_reply;
    if (reply->problem)
        g_test_message("problem: %s", problem_kind(reply->problem)->slug);
    g_assert_cmpuint(reply_status(reply), ==, status);
    size_t length = 0;
    const char *bytes = reply->body ? g_bytes_get_data(reply->body, &length) : NULL;
    return bytes ? json_parse(bytes, length, NULL) : NULL;
}
