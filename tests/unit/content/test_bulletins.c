/* From an upload to a bulletin that is approved, with the real content worker. */
#include "content_desk.h"

#include "crypto.h"
#include "digest.h"

#include <string.h>

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
    g_autoptr(Answer) answer = desk_json(self, "operator", "POST /api/bulletins", body);
    g_assert_cmpuint(answer->status, ==, wanted);
    return g_strdup(json_peek_text(answer->json, "id"));
}

static Answer *order(Fixture *self, const char *who, const char *id, const char *what,
                     const char *body)
{
    g_autofree char *line = g_strdup_printf("POST /api/bulletins/%s/%s", id, what);
    return desk_json(self, who, line, body);
}

static char *spoken_bulletin(Fixture *self)
{
    gsize length = 0;
    g_autofree char *bytes = speech(self, &length);
    g_autofree char *location = desk_upload(self, "operator", "loa.wav", bytes, length);
    char *id = create_bulletin(self, location, 201);
    g_autoptr(Answer) ready = desk_wait_for_sound(self, id);
    g_assert_cmpstr(json_peek_text(ready->json, "audio"), ==, "ready");
    return id;
}

static void test_from_upload_to_approval(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *id = spoken_bulletin(self);
    g_assert_cmpuint(desk_count(self, "media"), ==, 2); /* the original and the canonical file */
    g_assert_cmpuint(desk_count(self, "uploads"), ==, 0);
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
    g_autoptr(Answer) whole = desk_get(self, "operator", path, "");
    g_assert_cmpuint(whole->status, ==, 200);
    g_autofree char *sha256 =
        digest_hex_of(g_bytes_get_data(whole->body, NULL), g_bytes_get_size(whole->body));
    g_assert_cmpstr(sha256, ==, bulletin->sha256);
    g_autoptr(Answer) part = desk_get(self, "operator", path, "Range: bytes=0-3\r\n");
    g_assert_cmpuint(part->status, ==, 206);
    g_assert_cmpmem(g_bytes_get_data(part->body, NULL), g_bytes_get_size(part->body), "OggS", 4);
}

static void test_the_outline_of_the_sound_is_served(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *id = spoken_bulletin(self);
    g_autofree char *path = g_strdup_printf("/api/bulletins/%s/peaks", id);
    g_autoptr(Answer) answer = desk_get(self, "operator", path, "");
    g_assert_cmpuint(answer->status, ==, 200);
    g_assert_cmpint(json_peek_int(answer->json, "duration_ms", 0), >, 500);
    const Json *peaks = json_peek(answer->json, "peaks");
    g_assert_cmpuint(json_length(peaks), >, 2 * 700); /* the last part may stay empty */
    g_assert_cmpuint(json_length(peaks), <=, 2 * 800);
    int64_t lowest = 0, highest = 0;
    for (size_t i = 0; i + 1 < json_length(peaks); i += 2) {
        int64_t low = 0, high = 0;
        g_assert_true(json_int(json_at(peaks, i), &low) && json_int(json_at(peaks, i + 1), &high));
        g_assert_cmpint(low, <=, high);
        lowest = MIN(lowest, low);
        highest = MAX(highest, high);
    }
    g_assert_cmpint(lowest, <, -40); /* canonical speech reaches far up */
    g_assert_cmpint(highest, >, 40);
    g_autoptr(Answer) foreign = desk_get(self, "stranger", path, "");
    g_assert_cmpuint(foreign->status, ==, 404);
}

static void test_a_picture_is_named_and_leaves_nothing(Fixture *self, gconstpointer data)
{
    (void)data;
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0";
    g_autofree char *location = desk_upload(self, "operator", "thông báo.mp3", png, sizeof png - 1);
    g_autofree char *id = create_bulletin(self, location, 201);
    answer_free(order(self, "operator", id, "submit", "{}")); /* overtakes the worker */
    g_autoptr(Answer) failed = desk_wait_for_sound(self, id);
    g_assert_cmpstr(json_peek_text(failed->json, "audio"), ==, "failed");
    g_assert_cmpstr(json_peek_text(failed->json, "state"), ==, "draft");
    const char *why = json_peek_text(failed->json, "audio_error");
    g_assert_nonnull(strstr(why, "thông báo.mp3"));
    g_assert_nonnull(strstr(why, "ảnh PNG"));
    g_assert_cmpuint(desk_count(self, "media"), ==, 0);
    g_assert_cmpuint(desk_count(self, "uploads"), ==, 0);
}

static void test_a_rejected_bulletin_is_changed_and_goes_on(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *id = spoken_bulletin(self);
    g_autofree char *line = g_strdup_printf("PATCH /api/bulletins/%s", id);
    answer_free(order(self, "operator", id, "submit", "{}"));
    g_autoptr(Answer) bare = order(self, "leader", id, "reject", "{}");
    g_assert_cmpuint(bare->status, ==, 422);
    g_autoptr(Answer) rejected = order(self, "leader", id, "reject", "{\"reason\":\"Sai ngày\"}");
    g_assert_cmpstr(json_peek_text(rejected->json, "state"), ==, "rejected");
    g_assert_cmpstr(json_peek_text(rejected->json, "reject_reason"), ==, "Sai ngày");
    g_autoptr(Answer) changed =
        desk_json(self, "operator", line, "{\"title\":\"Tiêm phòng thứ bảy\"}");
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
    answer_free(desk_json(self, "operator", line, "{\"title\":\"Mới\"}"));
    g_autoptr(Bulletin) airs = bulletin_store_get(self->database, id, NULL);
    g_assert_cmpint(airs->state, ==, BULLETIN_APPROVED); /* the draft changed nothing */
    g_autoptr(Answer) withdrawn = order(self, "leader", id, "withdraw", "{}");
    g_assert_cmpuint(withdrawn->status, ==, 200);
    g_autoptr(Bulletin) after = bulletin_store_get(self->database, id, NULL);
    g_assert_cmpint(after->state, ==, BULLETIN_WITHDRAWN);
    g_assert_cmpuint(self->changed, ==, 2);
}

static const char *shown_until(const Answer *answer)
{
    g_assert_cmpuint(answer->status, ==, 200);
    return json_peek_text(answer->json, "valid_until");
}

/* An approved bulletin, and a change of its title that waits. */
static char *bulletin_with_a_change(Fixture *self)
{
    char *id = spoken_bulletin(self);
    g_autofree char *line = g_strdup_printf("PATCH /api/bulletins/%s", id);
    answer_free(order(self, "operator", id, "submit", "{}"));
    answer_free(order(self, "leader", id, "approve", "{}"));
    answer_free(desk_json(self, "operator", line, "{\"title\":\"Mới\"}"));
    g_autoptr(Answer) submitted = order(self, "operator", id, "submit", "{}");
    g_assert_cmpstr(json_peek_text(submitted->json, "state"), ==, "submitted");
    return id;
}

static void test_what_airs_may_end_sooner_at_once(Fixture *self, gconstpointer data)
{
    (void)data;
    static const char sooner[] = "{\"valid_until\":\"2026-11-24T17:00:00Z\"}";
    static const char later[] = "{\"valid_until\":\"2026-11-25T17:00:00Z\"}";
    g_autofree char *draft = spoken_bulletin(self);
    g_autoptr(Answer) nothing = order(self, "operator", draft, "shorten", sooner);
    g_assert_cmpuint(nothing->status, ==, 409); /* a draft is simply changed */
    g_autofree char *id = bulletin_with_a_change(self);
    g_autoptr(Answer) ended = order(self, "operator", id, "shorten", later);
    g_assert_cmpstr(shown_until(ended), ==, "2026-11-25T17:00:00Z");
    g_assert_cmpuint(self->changed, ==, 2); /* approved, shortened: plans follow */
    g_autoptr(Answer) again = order(self, "leader", id, "shorten", sooner);
    g_assert_cmpstr(shown_until(again), ==, "2026-11-24T17:00:00Z");
    g_autoptr(Bulletin) airs = bulletin_store_get(self->database, id, NULL);
    g_assert_cmpint(airs->number, ==, 1);
    g_assert_cmpint(airs->state, ==, BULLETIN_APPROVED);
    g_assert_cmpint(airs->valid_until_us, ==, INT64_C(1795539600000000));
    g_autoptr(Answer) longer = order(self, "operator", id, "shorten", later);
    g_autoptr(Answer) past =
        order(self, "operator", id, "shorten", "{\"valid_until\":\"2026-11-21T17:00:00Z\"}");
    g_autoptr(Answer) foreign = order(self, "stranger", id, "shorten", sooner);
    g_assert_cmpuint(longer->status, ==, 422);
    g_assert_cmpuint(past->status, ==, 422);
    g_assert_cmpuint(foreign->status, ==, 404);
    /* What waited does not bring the longer time back. */
    g_autoptr(Answer) approved = order(self, "leader", id, "approve", "{}");
    g_assert_cmpstr(shown_until(approved), ==, "2026-11-24T17:00:00Z");
}

/* "act until;" of each step of version `n`, newest first. */
static char *steps_said(Fixture *self, const char *id, size_t n)
{
    g_autofree char *path = g_strdup_printf("/api/bulletins/%s/versions", id);
    g_autoptr(Answer) answer = desk_get(self, "operator", path, "");
    const Json *steps = json_peek(json_at(json_peek(answer->json, "items"), n), "steps");
    GString *said = g_string_new(NULL);
    for (size_t i = 0; i < json_length(steps); i++) {
        const Json *step = json_at(steps, i);
        const char *until = json_peek_text(step, "valid_until");
        g_string_append_printf(said, "%s by %s%s%s; ", json_peek_text(step, "act"),
                               json_peek_text(step, "by"), until ? " to " : "", until ? until : "");
    }
    return g_string_free(said, FALSE);
}

#define SHORTENED "shorten by leader to 2026-11-24T17:00:00Z; "

static void test_who_let_it_end_sooner_stands_among_the_steps(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *id = bulletin_with_a_change(self);
    answer_free(order(self, "leader", id, "shorten", "{\"valid_until\":\"2026-11-24T17:00:00Z\"}"));
    answer_free(order(self, "leader", id, "approve", "{}"));
    g_autofree char *waited = steps_said(self, id, 0);
    g_autofree char *aired = steps_said(self, id, 1);
    g_assert_cmpstr(aired, ==, "submit by operator; approve by leader; " SHORTENED);
    g_assert_cmpstr(waited, ==, "submit by operator; " SHORTENED "approve by leader; ");
}

static void test_a_change_that_waits_is_dropped(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *id = bulletin_with_a_change(self);
    g_autoptr(Answer) foreign = order(self, "stranger", id, "revert", "{}");
    g_assert_cmpuint(foreign->status, ==, 404);
    g_autoptr(Answer) reverted = order(self, "operator", id, "revert", "{}");
    g_assert_cmpuint(reverted->status, ==, 200);
    g_assert_cmpstr(json_peek_text(reverted->json, "state"), ==, "approved");
    g_assert_cmpstr(json_peek_text(reverted->json, "title"), ==, "Tiêm phòng");
    g_assert_cmpuint(self->changed, ==, 1); /* what airs is as it was */
    g_autoptr(Answer) twice = order(self, "operator", id, "revert", "{}");
    g_assert_cmpuint(twice->status, ==, 409);
    g_autoptr(Answer) found =
        desk_get(self, "operator", "/api/bulletins?state=approved&q=tiem+phong", "");
    g_assert_cmpuint(json_length(json_peek(found->json, "items")), ==, 1);
    /* The next change is version 3, and a word of the leader drops it, too. */
    g_autofree char *line = g_strdup_printf("PATCH /api/bulletins/%s", id);
    g_autoptr(Answer) changed = desk_json(self, "operator", line, "{\"title\":\"Khác\"}");
    g_assert_cmpint(json_peek_int(changed->json, "number", 0), ==, 3);
    g_autoptr(Answer) dropped = order(self, "leader", id, "revert", "{}");
    g_assert_cmpint(json_peek_int(dropped->json, "number", 0), ==, 1);
}

/* What a change of validity answers: "", or what is wrong with it. */
static char *change_validity(Fixture *self, const char *id, const char *body, const char **ret_kept)
{
    g_autofree char *line = g_strdup_printf("PATCH /api/bulletins/%s", id);
    g_autoptr(Answer) answer = desk_json(self, "operator", line, body);
    g_autoptr(Bulletin) now = bulletin_store_newest(self->database, id, NULL);
    *ret_kept = now->valid_until_us ? "ends" : "open";
    const Json *first = json_at(json_peek(answer->json, "errors"), 0);
    return g_strdup(answer->status == 200 ? "" : json_peek_text(first, "pointer"));
}

static void test_a_validity_is_given_and_taken_away(Fixture *self, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *body, *wrong, *then;
    } cases[] = {
        {"{\"valid_until\":\"2026-11-21T00:00:00Z\"}", "/valid_until", "open"},
        {"{\"valid_from\":\"2026-12-02T00:00:00Z\",\"valid_until\":\"2026-12-01T00:00:00Z\"}",
         "/valid_until", "open"},
        {"{\"valid_until\":\"30/11/2026\"}", "/valid_until", "open"},
        {"{\"valid_until\":\"2026-12-01T00:00:00Z\"}", "", "ends"},
        {"{\"title\":\"Khác\"}", "", "ends"},
        {"{\"valid_until\":null}", "", "open"},
    };
    g_autofree char *id = spoken_bulletin(self);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *kept = NULL;
        g_autofree char *wrong = change_validity(self, id, cases[i].body, &kept);
        g_test_message("case %u", i);
        g_assert_cmpstr(wrong, ==, cases[i].wrong);
        g_assert_cmpstr(kept, ==, cases[i].then);
    }
}

static void test_an_unfinished_or_used_upload_makes_no_bulletin(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autofree char *half = desk_create_upload(self, "operator", 10, "a.wav");
    g_free(create_bulletin(self, half, 409));
    g_autofree char *whole = desk_upload(self, "operator", "a.wav", "RIFF", 4);
    g_autofree char *first = create_bulletin(self, whole, 201);
    answer_free(desk_wait_for_sound(self, first));
    g_free(create_bulletin(self, whole, 422));
}

static void test_a_controller_that_died_takes_it_up_again(Fixture *self, gconstpointer data)
{
    (void)data;
    gsize length = 0;
    g_autofree char *bytes = speech(self, &length);
    g_autofree char *location = desk_upload(self, "operator", "loa.wav", bytes, length);
    g_autofree char *id = create_bulletin(self, location, 201);
    /* when everything in memory is gone while the worker runs */
    bulletin_api_free(self->app.bulletins);
    intake_free(self->intake);
    uploads_free(self->app.uploads);
    media_store_free(self->media);
    desk_open_rooms(self);
    router_free(self->router);
    server_stop(self->server);
    desk_start_server(self);
    g_autoptr(Answer) ready = desk_wait_for_sound(self, id);
    g_assert_cmpstr(json_peek_text(ready->json, "audio"), ==, "ready");
}

static void test_lists_are_paged_and_keep_to_what_one_may_see(Fixture *self, gconstpointer data)
{
    (void)data;
    for (int i = 0; i < 5; i++) {
        g_autofree char *body = g_strdup_printf("{\"area\":\"b2\",\"title\":\"Bản tin %d\"}", i);
        g_autoptr(Answer) made = desk_json(self, "operator", "POST /api/bulletins", body);
        g_assert_cmpuint(made->status, ==, 201);
    }
    g_autofree char *path = g_strdup("/api/bulletins?limit=2");
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int pages = 0;
    while (path != NULL && pages < 10) {
        g_autoptr(Answer) page = desk_get(self, "operator", path, "");
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
    g_autoptr(Answer) other = desk_get(self, "stranger", "/api/bulletins", "");
    g_assert_cmpuint(json_length(json_peek(other->json, "items")), ==, 0);
}

#define ADD(name, function)                                                                        \
    g_test_add("/bulletins/" name, Fixture, NULL, desk_set_up, function, desk_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    /* A full disk is logged as a warning; that is right and must not end the test. */
    g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
    g_assert_true(crypto_init());
    ADD("from upload to approval", test_from_upload_to_approval);
    ADD("the sound comes back by its hash", test_the_sound_comes_back_by_its_hash);
    ADD("the outline of the sound is served", test_the_outline_of_the_sound_is_served);
    ADD("a picture is named and leaves nothing", test_a_picture_is_named_and_leaves_nothing);
    ADD("a rejected bulletin is changed and goes on",
        test_a_rejected_bulletin_is_changed_and_goes_on);
    ADD("a withdrawn bulletin no longer airs", test_a_withdrawn_bulletin_no_longer_airs);
    ADD("what airs may end sooner at once", test_what_airs_may_end_sooner_at_once);
    ADD("who let it end sooner stands among the steps",
        test_who_let_it_end_sooner_stands_among_the_steps);
    ADD("a change that waits is dropped", test_a_change_that_waits_is_dropped);
    ADD("a validity is given and taken away", test_a_validity_is_given_and_taken_away);
    ADD("an unfinished or used upload makes no bulletin",
        test_an_unfinished_or_used_upload_makes_no_bulletin);
    ADD("a controller that died takes it up again", test_a_controller_that_died_takes_it_up_again);
    ADD("lists are paged and keep to what one may see",
        test_lists_are_paged_and_keep_to_what_one_may_see);
    return g_test_run();
}
