/* Checking an order area by area, one in each turn of the loop. */
#include "schedule/check_run.h"

#include "schedule/area_walk.h"

typedef struct Work {
    Database *database;
    Check *check;
    CheckDone done;
    void *user;
} Work;

static bool on_area(void *user, const Area *area, const GPtrArray *path, const GPtrArray *stations,
                    GError **error)
{
    Work *self = user;
    g_autoptr(GPtrArray) reached = g_ptr_array_new();
    for (unsigned i = 0; i < stations->len; i++) {
        Station *station = g_ptr_array_index(stations, i);
        if (broadcast_reaches(check_draft(self->check), station->id, path))
            g_ptr_array_add(reached, station);
    }
    return reached->len == 0 || check_area(self->check, self->database, area, reached, error);
}

static void on_done(void *user, const GError *error)
{
    g_autofree Work *self = user;
    self->done(g_steal_pointer(&self->check), error, self->user);
}

bool check_run(Database *database, Check *take_check, CheckDone done, void *user, GError **error)
{
    g_autoptr(Check) check = take_check;
    g_autofree Work *work = g_new0(Work, 1);
    *work = (Work){.database = database, .check = check, .done = done, .user = user};
    if (!area_walk(database, check_draft(check), on_area, on_done, work, error))
        return false;
    g_steal_pointer(&check);
    g_steal_pointer(&work);
    return true;
}
