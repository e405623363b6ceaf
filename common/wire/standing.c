/* A few numbers, so that the plan of every station that nobody ever silenced stays as it was. */
#include "wire/standing.h"

#include "wire/plan.h"

#define TIME_MAX INT64_C(253402300799000000) /* end of the year 9999, µs */

void standing_to_json(const PlanStanding *self, Json *json)
{
    if (!self->volume_generation && !self->mute_generation)
        return;
    Json *standing = json_new_object();
    json_set_int(standing, "volume_generation", self->volume_generation);
    json_set_int(standing, "mute_generation", self->mute_generation);
    json_set_int(standing, "mute_from_us", self->mute_from_us);
    json_set_int(standing, "mute_until_us", self->mute_until_us);
    json_set_take(json, "standing", standing);
}

void standing_read(JsonForm *form, PlanStanding *ret_standing)
{
    JsonForm *one = json_form_child(form, "standing", false);
    if (!one)
        return;
    ret_standing->volume_generation =
        json_form_int(one, "volume_generation", false, 0, STANDING_GENERATION_MAX, 0);
    ret_standing->mute_generation =
        json_form_int(one, "mute_generation", false, 0, STANDING_GENERATION_MAX, 0);
    ret_standing->mute_from_us = json_form_int(one, "mute_from_us", false, 0, TIME_MAX, 0);
    ret_standing->mute_until_us = json_form_int(one, "mute_until_us", false, 0, TIME_MAX, 0);
    int64_t length_us = ret_standing->mute_until_us - ret_standing->mute_from_us;
    if (length_us < 0 || length_us > STANDING_MUTE_MAX_US)
        json_form_fault(one, "mute_until_us", FORM_RANGE, "mute_from_us .. mute_from_us + 31 d");
}

char *standing_id(const char *what, int64_t epoch, int64_t generation, const char *station)
{
    return plan_airing_id(what, epoch, (unsigned)generation, station);
}
