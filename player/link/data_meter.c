/* The account of a SIM. It only ever turns a page when the time is surely known and has gone on: a
 * clock that is years off, or steps back, must not hand out a second month. On the disk it stands
 * as of the last save, at most SAVE_BYTES behind: a memory card wears out by writing, and a
 * station that loses its power now and then loses less than that each time. */
#include "link/data_meter.h"

#include "base/atomic_file.h"
#include "base/log.h"

#include <string.h>

#define DAY_US     (INT64_C(86400) * G_USEC_PER_SEC)
#define FILE_MAX   (16 * 1024)
#define SAVE_BYTES (INT64_C(512) * 1024)
#define EPOCH_DAY  719163 /* 1970-01-01 as GDate counts */
#define DAY_MAX    2932896

const char *const data_kind_words[] = {"other",    "plan",   "media", "relay",
                                       "receipts", "events", NULL};

struct DataMeter {
    char *path;
    DataUse use;
    DataLimits own;
    int64_t unsaved; /* bytes */
    bool turned;     /* a page, since the last save */
    bool failing;    /* said already */
};

/* ---- kept ---- */

static Json *kinds_to_json(const int64_t *bytes)
{
    Json *json = json_new_object();
    for (unsigned i = 0; i < DATA_KINDS; i++)
        json_set_int(json, data_kind_words[i], bytes[i]);
    return json;
}

static void read_kinds(JsonForm *form, const char *key, int64_t *ret_bytes)
{
    JsonForm *kinds = json_form_child(form, key, true);
    for (unsigned i = 0; i < DATA_KINDS; i++)
        ret_bytes[i] = json_form_int(kinds, data_kind_words[i], false, 0, G_MAXINT64 / 16, 0);
}

static bool read_use(const Json *json, DataUse *ret_use)
{
    g_autoptr(JsonForm) form = json_form_new(json, "");
    DataUse use = {.day = (int)json_form_int(form, "day", true, 0, DAY_MAX, 0)};
    read_kinds(form, "today", use.today);
    read_kinds(form, "month", use.month);
    const Json *past = json_form_array(form, "past", true, DATA_PAST_DAYS);
    for (size_t i = 0; i < json_length(past); i++)
        if (!json_int(json_at(past, i), &use.past[use.n_past++]))
            json_form_fault(form, "past", FORM_TYPE, NULL);
    if (!json_form_ok(form, false))
        return false;
    *ret_use = use;
    return true;
}

DataMeter *data_meter_open(const char *path)
{
    DataMeter *self = g_new0(DataMeter, 1);
    self->path = g_strdup(path);
    g_autoptr(GBytes) bytes = atomic_file_read(path, FILE_MAX, NULL);
    size_t length = 0;
    const char *text = bytes ? g_bytes_get_data(bytes, &length) : NULL;
    g_autoptr(Json) json = text ? json_parse(text, length, NULL) : NULL;
    if (text && !read_use(json, &self->use))
        log_warning("%s cannot be read; the data used is counted from nothing", path);
    return self;
}

bool data_meter_save(DataMeter *self, GError **error)
{
    if (!self->unsaved && !self->turned)
        return true;
    g_autoptr(Json) json = json_new_object();
    Json *past = json_new_array();
    for (unsigned i = 0; i < self->use.n_past; i++)
        json_append_int(past, self->use.past[i]);
    json_set_int(json, "day", self->use.day);
    json_set_take(json, "today", kinds_to_json(self->use.today));
    json_set_take(json, "month", kinds_to_json(self->use.month));
    json_set_take(json, "past", past);
    size_t length;
    g_autofree char *text = json_print(json, &length);
    self->unsaved = 0; /* also after a failure: the next try comes with the next bytes */
    if (!atomic_file_write(self->path, text, length, 0600, error))
        return false;
    self->turned = false;
    return true;
}

static void save_and_say(DataMeter *self)
{
    g_autoptr(GError) error = NULL;
    bool good = data_meter_save(self, &error);
    if (!good && !self->failing)
        log_warning("the data used cannot be kept: %s; counting on", error->message);
    self->failing = !good;
}

void data_meter_free(DataMeter *self)
{
    if (!self)
        return;
    save_and_say(self);
    g_free(self->path);
    g_free(self);
}

/* ---- counting ---- */

static int64_t sum(const int64_t *kinds)
{
    int64_t bytes = 0;
    for (unsigned i = 0; i < DATA_KINDS; i++)
        bytes += kinds[i];
    return bytes;
}

int64_t data_use_today(const DataUse *use)
{
    return sum(use->today);
}

int64_t data_use_month(const DataUse *use)
{
    return sum(use->month);
}

/* Months since the year 0. */
static int month_of(int day)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(day + EPOCH_DAY));
    return g_date_get_year(&date) * 12 + (int)g_date_get_month(&date);
}

int data_use_days_left(const DataUse *use)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(use->day + EPOCH_DAY));
    return g_date_get_days_in_month(g_date_get_month(&date), g_date_get_year(&date)) -
           (int)g_date_get_day(&date);
}

static void close_day(DataUse *use, int64_t bytes)
{
    memmove(use->past + 1, use->past, (DATA_PAST_DAYS - 1) * sizeof *use->past);
    use->past[0] = bytes;
    use->n_past = MIN(use->n_past + 1, DATA_PAST_DAYS);
}

/* Days on which the station was off count as days: nothing was used on them. */
static void turn_to(DataUse *use, int day)
{
    close_day(use, data_use_today(use));
    for (int i = MIN(day - use->day - 1, DATA_PAST_DAYS); i > 0; i--)
        close_day(use, 0);
    memset(use->today, 0, sizeof use->today);
    if (month_of(day) != month_of(use->day))
        memset(use->month, 0, sizeof use->month);
    use->day = day;
}

void data_meter_set_time(DataMeter *self, int64_t local_us)
{
    int day = (int)(local_us / DAY_US);
    if (day == self->use.day || day <= 0 || day > DAY_MAX)
        return;
    if (self->use.day == 0 || day < self->use.day)
        self->use.day = day; /* what was counted so far goes on counting */
    else
        turn_to(&self->use, day);
    self->turned = true;
    save_and_say(self);
}

void data_meter_add(DataMeter *self, DataKind kind, int64_t bytes)
{
    self->use.today[kind] += bytes;
    self->use.month[kind] += bytes;
    self->unsaved += bytes;
    if (self->unsaved >= SAVE_BYTES)
        save_and_say(self);
}

const DataUse *data_meter_use(const DataMeter *self)
{
    return &self->use;
}

void data_meter_set_limits(DataMeter *self, DataLimits own)
{
    self->own = own;
}

DataLimits data_meter_limits(const DataMeter *self)
{
    return self->own;
}

void data_tap_count(int64_t bytes, void *user)
{
    const DataTap *tap = user;
    data_meter_add(tap->meter, tap->kind, bytes);
}
