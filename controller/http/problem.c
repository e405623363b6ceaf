/* Problem documents: what went wrong, in words for the person in front of it, in one of two
 * languages. The kind is a constant with both texts; an instance only adds values for the {places}
 * and the list of wrong members. What a database or a disk said is for the log, never for the
 * answer. */
#include "http/problem.h"

#include <gio/gio.h>
#include <string.h>

#include "base/log.h"
#include "db/database.h"

const ProblemKind problem_bad_request = {"bad-request", 400, "Không đọc được yêu cầu: {why}.",
                                         "The request cannot be read: {why}."};
const ProblemKind problem_invalid = {
    "invalid", 422, "Một số giá trị chưa đúng. Hãy sửa các mục được nêu rồi gửi lại.",
    "Some values are not right. Correct the ones listed and send again."};
const ProblemKind problem_not_logged_in = {
    "not-logged-in", 401, "Bạn chưa đăng nhập hoặc phiên đã hết hạn. Hãy đăng nhập lại.",
    "You are not logged in, or the session has ended. Log in again."};
const ProblemKind problem_forbidden = {
    "forbidden", 403, "Tài khoản của bạn không có quyền làm việc này ở đơn vị này.",
    "Your account has no right to do this in this area."};
const ProblemKind problem_not_found = {
    "not-found", 404, "Không tìm thấy mục này. Có thể mục đã bị xóa; hãy tải lại trang.",
    "This cannot be found. It may have been deleted; reload the page."};
const ProblemKind problem_conflict = {
    "conflict", 409, "Mục này vừa được thay đổi hoặc đã tồn tại. Hãy tải lại rồi thử lại.",
    "This was changed meanwhile or is there already. Reload and try again."};
const ProblemKind problem_too_large = {"too-large", 413,
                                       "Nội dung gửi lên quá lớn. Tối đa {max} byte.",
                                       "What was sent is too large. At most {max} bytes."};
const ProblemKind problem_too_many = {"too-many", 429,
                                      "Quá nhiều yêu cầu. Hãy chờ một lát rồi thử lại.",
                                      "Too many requests. Wait a moment and try again."};
const ProblemKind problem_internal = {
    "internal", 500,
    "Máy chủ gặp lỗi. Hãy thử lại; nếu vẫn lỗi, báo người quản trị kèm mã yêu cầu.",
    "The server has failed. Try again; if it happens again, tell the administrator the request "
    "number."};
const ProblemKind problem_disk_full = {
    "disk-full", 507,
    "Máy chủ hết chỗ lưu trữ nên chưa lưu được gì. Hãy báo người quản trị dọn đĩa.",
    "The server's disk is full, so nothing was saved. Tell the administrator to make room."};

typedef struct Mistake {
    char *pointer;
    char *vi;
    char *en;
} Mistake;

struct Problem {
    const ProblemKind *kind;
    GHashTable *places;
    GArray *mistakes;
    Json *members; /* of its own; NULL = none */
};

typedef struct Title {
    unsigned status;
    const char *vi;
    const char *en;
} Title;

static const Title titles[] = {
    {400, "Yêu cầu không hợp lệ", "Bad request"},
    {401, "Chưa đăng nhập", "Not logged in"},
    {403, "Không có quyền", "Forbidden"},
    {404, "Không tìm thấy", "Not found"},
    {405, "Không hỗ trợ thao tác này", "Method not allowed"},
    {408, "Gửi quá chậm", "Too slow"},
    {409, "Trùng hoặc đã thay đổi", "Conflict"},
    {410, "Không còn nữa", "Gone"},
    {412, "Điều kiện không đúng", "Precondition failed"},
    {413, "Quá lớn", "Too large"},
    {415, "Không hỗ trợ loại nội dung này", "Unsupported media type"},
    {416, "Ngoài phạm vi của tệp", "Range not satisfiable"},
    {422, "Giá trị chưa đúng", "Invalid values"},
    {423, "Đang bị khóa", "Locked"},
    {429, "Quá nhiều yêu cầu", "Too many requests"},
    {500, "Lỗi máy chủ", "Server error"},
    {503, "Máy chủ đang bận", "Busy"},
    {507, "Hết chỗ lưu trữ", "Disk full"},
};

typedef struct FaultText {
    const char *vi;
    const char *en;
} FaultText;

static const FaultText fault_texts[] = {
    [FORM_MISSING] = {"Thiếu mục này", "This is missing"},
    [FORM_TYPE] = {"Chưa đúng: xem lại cần ghi số hay chữ",
                   "Not right: a number or words are wanted here"},
    [FORM_TOO_SHORT] = {"Quá ngắn (tối thiểu {bound})", "Too short (at least {bound})"},
    [FORM_TOO_LONG] = {"Quá dài (tối đa {bound})", "Too long (at most {bound})"},
    [FORM_RANGE] = {"Ngoài khoảng cho phép ({bound})", "Out of range ({bound})"},
    [FORM_CHOICE] = {"Chỉ nhận một trong: {bound}", "Must be one of: {bound}"},
    [FORM_FORMAT] = {"Chưa đúng cách ghi", "Cannot be read in this form"},
    [FORM_UNKNOWN] = {"Mục này không dùng ở đây", "This member is not known"},
};

/* What must hold at least one sign holds none. */
static const FaultText empty_text = {"Hãy điền mục này", "Fill this in"};

static const FaultText *text_of(const FormError *error)
{
    bool is_empty = error->fault == FORM_TOO_SHORT && g_strcmp0(error->bound, "1") == 0;
    return is_empty ? &empty_text : &fault_texts[error->fault];
}

static void clear_mistake(void *data)
{
    Mistake *mistake = data;
    g_free(mistake->pointer);
    g_free(mistake->vi);
    g_free(mistake->en);
}

Problem *problem_new(const ProblemKind *kind)
{
    Problem *self = g_new0(Problem, 1);
    self->kind = kind;
    self->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    self->mistakes = g_array_new(FALSE, FALSE, sizeof(Mistake));
    g_array_set_clear_func(self->mistakes, clear_mistake);
    return self;
}

/* `to` stands between the two ends of a range. */
static char *fill_bound(const char *text, const char *bound, const char *to)
{
    g_autoptr(GString) filled = g_string_new(text);
    if (bound) {
        g_string_replace(filled, "{bound}", bound, 0);
        g_string_replace(filled, "..", to, 0);
    } else {
        g_string_truncate(filled, strcspn(text, "("));
    }
    return g_strchomp(g_string_free(g_steal_pointer(&filled), FALSE));
}

Problem *problem_from_form(JsonForm *form)
{
    Problem *self = problem_new(&problem_invalid);
    GPtrArray *errors = json_form_errors(form);
    for (unsigned i = 0; i < errors->len; i++) {
        const FormError *error = errors->pdata[i];
        const FaultText *text = text_of(error);
        g_autofree char *vi = fill_bound(text->vi, error->bound, " đến ");
        g_autofree char *en = fill_bound(text->en, error->bound, " to ");
        problem_add(self, error->pointer, vi, en);
    }
    return self;
}

static bool is_disk_full(const GError *error)
{
    return g_error_matches(error, DATABASE_ERROR, DATABASE_ERROR_FULL) ||
           g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ||
           g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

Problem *problem_from_error(const GError *error)
{
    const char *why = error ? error->message : "no reason given";
    if (error && is_disk_full(error)) {
        log_warning("the disk is full, so a request was refused: %s", why);
        return problem_new(&problem_disk_full);
    }
    log_warning("a request failed: %s", why);
    return problem_new(&problem_internal);
}

void problem_set(Problem *self, const char *place, const char *value)
{
    g_hash_table_replace(self->places, g_strdup(place), g_strdup(value ? value : ""));
}

void problem_add(Problem *self, const char *pointer, const char *vi, const char *en)
{
    Mistake mistake = {.pointer = g_strdup(pointer), .vi = g_strdup(vi), .en = g_strdup(en)};
    g_array_append_val(self->mistakes, mistake);
}

void problem_extend(Problem *self, Json *take_members)
{
    self->members = take_members;
}

unsigned problem_status(const Problem *self)
{
    return self->kind->status;
}

const ProblemKind *problem_kind(const Problem *self)
{
    return self->kind;
}

static const char *title_of(unsigned status, Language language)
{
    for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) {
        if (titles[i].status == status)
            return language == LANGUAGE_EN ? titles[i].en : titles[i].vi;
    }
    return language == LANGUAGE_EN ? "Error" : "Lỗi";
}

static char *detail_of(const Problem *self, Language language)
{
    GString *text = g_string_new(language == LANGUAGE_EN ? self->kind->en : self->kind->vi);
    GHashTableIter iter;
    void *place, *value;
    g_hash_table_iter_init(&iter, self->places);
    while (g_hash_table_iter_next(&iter, &place, &value)) {
        g_autofree char *mark = g_strdup_printf("{%s}", (const char *)place);
        g_string_replace(text, mark, value, 0);
    }
    return g_string_free(text, FALSE);
}

static Json *mistakes_json(const Problem *self, Language language)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < self->mistakes->len; i++) {
        const Mistake *mistake = &g_array_index(self->mistakes, Mistake, i);
        Json *entry = json_new_object();
        json_set_text(entry, "pointer", mistake->pointer);
        json_set_text(entry, "detail", language == LANGUAGE_EN ? mistake->en : mistake->vi);
        json_append_take(list, entry);
    }
    return list;
}

char *problem_print(const Problem *self, Language language, const char *request_id,
                    size_t *ret_length)
{
    g_autoptr(Json) document = json_new_object();
    g_autofree char *type = g_strconcat("/problems/", self->kind->slug, NULL);
    g_autofree char *instance = g_strconcat("urn:loa:request:", request_id, NULL);
    g_autofree char *detail = detail_of(self, language);
    json_set_text(document, "type", type);
    json_set_text(document, "title", title_of(self->kind->status, language));
    json_set_int(document, "status", self->kind->status);
    json_set_text(document, "detail", detail);
    json_set_text(document, "instance", instance);
    if (self->mistakes->len)
        json_set_take(document, "errors", mistakes_json(self, language));
    const char **members = self->members ? json_keys(self->members) : NULL;
    for (const char **key = members; key && *key; key++)
        json_set_take(document, *key, json_hold(json_peek(self->members, *key)));
    g_free(members);
    return json_print(document, ret_length);
}

void problem_free(Problem *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->places);
    g_array_unref(self->mistakes);
    json_drop(self->members);
    g_free(self);
}
