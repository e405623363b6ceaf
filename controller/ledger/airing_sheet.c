/* One table: a heading in two languages and what stands below it. The codes of outcome and reason
 * stand beside their words, so that a file can be sorted by machine and read by people. */
#include "ledger/airing_sheet.h"

#include "ledger/outcome_text.h"
#include "ledger/receipt_store.h"
#include "registry/area_store.h"
#include "schedule/recurrence.h"

struct AiringSheet {
    Ledger *ledger;
    AiringView *view;
    Language language;
    char *zone;
    GTimeZone *zone_kept; /* so that GLib keeps it at hand */
    GHashTable *areas;    /* id -> name */
    ReceiptMark mark;     /* of the row being written */
};

typedef struct Cell {
    AiringSheet *self;
    const Airing *airing;
    const char *outcome;
} Cell;

AiringSheet *airing_sheet_new(Ledger *ledger, AiringView *view, const char *zone, Language language)
{
    AiringSheet *self = g_new0(AiringSheet, 1);
    self->ledger = ledger;
    self->view = view;
    self->language = language;
    self->zone = g_strdup(zone);
    self->zone_kept = recurrence_zone_open(zone);
    self->areas = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void airing_sheet_free(AiringSheet *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->areas);
    g_time_zone_unref(self->zone_kept);
    g_free(self->zone);
    g_free(self);
}

static int64_t wall(const AiringSheet *self, int64_t at_us)
{
    return at_us ? at_us + recurrence_offset_s(self->zone, at_us) * (int64_t)G_USEC_PER_SEC : 0;
}

static const char *area_name(AiringSheet *self, const char *id)
{
    char *name = g_hash_table_lookup(self->areas, id);
    if (name)
        return name;
    g_autoptr(Area) area = area_store_get(self->ledger->database, id, NULL);
    name = g_strdup(area ? area->name : id);
    g_hash_table_insert(self->areas, g_strdup(id), name);
    return name;
}

static void planned(const Cell *c, Sheet *s)
{
    sheet_time(s, wall(c->self, c->airing->planned_us));
}
static void station_name(const Cell *c, Sheet *s)
{
    sheet_text(s, airing_view_station(c->self->view, c->airing->station));
}
static void area(const Cell *c, Sheet *s)
{
    sheet_text(s, area_name(c->self, c->airing->area));
}
static void title(const Cell *c, Sheet *s)
{
    sheet_text(s, c->airing->title);
}
static void class(const Cell *c, Sheet *s)
{
    sheet_text(s, c->airing->class);
}
static void source(const Cell *c, Sheet *s)
{
    sheet_text(s, c->airing->source);
}
static void language(const Cell *c, Sheet *s)
{
    sheet_text(s, c->airing->language);
}
static void author(const Cell *c, Sheet *s)
{
    sheet_text(s, c->airing->author);
}
static void approver(const Cell *c, Sheet *s)
{
    sheet_text(s, c->airing->approver);
}
static void outcome(const Cell *c, Sheet *s)
{
    sheet_text(s, c->outcome);
}
static void reason(const Cell *c, Sheet *s)
{
    sheet_text(s, c->airing->reason);
}
static void reason_text(const Cell *c, Sheet *s)
{
    sheet_text(s, outcome_text_reason(c->airing->reason, c->self->language));
}
static void started(const Cell *c, Sheet *s)
{
    sheet_time(s, wall(c->self, c->airing->started_us));
}
static void ended(const Cell *c, Sheet *s)
{
    sheet_time(s, wall(c->self, c->airing->ended_us));
}
static void late(const Cell *c, Sheet *s)
{
    sheet_int(s, c->airing->late_by_ms);
}
static void planned_s(const Cell *c, Sheet *s)
{
    sheet_real(s, (double)c->airing->duration_ms / 1000, 1);
}
static void played_s(const Cell *c, Sheet *s)
{
    sheet_real(s, (double)c->airing->frames / 48000, 1);
}
static void grade(const Cell *c, Sheet *s)
{
    sheet_int(s, c->airing->grade);
}
static void rms(const Cell *c, Sheet *s)
{
    sheet_real(s, c->airing->rms_dbfs, 1);
}
static void peak(const Cell *c, Sheet *s)
{
    sheet_real(s, c->airing->peak_dbfs, 1);
}
static void frames(const Cell *c, Sheet *s)
{
    sheet_int(s, c->airing->frames);
}
static void xruns(const Cell *c, Sheet *s)
{
    sheet_int(s, c->airing->xruns);
}
static void mixer(const Cell *c, Sheet *s)
{
    sheet_real(s, c->airing->mixer_db, 1);
}
static void amplifier(const Cell *c, Sheet *s)
{
    sheet_text(s, c->airing->amplifier);
}
static void trust(const Cell *c, Sheet *s)
{
    sheet_int(s, c->airing->clock_trust);
}
static void receipts(const Cell *c, Sheet *s)
{
    sheet_int(s, c->airing->receipts);
}
static void counter(const Cell *c, Sheet *s)
{
    sheet_int(s, c->airing->receipt_counter);
}
static void keyid(const Cell *c, Sheet *s)
{
    sheet_text(s, c->self->mark.keyid);
}
static void sha256(const Cell *c, Sheet *s)
{
    sheet_text(s, c->self->mark.sha256);
}
static void station(const Cell *c, Sheet *s)
{
    sheet_text(s, c->airing->station);
}
static void broadcast(const Cell *c, Sheet *s)
{
    sheet_text(s, c->airing->broadcast);
}
static void version(const Cell *c, Sheet *s)
{
    sheet_text(s, c->airing->bulletin_version);
}
static void id(const Cell *c, Sheet *s)
{
    sheet_text(s, c->airing->id);
}

static const struct {
    const char *vi, *en;
    void (*write)(const Cell *cell, Sheet *sheet);
} columns[] = {
    {"Giờ hẹn", "Planned start", planned},
    {"Trạm", "Station", station_name},
    {"Đơn vị", "Area", area},
    {"Bản tin", "Title", title},
    {"Mức", "Class", class},
    {"Nguồn", "Source", source},
    {"Ngôn ngữ", "Language", language},
    {"Người soạn", "Author", author},
    {"Người duyệt", "Approver", approver},
    {"Kết quả", "Outcome", outcome},
    {"Mã lý do", "Reason code", reason},
    {"Lý do", "Reason", reason_text},
    {"Bắt đầu", "Started", started},
    {"Kết thúc", "Ended", ended},
    {"Chậm (ms)", "Late by (ms)", late},
    {"Thời lượng hẹn (giây)", "Planned (s)", planned_s},
    {"Thời lượng đã phát (giây)", "Played (s)", played_s},
    {"Mức bằng chứng", "Evidence grade", grade},
    {"Mức tiếng (dBFS)", "Level (dBFS)", rms},
    {"Đỉnh (dBFS)", "Peak (dBFS)", peak},
    {"Khung âm thanh", "Frames", frames},
    {"Lần đứt tiếng", "Interruptions", xruns},
    {"Âm lượng máy (dB)", "Mixer (dB)", mixer},
    {"Tăng âm", "Amplifier", amplifier},
    {"Độ tin cậy đồng hồ", "Clock trust", trust},
    {"Số biên nhận nhận được", "Receipts", receipts},
    {"Biên nhận số", "Receipt counter", counter},
    {"Mã khóa", "Key id", keyid},
    {"SHA-256 của biên nhận", "SHA-256 of the receipt", sha256},
    {"Mã trạm", "Station id", station},
    {"Mã lịch phát", "Broadcast id", broadcast},
    {"Mã phiên bản bản tin", "Bulletin version id", version},
    {"Mã lượt phát", "Airing id", id},
};

void airing_sheet_headings(AiringSheet *self, Sheet *sheet)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++)
        sheet_heading(sheet, self->language == LANGUAGE_VI ? columns[i].vi : columns[i].en);
    sheet_end_row(sheet);
}

bool airing_sheet_row(AiringSheet *self, Sheet *sheet, const Airing *airing, GError **error)
{
    Cell cell = {
        .self = self, .airing = airing, .outcome = airing_view_outcome(self->view, airing)};
    self->mark = (ReceiptMark){0};
    if (airing->receipt_seq &&
        !receipt_store_mark(self->ledger->database, airing->receipt_seq, &self->mark, error))
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++)
        columns[i].write(&cell, sheet);
    sheet_end_row(sheet);
    return true;
}
