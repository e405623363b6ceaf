/* A list of areas, parents before their children. What is there already stays; a row may stand
 * below one that an earlier row of the same list makes. */
#include "registry/import_api.h"

#include <string.h>

#include "crypto.h"
#include "registry/area_index.h"
#include "registry/import_report.h"
#include "registry/import_store.h"

#define ID_BYTES      8
#define AREA_NAME_MAX 120
#define KIND_MAX      40

static const ImportWhy why_name = {"Thiếu tên đơn vị, hoặc tên dài quá 120 ký tự.",
                                   "The name is missing or longer than 120 characters."};
static const ImportWhy why_kind = {
    "Thiếu loại đơn vị (tỉnh, xã, phường, thôn…), hoặc dài quá 40 ký tự.",
    "The kind (province, commune, ward, village…) is missing or longer than 40 characters."};
static const ImportWhy why_no_parent = {
    "Không có đơn vị cấp trên tên này trong phạm vi của bạn, ở hệ thống hay ở các dòng phía trên.",
    "No area of this name to stand below: neither where you manage areas nor in the rows above."};
static const ImportWhy why_which_parent = {
    "Có nhiều đơn vị cấp trên cùng tên. Hãy ghi cả cấp trên nữa, như “Tỉnh A / Xã B”.",
    "Several areas have the parent's name. Write the one above as well: “Province / Commune”."};
static const ImportWhy why_deep = {"Cây đơn vị đã quá sâu ở đây.", "The tree is too deep here."};

typedef struct Import {
    Registry *registry;
    const Request *request;
    CsvTable *table;
    int name, kind, parent;
    AreaIndex *areas;
    GPtrArray *made; /* const Area*, borrowed from the index */
    ImportReport *report;
} Import;

static void import_clear(Import *self)
{
    csv_table_free(self->table);
    area_index_free(self->areas);
    import_report_free(self->report);
    if (self->made)
        g_ptr_array_unref(self->made);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Import, import_clear)

static void find_columns(Import *self)
{
    static const char *const name[] = {"name", "ten", "ten don vi", NULL};
    static const char *const kind[] = {"kind", "loai", "cap", NULL};
    static const char *const parent[] = {"parent", "thuoc", "don vi cap tren", "cap tren", NULL};
    self->name = csv_table_column(self->table, name);
    self->kind = csv_table_column(self->table, kind);
    self->parent = csv_table_column(self->table, parent);
}

static const ImportWhy *find_parent(const Import *self, unsigned row, const Area **ret_parent)
{
    const char *said = csv_table_cell(self->table, row, self->parent);
    if (!*said)
        said = request_query(self->request, "area");
    AreaIndexAnswer answer =
        said && *said ? area_index_find(self->areas, said, ret_parent) : AREA_INDEX_NONE;
    return answer == AREA_INDEX_FOUND  ? NULL
           : answer == AREA_INDEX_NONE ? &why_no_parent
                                       : &why_which_parent;
}

static unsigned depth_of(const char *path)
{
    unsigned depth = 0;
    for (const char *at = path; *at; at++)
        depth += *at == '/';
    return depth;
}

static bool is_short(const char *text, long most)
{
    return *text && g_utf8_strlen(text, -1) <= most;
}

/* The words of the panel's own list as their codes; anything else stays as it was written. */
static const char *kind_of(const char *said)
{
    static const struct {
        const char *vi, *code;
    } known[] = {{"Tỉnh", "province"},   {"Thành phố", "province"}, {"Xã", "commune"},
                 {"Đặc khu", "commune"}, {"Phường", "ward"},        {"Thôn", "village"},
                 {"Bản", "village"},     {"Làng", "village"},       {"Buôn", "village"},
                 {"Ấp", "village"},      {"Xóm", "village"},        {"Khóm", "village"},
                 {"Khu phố", "village"}, {"Tổ dân phố", "village"}, {"Cụm", "group"}};
    g_autofree char *lower = g_utf8_strdown(said, -1);
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autofree char *word = g_utf8_strdown(known[i].vi, -1);
        if (g_str_equal(word, lower))
            return known[i].code;
    }
    return said;
}

static void note(Import *self, const Area *parent, const char *name, const char *kind)
{
    g_autofree char *id = crypto_random_hex(ID_BYTES);
    Area *area = g_new0(Area, 1);
    area->path = g_strconcat(parent->path, id, "/", NULL);
    area->id = g_steal_pointer(&id);
    area->parent = g_strdup(parent->id);
    area->name = g_strdup(name);
    area->kind = g_strdup(kind_of(kind));
    g_ptr_array_add(self->made, (void *)area_index_add_take(self->areas, area));
}

static void judge(Import *self, unsigned row)
{
    const char *name = csv_table_cell(self->table, row, self->name);
    const char *kind = csv_table_cell(self->table, row, self->kind);
    const Area *parent = NULL;
    const ImportWhy *why = !is_short(name, AREA_NAME_MAX) ? &why_name
                           : !is_short(kind, KIND_MAX)    ? &why_kind
                                                          : find_parent(self, row, &parent);
    if (!why && depth_of(parent->path) > AREA_DEPTH_MAX)
        why = &why_deep;
    bool known = !why && area_index_child(self->areas, parent->id, name);
    import_report_add(self->report, row,
                      why     ? IMPORT_REFUSED
                      : known ? IMPORT_SAME
                              : IMPORT_CREATE,
                      name, why);
    if (!why && !known)
        note(self, parent, name, kind);
}

static bool write_all(const void *import, int64_t now_us, GError **error)
{
    const Import *self = import;
    for (unsigned i = 0; i < self->made->len; i++)
        if (!area_store_add(self->registry->database, self->made->pdata[i], now_us, error))
            return false;
    return true;
}

Reply *area_import_post(void *room, Request *request)
{
    Registry *registry = room;
    Reply *refusal = NULL;
    g_autoptr(GError) error = NULL;
    if (!access_anywhere(access_user(request), VERB_MANAGE_AREAS))
        return reply_problem(&problem_forbidden);
    g_auto(Import) self = {.registry = registry, .request = request};
    self.table = import_report_table(request, &refusal);
    if (!self.table)
        return refusal;
    find_columns(&self);
    self.areas =
        area_index_new(registry->database, access_user(request), VERB_MANAGE_AREAS, &error);
    if (!self.areas)
        return reply_error(error);
    self.made = g_ptr_array_new();
    self.report = import_report_new(request_language(request));
    for (unsigned row = 0; row < csv_table_rows(self.table); row++)
        judge(&self, row);
    bool dry_run = import_report_is_dry(request);
    ImportRows rows = {self.made->len, write_all, &self, "area.import"};
    if (!dry_run && import_report_clean(self.report) &&
        !import_store(registry->database, request, &rows, &error))
        return reply_error(error);
    return import_report_reply(self.report, dry_run);
}
