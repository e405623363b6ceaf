/* plan_of NOW_US WHEN: the plan of a station for which somebody ordered a notice at NOW_US with
 * these members of `when`, through the API, the planner and the publisher, as JSON. What a station
 * then makes of it is asked in another program, as on another machine (tests/unit/player). */
#include "calendar_desk.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    g_assert_cmpint(argc, ==, 3);
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    fake_clock_advance(&desk.fleet.clock, g_ascii_strtoll(argv[1], NULL, 10) - DESK_NOW);
    calendar_desk_put_policy(&desk, "province", "{\"quiet\":[]}");
    g_free(calendar_desk_made(&desk, argv[2]));
    fleet_desk_publish(&desk.fleet);
    g_autoptr(Plan) plan = fleet_desk_plan(&desk.fleet, &desk.fleet.a1);
    g_autoptr(Json) json = plan_to_json(plan);
    g_autofree char *text = json_print(json, NULL);
    fputs(text, stdout);
    calendar_desk_clear(&desk);
    return 0;
}
