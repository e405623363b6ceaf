/* What people are told about a file that could not be used. */
#include "content/found.h"
#include "content/intake.h"

#include <string.h>

static void assert_vietnamese(const char *english, const char *wanted)
{
    g_autofree char *text = found_in_vietnamese(english);
    g_assert_cmpstr(text, ==, wanted);
}

static void test_findings_are_translated(void)
{
    assert_vietnamese("a PNG image", "ảnh PNG");
    assert_vietnamese("unknown data", "dữ liệu không rõ loại");
    assert_vietnamese("an empty file", "tệp rỗng");
    assert_vietnamese("MP3 audio, cut off: 5.0 s of 10.1 s",
                      "âm thanh MP3, bị cắt cụt: 5.0 giây trên 10.1 giây");
    assert_vietnamese("an MP4 file of 130 minutes", "tệp MP4 dài 130 phút");
    assert_vietnamese("something/strange", "something/strange");
}

static void test_a_message_names_the_file_and_what_was_found(void)
{
    g_autoptr(Json) result = json_new_object();
    g_autofree char *vi = NULL, *en = NULL;
    json_set_text(result, "code", "unknown-type");
    json_set_text(result, "found", "a PNG image");
    intake_explain(result, "thông báo.mp3", &vi, &en);
    g_assert_nonnull(strstr(vi, "thông báo.mp3"));
    g_assert_nonnull(strstr(vi, "ảnh PNG"));
    g_assert_nonnull(strstr(en, "thông báo.mp3"));
    g_assert_nonnull(strstr(en, "a PNG image"));
}

static void test_a_worker_that_died_has_a_message_too(void)
{
    g_autofree char *vi = NULL, *en = NULL;
    intake_explain(NULL, "a.ogg", &vi, &en);
    g_assert_nonnull(strstr(vi, "bị hỏng"));
    g_assert_nonnull(strstr(en, "is broken"));
}

static void test_percent_signs_in_a_name_stay_percent_signs(void)
{
    g_autofree char *vi = NULL, *en = NULL;
    intake_explain(NULL, "100%s%n.mp3", &vi, &en);
    g_assert_nonnull(strstr(en, "100%s%n.mp3"));
}

static void test_short_texts_are_recognised(void)
{
    static const char cut[] = "xin ch\xc3";
    g_assert_true(found_is_text("xin chào", strlen("xin chào")));
    g_assert_true(found_is_text(cut, strlen(cut)));
    g_assert_false(found_is_text("a\0b", 3));
    g_assert_false(found_is_text("\xff\xfe\xfd\xfc\xfb", 5));
    g_assert_false(found_is_text("", 0));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/found/findings are translated", test_findings_are_translated);
    g_test_add_func("/found/a message names the file and what was found",
                    test_a_message_names_the_file_and_what_was_found);
    g_test_add_func("/found/a worker that died has a message too",
                    test_a_worker_that_died_has_a_message_too);
    g_test_add_func("/found/percent signs in a name stay percent signs",
                    test_percent_signs_in_a_name_stay_percent_signs);
    g_test_add_func("/found/short texts are recognised", test_short_texts_are_recognised);
    return g_test_run();
}
