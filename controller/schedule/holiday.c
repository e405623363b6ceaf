/* Rules of holidays and the days they make. The days of all years are worked out when the calendar
 * is closed: asking is then a binary search, and a calendar may be shared by threads that only
 * read.
 */
#include "schedule/holiday.h"

#include "schedule/lunar.h"

struct HolidayCalendar {
    char *id, *name_vi, *name_en;
    GPtrArray *rows; /* Holiday* */
    GArray *days;    /* HolidayDay, ascending */
};

static void row_free(gpointer data)
{
    Holiday *row = data;
    g_free(row->name_vi);
    g_free(row->name_en);
    g_free(row);
}

HolidayCalendar *holiday_calendar_new(const char *id, const char *name_vi, const char *name_en)
{
    HolidayCalendar *self = g_atomic_rc_box_new0(HolidayCalendar);
    self->id = g_strdup(id);
    self->name_vi = g_strdup(name_vi);
    self->name_en = g_strdup(name_en);
    self->rows = g_ptr_array_new_with_free_func(row_free);
    self->days = g_array_new(FALSE, FALSE, sizeof(HolidayDay));
    return self;
}

HolidayCalendar *holiday_calendar_ref(HolidayCalendar *self)
{
    return g_atomic_rc_box_acquire(self);
}

static void calendar_clear(gpointer data)
{
    HolidayCalendar *self = data;
    g_free(self->id);
    g_free(self->name_vi);
    g_free(self->name_en);
    g_ptr_array_unref(self->rows);
    g_array_unref(self->days);
}

void holiday_calendar_unref(HolidayCalendar *self)
{
    if (self)
        g_atomic_rc_box_release_full(self, calendar_clear);
}

void holiday_calendar_add(HolidayCalendar *self, const Holiday *row)
{
    Holiday *copy = g_memdup2(row, sizeof *row);
    copy->name_vi = g_strdup(row->name_vi);
    copy->name_en = g_strdup(row->name_en);
    g_ptr_array_add(self->rows, copy);
}

bool holiday_is_of_one_year(const Holiday *self)
{
    return self->from_year && self->from_year == self->to_year;
}

static bool row_covers(const Holiday *row, int year)
{
    return (!row->from_year || year >= row->from_year) && (!row->to_year || year <= row->to_year);
}

/* A row for this very year takes the place of the general ones of its name. */
static bool is_replaced(const HolidayCalendar *self, const Holiday *row, int year)
{
    for (unsigned i = 0; i < self->rows->len && !holiday_is_of_one_year(row); i++) {
        const Holiday *other = g_ptr_array_index(self->rows, i);
        if (holiday_is_of_one_year(other) && other->from_year == year &&
            g_str_equal(other->name_vi, row->name_vi))
            return true;
    }
    return false;
}

static bool first_day(const Holiday *row, int year, int64_t *ret_day)
{
    if (row->lunar) {
        LunarDate date = {.year = year, .month = row->month, .day = row->day};
        return lunar_find(date, ret_day);
    }
    if (!g_date_valid_dmy((GDateDay)row->day, (GDateMonth)row->month, (GDateYear)year))
        return false;
    *ret_day = lunar_julian(year, row->month, row->day);
    return true;
}

/* The end of a lunar year lies in the next solar one: the year that counts is the day's own. */
static void add_days(HolidayCalendar *self, const Holiday *row, int year)
{
    int64_t day;
    int solar_year = year, unused_month, unused_day;
    if (!first_day(row, year, &day))
        return;
    if (row->lunar)
        lunar_solar(day, &solar_year, &unused_month, &unused_day);
    if (!row_covers(row, solar_year) || is_replaced(self, row, solar_year))
        return;
    for (int i = 0; i < row->days; i++) {
        HolidayDay one = {.day = day + row->offset + i, .holiday = row};
        g_array_append_val(self->days, one);
    }
}

static int compare_days(gconstpointer left, gconstpointer right)
{
    const HolidayDay *a = left, *b = right;
    return (a->day > b->day) - (a->day < b->day);
}

void holiday_calendar_close(HolidayCalendar *self)
{
    g_array_set_size(self->days, 0);
    for (unsigned i = 0; i < self->rows->len; i++)
        for (int year = HOLIDAY_FIRST_YEAR - 1; year <= HOLIDAY_LAST_YEAR; year++)
            add_days(self, g_ptr_array_index(self->rows, i), year);
    g_array_sort(self->days, compare_days);
}

const char *holiday_calendar_id(const HolidayCalendar *self)
{
    return self->id;
}

const char *holiday_calendar_name(const HolidayCalendar *self, bool english)
{
    return english ? self->name_en : self->name_vi;
}

unsigned holiday_calendar_size(const HolidayCalendar *self)
{
    return self->rows->len;
}

const Holiday *holiday_calendar_row(const HolidayCalendar *self, unsigned index)
{
    return g_ptr_array_index(self->rows, index);
}

const Holiday *holiday_calendar_find(const HolidayCalendar *self, int64_t day)
{
    HolidayDay key = {.day = day};
    unsigned index;
    if (!g_array_binary_search(self->days, &key, compare_days, &index))
        return NULL;
    return g_array_index(self->days, HolidayDay, index).holiday;
}

const GArray *holiday_calendar_days(const HolidayCalendar *self)
{
    return self->days;
}
