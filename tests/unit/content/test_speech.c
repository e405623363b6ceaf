/* From typed text to a bulletin's sound, with the real speech and content workers. */
#include "content/speech_text.h"
#include "content_desk.h"

#include "crypto.h"

#include <string.h>
#include <sys/wait.h>

static Answer *type(Fixture *self, const char *text)
{
    g_autoptr(Json) body = json_new_object();
    json_set_text(body, "area", "b2");
    json_set_text(body, "title", "Họp dân");
    json_set_text(body, "text", text);
    g_autofree char *written = json_print(body, NULL);
    return desk_json(self, "operator", "POST /api/bulletins", written);
}

static void test_a_typed_text_becomes_sound(Fixture *self, gconstpointer data)
{
    (void)data;
    static const char text[] = "UBND xã mời bà con họp lúc 17h30 ngày 5/11/2026. ĐT: 0912 345 678.";
    g_autoptr(Answer) made = type(self, text);
    g_assert_cmpuint(made->status, ==, 201);
    g_assert_cmpstr(json_peek_text(made->json, "audio"), ==, "working");
    const char *id = json_peek_text(made->json, "id");
    g_autoptr(Answer) ready = desk_wait_for_sound(self, id);
    g_assert_cmpstr(json_peek_text(ready->json, "audio"), ==, "ready");
    g_assert_cmpstr(json_peek_text(ready->json, "text"), ==, text);
    g_assert_cmpint(json_peek_int(ready->json, "duration_ms", 0), >, 8000);
    g_assert_cmpuint(desk_count(self, "media"), ==, 1); /* the text itself is in the database */
    g_autofree char *path = g_strdup_printf("/api/bulletins/%s/audio", id);
    g_autoptr(Answer) sound = desk_get(self, "operator", path, "");
    g_assert_cmpuint(sound->status, ==, 200);
}

static void test_the_longest_text_fits_and_longer_is_refused(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autoptr(GString) text = g_string_new(NULL);
    while (g_utf8_strlen(text->str, -1) < SPEECH_TEXT_MAX)
        g_string_append(text, "ờ"); /* one breath: quick to speak, three bytes a letter */
    g_autoptr(Answer) fits = type(self, text->str);
    g_assert_cmpuint(fits->status, ==, 201);
    g_string_append(text, "ờ");
    g_autoptr(Answer) longer = type(self, text->str);
    g_assert_cmpuint(longer->status, ==, 422);
    g_autoptr(Answer) empty = type(self, "");
    g_assert_cmpuint(empty->status, ==, 422);
}

static void test_a_text_without_words_is_named(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autoptr(Answer) made = type(self, "... !!!");
    g_autoptr(Answer) failed = desk_wait_for_sound(self, json_peek_text(made->json, "id"));
    g_assert_cmpstr(json_peek_text(failed->json, "audio"), ==, "failed");
    g_assert_cmpstr(
        json_peek_text(failed->json, "audio_error"), ==,
        "Không đọc được văn bản của “Họp dân”: không có chữ nào để đọc. Hãy sửa văn bản "
        "rồi lưu lại.");
    g_assert_cmpstr(json_peek_text(failed->json, "text"), ==, "... !!!"); /* kept, to be changed */
    g_assert_cmpuint(desk_count(self, "media"), ==, 0);
}

static void test_a_changed_text_makes_the_next_version(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autoptr(Answer) made = type(self, "Họp lúc 5h.");
    g_autofree char *id = g_strdup(json_peek_text(made->json, "id"));
    g_autoptr(Answer) first = desk_wait_for_sound(self, id);
    g_autofree char *line = g_strdup_printf("PATCH /api/bulletins/%s", id);
    g_autoptr(Answer) changed =
        desk_json(self, "operator", line, "{\"text\":\"Họp lúc 6h tại nhà văn hóa.\"}");
    g_assert_cmpuint(changed->status, ==, 200);
    g_autoptr(Answer) second = desk_wait_for_sound(self, id);
    g_assert_cmpstr(json_peek_text(second->json, "text"), ==, "Họp lúc 6h tại nhà văn hóa.");
    g_assert_cmpstr(json_peek_text(second->json, "sha256"), !=,
                    json_peek_text(first->json, "sha256"));
    g_autoptr(Answer) titled = desk_json(self, "operator", line, "{\"title\":\"Họp\"}");
    g_assert_cmpstr(json_peek_text(titled->json, "sha256"), ==,
                    json_peek_text(second->json, "sha256"));
    g_assert_cmpstr(json_peek_text(titled->json, "text"), ==, "Họp lúc 6h tại nhà văn hóa.");
}

static void test_only_vietnamese_and_only_one_source(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autoptr(Answer) other =
        desk_json(self, "operator", "POST /api/bulletins",
                  "{\"area\":\"b2\",\"title\":\"x\",\"text\":\"x\",\"language\":\"tyz\"}");
    g_assert_cmpuint(other->status, ==, 422);
    g_autoptr(Answer) both = desk_json(self, "operator", "POST /api/bulletins",
                                       "{\"area\":\"b2\",\"title\":\"x\",\"text\":\"x\","
                                       "\"upload\":\"00000000000000000000000000000000\"}");
    g_assert_cmpuint(both->status, ==, 422);
}

static void test_a_controller_that_died_reads_it_again(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autoptr(Answer) made = type(self, "Xin chào bà con.");
    bulletin_api_free(self->app.bulletins);
    intake_free(self->intake);
    uploads_free(self->app.uploads);
    media_store_free(self->media);
    desk_open_rooms(self);
    router_free(self->router);
    server_stop(self->server);
    desk_start_server(self);
    g_autoptr(Answer) ready = desk_wait_for_sound(self, json_peek_text(made->json, "id"));
    g_assert_cmpstr(json_peek_text(ready->json, "audio"), ==, "ready");
}

/* ---- the worker alone ---- */

/* How long the sound is that the worker makes, in ms; -1 when it named a reason. */
static int64_t spoken_ms(Fixture *self, const char *text)
{
    g_autofree char *in = g_build_filename(self->folder, "text", NULL);
    g_autofree char *line =
        g_strdup_printf("cd '%s' && '%s' <text 3>speech.wav", self->folder, SPEECH_WORKER);
    g_autofree char *said = NULL;
    int status = 0;
    g_assert_true(g_file_set_contents(in, text, -1, NULL));
    const char *words[] = {"/bin/sh", "-c", line, NULL};
    g_assert_true(g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_DEFAULT, NULL, NULL, &said, NULL,
                               &status, NULL));
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
    g_autoptr(Json) result = json_parse(said, strcspn(said, "\n"), NULL);
    g_assert_nonnull(result);
    return json_peek_bool(result, "ok", false) ? json_peek_int(result, "duration_ms", 0) : -1;
}

/* Each is longer than the one before, so none of its parts is skipped. */
static void test_sound_grows_with_what_is_to_be_said(Fixture *self, gconstpointer data)
{
    (void)data;
    static const char *const ladder[] = {"Họp",
                                         "Họp 5h",
                                         "Họp 17h30",
                                         "Họp 17h30 ngày 5/11",
                                         "Họp 17h30 ngày 5/11/2026",
                                         "Họp 17h30 ngày 5/11/2026. UBND",
                                         "Họp 17h30 ngày 5/11/2026. UBND TP.HCM",
                                         "Họp 17h30 ngày 5/11/2026. UBND TP.HCM, ĐT 0912 345 678"};
    int64_t before = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(ladder); i++) {
        const int64_t now = spoken_ms(self, ladder[i]);
        g_assert_cmpint(now, >, before + 150);
        before = now;
    }
}

/* Words are spoken, not letters or signs: written out and abbreviated sound equally long. */
static void test_an_abbreviation_sounds_like_its_words(Fixture *self, gconstpointer data)
{
    (void)data;
    const int64_t brief = spoken_ms(self, "UBND xã họp 17h30");
    const int64_t full = spoken_ms(self, "Ủy ban nhân dân xã họp mười bảy giờ ba mươi phút");
    g_assert_cmpint(brief, ==, full);
}

/* Letters of other scripts would make the voice open files, which the cage forbids. */
static void test_foreign_letters_do_not_end_it(Fixture *self, gconstpointer data)
{
    (void)data;
    static const char *const strange[] = {
        "日本 xin chào",      "Дом xin chào", "שלום xin chào", "hello the windows xin chào",
        "ł ß ö ŋ ə xin chào", "😀 xin chào",   "กขค xin chào",  "<voice xml:lang=\"ru\">x"};
    for (size_t i = 0; i < G_N_ELEMENTS(strange); i++)
        g_assert_cmpint(spoken_ms(self, strange[i]), >, 100);
    g_assert_cmpint(spoken_ms(self, "日本"), ==, -1);
}

static void test_random_letters_do_not_end_it(Fixture *self, gconstpointer data)
{
    (void)data;
    g_autoptr(GRand) random = g_rand_new_with_seed(20261122);
    static const gint32 ranges[][2] = {{0x21, 0x7e},     {0xa1, 0x24f},     {0x1e00, 0x1eff},
                                       {0x2000, 0x206f}, {0x300, 0x5ff},    {0x20, 0x21},
                                       {0x4e00, 0x4eff}, {0x1f600, 0x1f64f}};
    for (int round = 0; round < 6; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int i = 0; i < 1500; i++) {
            const gint32 *range = ranges[g_rand_int_range(random, 0, G_N_ELEMENTS(ranges))];
            g_string_append_unichar(text, (gunichar)g_rand_int_range(random, range[0], range[1]));
        }
        g_assert_cmpint(spoken_ms(self, text->str), >, 0);
    }
}

#define ADD(name, function)                                                                        \
    g_test_add("/speech/" name, Fixture, NULL, desk_set_up, function, desk_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
    g_assert_true(crypto_init());
    ADD("a typed text becomes sound", test_a_typed_text_becomes_sound);
    ADD("the longest text fits and longer is refused",
        test_the_longest_text_fits_and_longer_is_refused);
    ADD("a text without words is named", test_a_text_without_words_is_named);
    ADD("a changed text makes the next version", test_a_changed_text_makes_the_next_version);
    ADD("only Vietnamese and only one source", test_only_vietnamese_and_only_one_source);
    ADD("a controller that died reads it again", test_a_controller_that_died_reads_it_again);
    ADD("sound grows with what is to be said", test_sound_grows_with_what_is_to_be_said);
    ADD("an abbreviation sounds like its words", test_an_abbreviation_sounds_like_its_words);
    ADD("foreign letters do not end it", test_foreign_letters_do_not_end_it);
    ADD("random letters do not end it", test_random_letters_do_not_end_it);
    return g_test_run();
}
