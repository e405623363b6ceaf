/* A list of stations: those already paired get the name and place it says, the others wait under
 * the number on their label until somebody types their code. The whole list is judged before the
 * first row is written. */
#include "registry/import_api.h"

#include <math.h>
#include <string.h>

#include "registry/area_index.h"
#include "registry/expected_store.h"
#include "registry/import_report.h"
#include "registry/import_store.h"
#include "registry/station_store.h"

#define NAME_MAX_CHARS 120
#define SERIAL_MAX     64
#define VOLUME_MIN_DB  (-60.0)

static const ImportWhy why_serial = {
    "Thiếu số máy (in trên nhãn của trạm), hoặc số máy quá dài.",
    "The serial number (on the station's label) is missing or too long."};
static const ImportWhy why_twice = {"Số máy này đã có ở một dòng phía trên.",
                                    "This serial number stands in a row above."};
static const ImportWhy why_name = {"Thiếu tên trạm, hoặc tên dài quá 120 ký tự.",
                                   "The name is missing or longer than 120 characters."};
static const ImportWhy why_no_area = {
    "Không có đơn vị tên này trong phạm vi của bạn. Hãy xem lại tên, hoặc thêm đơn vị trước.",
    "There is no area of this name where you manage stations. Check the name, or add the area."};
static const ImportWhy why_which_area = {
    "Có nhiều đơn vị cùng tên. Hãy ghi cả cấp trên, như “Xã Đông Hưng / Thôn Thượng”.",
    "Several areas have this name. Write the one above as well: “Commune / Village”."};
static const ImportWhy why_place = {
    "Vĩ độ phải từ -90 đến 90 và kinh độ từ -180 đến 180, ví dụ 20,9517 và 106,0519; ghi cả hai "
    "hoặc để trống cả hai.",
    "Latitude is -90 to 90 and longitude -180 to 180, such as 20.9517 and 106.0519; give both or "
    "neither."};
static const ImportWhy why_volume = {"Âm lượng từ -60 đến 0 dB.", "Volume is -60 to 0 dB."};
static const ImportWhy why_not_yours = {
    "Trạm này đang thuộc một đơn vị khác. Người quản trị ở đó phải chuyển trước.",
    "This station belongs to another area. Its administrator has to move it first."};

typedef struct Columns {
    int serial, name, area, latitude, longitude, volume;
} Columns;

/* One row, understood. */
typedef struct Wanted {
    ExpectedStation row; /* borrowed texts; area NULL = stays */
    bool has_volume;
    Station *paired; /* NULL: still to come */
} Wanted;

typedef struct Import {
    Registry *registry;
    const Request *request;
    CsvTable *table;
    Columns columns;
    AreaIndex *areas;
    GHashTable *serials; /* seen in this file */
    GArray *wanted;      /* Wanted */
    ImportReport *report;
} Import;

static void clear_wanted(void *data)
{
    station_free(((Wanted *)data)->paired);
}

static void import_clear(Import *self)
{
    csv_table_free(self->table);
    area_index_free(self->areas);
    import_report_free(self->report);
    if (self->serials)
        g_hash_table_unref(self->serials);
    if (self->wanted)
        g_array_unref(self->wanted);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, import_clear)

static Columns find_columns(const CsvTable *table)
{
    static const char *const serial[] = {"serial", "so may", "so seri", "so", NULL};
    static const char *const name[] = {"name", "ten", "ten tram", NULL};
    static const char *const area[] = {"area", "don vi", "thuoc", "thuoc don vi", NULL};
    static const char *const latitude[] = {"latitude", "lat", "vi do", NULL};
    static const char *const longitude[] = {"longitude", "lon", "lng", "kinh do", NULL};
    static const char *const volume[] = {"volume_db", "volume", "am luong", NULL};
    return (Columns){.serial = csv_table_column(table, serial),
                     .name = csv_table_column(table, name),
                     .area = csv_table_column(table, area),
                     .latitude = csv_table_column(table, latitude),
                     .longitude = csv_table_column(table, longitude),
                     .volume = csv_table_column(table, volume)};
}

/* A number as a Vietnamese or an English spreadsheet writes it; NAN = nothing there. */
static bool read_number(const char *text, double least, double most, double *ret_value)
{
    *ret_value = (double)NAN;
    if (!*text)
        return true;
    g_autofree char *dotted = g_strdelimit(g_strdup(text), ",", '.');
    char *end = NULL;
    *ret_value = g_ascii_strtod(dotted, &end);
    return end != dotted && !*end && *ret_value >= least && *ret_value <= most;
}

static const ImportWhy *read_numbers(const Import *self, unsigned row, Wanted *wanted)
{
    const Columns *at = &self->columns;
    double volume_db;
    bool placed = read_number(csv_table_cell(self->table, row, at->latitude), -90, 90,
                              &wanted->row.latitude) &&
                  read_number(csv_table_cell(self->table, row, at->longitude), -180, 180,
                              &wanted->row.longitude);
    if (!placed || isnan(wanted->row.latitude) != isnan(wanted->row.longitude))
        return &why_place;
    if (!read_number(csv_table_cell(self->table, row, at->volume), VOLUME_MIN_DB, 0, &volume_db))
        return &why_volume;
    wanted->has_volume = !isnan(volume_db);
    wanted->row.volume_mdb = wanted->has_volume ? (int)lround(volume_db * 1000) : 0;
    return NULL;
}

static const ImportWhy *read_area(const Import *self, unsigned row, Wanted *wanted)
{
    const char *said = csv_table_cell(self->table, row, self->columns.area);
    const Area *area = NULL;
    if (!*said && wanted->paired)
        return NULL;
    if (!*said)
        said = request_query(self->request, "area");
    AreaIndexAnswer answer =
        said && *said ? area_index_find(self->areas, said, &area) : AREA_INDEX_NONE;
    wanted->row.area = area ? area->id : NULL;
    return answer == AREA_INDEX_FOUND  ? NULL
           : answer == AREA_INDEX_NONE ? &why_no_area
                                       : &why_which_area;
}

static const ImportWhy *read_names(Import *self, unsigned row, Wanted *wanted)
{
    const char *serial = csv_table_cell(self->table, row, self->columns.serial);
    const char *name = csv_table_cell(self->table, row, self->columns.name);
    if (!*serial || g_utf8_strlen(serial, -1) > SERIAL_MAX)
        return &why_serial;
    if (!g_hash_table_add(self->serials, (char *)serial))
        return &why_twice;
    wanted->row.serial = (char *)serial;
    wanted->row.name = (char *)name;
    Database *database = self->registry->database;
    wanted->paired = station_store_by_serial(database, serial, NULL);
    if (wanted->paired && !access_allows(database, access_user(self->request), VERB_MANAGE_STATIONS,
                                         wanted->paired->area))
        return &why_not_yours;
    bool fits = g_utf8_strlen(name, -1) <= NAME_MAX_CHARS && (*name || wanted->paired);
    return fits ? NULL : &why_name;
}

static bool same_degrees(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) < 1e-9;
}

/* What the row leaves empty stays as it is. */
static void complete(Wanted *wanted)
{
    const Station *now = wanted->paired;
    if (!*wanted->row.name)
        wanted->row.name = now->name;
    if (!wanted->row.area)
        wanted->row.area = now->area;
    if (!wanted->has_volume)
        wanted->row.volume_mdb = now->volume_mdb;
    if (isnan(wanted->row.latitude)) {
        wanted->row.latitude = now->latitude;
        wanted->row.longitude = now->longitude;
    }
}

static ImportWhat what_paired(const Wanted *wanted)
{
    const Station *now = wanted->paired;
    bool same = g_str_equal(now->name, wanted->row.name) &&
                g_str_equal(now->area, wanted->row.area) &&
                now->volume_mdb == wanted->row.volume_mdb &&
                same_degrees(now->latitude, wanted->row.latitude) &&
                same_degrees(now->longitude, wanted->row.longitude);
    return same ? IMPORT_SAME : IMPORT_UPDATE;
}

static ImportWhat what_expected(const Import *self, const Wanted *wanted, const ImportWhy **ret_why)
{
    Database *database = self->registry->database;
    g_autoptr(ExpectedStation) now = expected_store_get(database, wanted->row.serial, NULL);
    if (!now)
        return IMPORT_CREATE;
    if (!access_allows(database, access_user(self->request), VERB_MANAGE_STATIONS, now->area)) {
        *ret_why = &why_not_yours;
        return IMPORT_REFUSED;
    }
    bool same = g_str_equal(now->name, wanted->row.name) &&
                g_str_equal(now->area, wanted->row.area) &&
                now->volume_mdb == wanted->row.volume_mdb &&
                same_degrees(now->latitude, wanted->row.latitude) &&
                same_degrees(now->longitude, wanted->row.longitude);
    return same ? IMPORT_SAME : IMPORT_UPDATE;
}

static void judge(Import *self, unsigned row)
{
    Wanted wanted = {0};
    ImportWhat what = IMPORT_REFUSED;
    const ImportWhy *why = read_names(self, row, &wanted);
    if (!why)
        why = read_numbers(self, row, &wanted);
    if (!why)
        why = read_area(self, row, &wanted);
    if (!why && wanted.paired)
        complete(&wanted);
    if (!why)
        what = wanted.paired ? what_paired(&wanted) : what_expected(self, &wanted, &why);
    import_report_add(self->report, row, what, csv_table_cell(self->table, row, self->columns.name),
                      why);
    if (what == IMPORT_CREATE || what == IMPORT_UPDATE)
        g_array_append_val(self->wanted, wanted);
    else
        clear_wanted(&wanted);
}

static bool write_one(const Import *self, const Wanted *wanted, int64_t now_us, GError **error)
{
    Registry *registry = self->registry;
    const ExpectedStation *row = &wanted->row;
    if (!wanted->paired)
        return expected_store_put(registry->database, row, now_us, error);
    const char *id = wanted->paired->id;
    bool written =
        station_store_rename(registry->database, id, row->name, row->area, error) &&
        station_store_set_volume(registry->database, id, row->volume_mdb, error) &&
        station_store_set_place(registry->database, id, row->latitude, row->longitude, error);
    if (written && registry->facts.ops && registry->facts.ops->changed)
        registry->facts.ops->changed(registry->facts.self, id);
    return written;
}

static bool write_all(const void *import, int64_t now_us, GError **error)
{
    const Import *self = import;
    for (unsigned i = 0; i < self->wanted->len; i++)
        if (!write_one(self, &g_array_index(self->wanted, Wanted, i), now_us, error))
            return false;
    return true;
}

Reply *station_import_post(void *room, Request *request)
{
    Registry *registry = room;
    Reply *refusal = NULL;
    g_autoptr(GError) error = NULL;
    if (!access_anywhere(access_user(request), VERB_MANAGE_STATIONS))
        return reply_problem(&problem_forbidden);
    g_auto(Import) self = {.registry = registry, .request = request};
    self.table = import_report_table(request, &refusal);
    if (!self.table)
        return refusal;
    self.columns = find_columns(self.table);
    self.areas =
        area_index_new(registry->database, access_user(request), VERB_MANAGE_STATIONS, &error);
    if (!self.areas)
        return reply_error(error);
    self.serials = g_hash_table_new(g_str_hash, g_str_equal);
    self.wanted = g_array_new(FALSE, FALSE, sizeof(Wanted));
    g_array_set_clear_func(self.wanted, clear_wanted);
    self.report = import_report_new(request_language(request));
    for (unsigned row = 0; row < csv_table_rows(self.table); row++)
        judge(&self, row);
    bool dry_run = import_report_is_dry(request);
    ImportRows rows = {self.wanted->len, write_all, &self, "station.import"};
    if (!dry_run && import_report_clean(self.report) &&
        !import_store(registry->database, request, &rows, &error))
        return reply_error(error);
    return import_report_reply(self.report, dry_run);
}
