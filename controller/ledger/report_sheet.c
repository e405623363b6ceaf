/* Tables again: what a column is called, which member of the document stands in it and how. */
#include "ledger/report_sheet.h"

#include <math.h>

typedef enum { AS_TEXT, AS_COUNT, AS_SHARE, AS_MINUTES, AS_SECONDS, AS_YES } As;

typedef struct Column {
    const char *vi, *en;
    const char *member;
    As as;
} Column;

#define FIGURES                                                                                    \
    {"Lượt đến giờ", "Due", "due", AS_COUNT}, {"Đã phát", "Played", "played", AS_COUNT},           \
        {"Phát một phần", "Partial", "partial", AS_COUNT},                                         \
        {"Không phát được", "Missed", "missed", AS_COUNT},                                         \
        {"Chưa có tin", "No word yet", "unknown", AS_COUNT},                                       \
        {"Không có biên nhận", "Never reported", "unreported", AS_COUNT},                          \
        {"Đã hủy", "Cancelled", "cancelled", AS_COUNT},                                            \
        {"Sắp phát", "Upcoming", "upcoming", AS_COUNT},                                            \
        {"Tỷ lệ phát thành công (%)", "Success rate (%)", "success", AS_SHARE},                    \
        {"Phút đã hẹn", "Minutes due", "planned_ms", AS_MINUTES},                                  \
        {"Phút đã phát", "Minutes aired", "played_ms", AS_MINUTES},                                \
        {"Lượt bắt đầu chậm", "Late starts", "late", AS_COUNT},                                    \
    {                                                                                              \
        "Tổng thời gian chậm (giây)", "Late in all (s)", "late_ms", AS_SECONDS                     \
    }
#define UPTIME                                                                                     \
    {"Số trạm", "Stations", "stations", AS_COUNT},                                                 \
        {"Thời gian hoạt động (%)", "Uptime (%)", "online_share", AS_SHARE},                       \
    {                                                                                              \
        "Số lần mất kết nối", "Times offline", "drops", AS_COUNT                                   \
    }

static const Column total_columns[] = {UPTIME, FIGURES};
static const Column area_columns[] = {{"Đơn vị", "Area", "name", AS_TEXT}, UPTIME, FIGURES};
static const Column day_columns[] = {{"Ngày", "Day", "day", AS_TEXT}, FIGURES};
static const Column key_columns[] = {{"Nhóm", "Group", "key", AS_TEXT}, FIGURES};
static const Column reason_columns[] = {{"Mã lý do", "Reason code", "reason", AS_TEXT},
                                        {"Lý do", "Reason", "text", AS_TEXT},
                                        {"Số lượt", "Airings", "airings", AS_COUNT}};
static const Column fault_columns[] = {{"Mã lỗi", "Fault code", "code", AS_TEXT},
                                       {"Lỗi", "Fault", "text", AS_TEXT},
                                       {"Số trạm", "Stations", "stations", AS_COUNT}};
static const Column coverage_columns[] = {
    {"Xã, phường", "Commune", "name", AS_TEXT},
    {"Thuộc", "Part of", "parent_name", AS_TEXT},
    {"Số trạm trên Loa", "Stations on Loa", "stations", AS_COUNT},
    {"Trạm đang hoạt động", "Stations online", "online", AS_COUNT},
    {"Hệ thống cũ", "Older system", "legacy", AS_TEXT},
    {"Có đài truyền thanh", "Has a station", "has_station", AS_YES},
    {"Có đài số", "Has a digital one", "has_digital", AS_YES},
};

static void write_cell(Sheet *sheet, const Json *row, const Column *column, Language language)
{
    double value = json_peek_real(row, column->member, NAN);
    bool yes = json_peek_bool(row, column->member, false);
    switch (column->as) {
    case AS_COUNT: sheet_real(sheet, value, 0); break;
    case AS_SHARE: sheet_real(sheet, value * 100, 2); break;
    case AS_MINUTES: sheet_real(sheet, value / 60000, 1); break;
    case AS_SECONDS: sheet_real(sheet, value / 1000, 1); break;
    case AS_YES:
        sheet_text(sheet, language == LANGUAGE_VI ? (yes ? "có" : "không") : (yes ? "yes" : "no"));
        break;
    case AS_TEXT:
    default: sheet_text(sheet, json_peek_text(row, column->member));
    }
}

typedef struct Table {
    const char *vi, *en;
    const char *member; /* an array, or one object */
    const Column *columns;
    unsigned n_columns;
} Table;

static void write_table(Sheet *sheet, const Json *report, const Table *table, Language language)
{
    const Json *rows = json_peek(report, table->member);
    sheet_page(sheet, language == LANGUAGE_VI ? table->vi : table->en);
    for (unsigned i = 0; i < table->n_columns; i++)
        sheet_heading(sheet, language == LANGUAGE_VI ? table->columns[i].vi : table->columns[i].en);
    sheet_end_row(sheet);
    size_t count = json_is_array(rows) ? json_length(rows) : 1;
    for (size_t row = 0; row < count; row++) {
        const Json *object = json_is_array(rows) ? json_at(rows, row) : rows;
        for (unsigned i = 0; i < table->n_columns; i++)
            write_cell(sheet, object, &table->columns[i], language);
        sheet_end_row(sheet);
    }
}

#define OF(columns) columns, G_N_ELEMENTS(columns)

void report_sheet_monthly(Sheet *sheet, const Json *report, Language language)
{
    static const Table tables[] = {
        {"Tổng hợp", "Total", "total", OF(total_columns)},
        {"Theo đơn vị", "By area", "areas", OF(area_columns)},
        {"Theo ngày", "By day", "days", OF(day_columns)},
        {"Theo mức", "By class", "by_class", OF(key_columns)},
        {"Theo nguồn", "By source", "by_source", OF(key_columns)},
        {"Theo ngôn ngữ", "By language", "by_language", OF(key_columns)},
        {"Theo người soạn", "By author", "by_author", OF(key_columns)},
        {"Lý do không phát", "Reasons", "reasons", OF(reason_columns)},
        {"Lỗi hiện tại", "Faults now", "faults", OF(fault_columns)},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++)
        write_table(sheet, report, &tables[i], language);
}

void report_sheet_coverage(Sheet *sheet, const Json *report, Language language)
{
    static const Table table = {"Độ phủ", "Coverage", "items", OF(coverage_columns)};
    write_table(sheet, report, &table, language);
}
