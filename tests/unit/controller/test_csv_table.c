/* Spreadsheets as they come: Excel's mark and semicolons, quotes, accents in headings. */
#include "registry/csv_table.h"

#include <string.h>

static CsvTable *table_of(const char *text, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    return csv_table_read(bytes, error);
}

static const char *const name[] = {"name", "ten", NULL};
static const char *const serial[] = {"serial", "so may", NULL};

static void test_excel_in_vietnamese(void)
{
    g_autoptr(CsvTable) table = table_of(
        "\xef\xbb\xbfSố máy;Tên\r\nLB-1;\"Thôn \"\"Thượng\"\"; ngõ 2\"\r\n\r\n LB-2 ; Hạ\r\n",
        NULL);
    g_assert_nonnull(table);
    g_assert_cmpuint(csv_table_rows(table), ==, 2);
    int n = csv_table_column(table, name), s = csv_table_column(table, serial);
    g_assert_cmpstr(csv_table_cell(table, 0, n), ==, "Thôn \"Thượng\"; ngõ 2");
    g_assert_cmpstr(csv_table_cell(table, 1, s), ==, "LB-2");
    g_assert_cmpstr(csv_table_cell(table, 1, n), ==, "Hạ");
}

static void test_short_rows_and_unknown_columns_are_empty(void)
{
    g_autoptr(CsvTable) table = table_of("name,serial\nA\n", NULL);
    g_assert_cmpstr(csv_table_cell(table, 0, csv_table_column(table, serial)), ==, "");
    g_assert_cmpint(csv_table_column(table, (const char *const[]){"kind", NULL}), ==, -1);
    g_assert_cmpstr(csv_table_cell(table, 0, -1), ==, "");
}

static void test_marks_are_composed(void)
{
    g_autoptr(CsvTable) table = table_of("name\nHa\xcc\xa3\n", NULL); /* a + dot below */
    g_assert_cmpstr(csv_table_cell(table, 0, 0), ==, "Hạ");
}

static void test_what_is_no_table_is_refused(void)
{
    static const char *const bad[] = {"", "\n\n", "name\n\"open", "name\n\xff\xfe"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(table_of(bad[i], &error));
        g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
}

static void test_rows_and_columns_have_a_limit(void)
{
    g_autoptr(GString) rows = g_string_new("name\n");
    for (unsigned i = 0; i <= CSV_ROWS_MAX; i++)
        g_string_append(rows, "a\n");
    g_autoptr(GError) tall = NULL, wide = NULL;
    g_assert_null(table_of(rows->str, &tall));
    g_assert_error(tall, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
    g_autofree char *columns = g_strnfill(CSV_COLUMNS_MAX, ',');
    g_assert_null(table_of(columns, &wide));
    g_assert_error(wide, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/csv_table/" #name, test_##name)
    ADD(excel_in_vietnamese);
    ADD(short_rows_and_unknown_columns_are_empty);
    ADD(marks_are_composed);
    ADD(what_is_no_table_is_refused);
    ADD(rows_and_columns_have_a_limit);
    return g_test_run();
}
