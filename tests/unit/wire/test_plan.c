/* The signed plan: what is written is read back, and what is wrong is refused by name. */
#include "wire/plan.h"

#include <string.h>

#define SHA "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define ID  "00112233445566778899aabbccddeeff"

#define ITEM                                                                                       \
    "{\"bulletin\":\"b\",\"bulletin_version\":\"v\",\"sha256\":\"" SHA "\",\"frames\":48000,"      \
    "\"gain_mdb\":-1500}"
#define CONTENT                                                                                    \
    "{\"broadcast\":\"x\",\"tolerance_us\":10,\"level\":1,\"came_us\":5,"                          \
    "\"outputs\":2,\"rank\":\"priority\",\"class\":\"priority\","                                  \
    "\"on_preempt\":\"restart\",\"gain_mdb\":-3000,\"title\":\"Thông báo\",\"issuer\":\"xã\","  \
    "\"author\":\"A\",\"approver\":\"B\",\"items\":[" ITEM "]}"
#define AIRING "{\"id\":\"" ID "\",\"content\":0,\"start_us\":20,\"order\":1}"
#define POLICY                                                                                     \
    "{\"area\":\"p\",\"quiet\":[{\"from_min\":1320,\"until_min\":285}],"                           \
    "\"windows\":[{\"from_min\":300,\"until_min\":1320,\"weekdays\":127}],"                        \
    "\"ceilings\":[{\"from_min\":1260,\"until_min\":360,\"gain_mdb\":-12000,\"class\":"            \
    "\"priority\"}],"                                                                              \
    "\"session_min\":30,\"day_min\":90}"
#define RELAY                                                                                      \
    "{\"bulletin\":\"r\",\"bulletin_version\":\"r1\",\"kind\":\"relay\",\"frames\":48000,"         \
    "\"gain_mdb\":0,\"sources\":[{\"url\":\"http://a/b\",\"format\":\"mp3\"}],"                    \
    "\"fallback\":[" ITEM "]}"
#define PLAN(head, airings, contents, media)                                                       \
    "{\"type\":\"plan\",\"station\":\"s\",\"epoch\":1,\"version\":7,\"issued_us\":1,"              \
    "\"from_us\":10,\"until_us\":99,\"area_path\":[\"p\",\"c\"],\"utc_offset_s\":25200,"           \
    "\"volume_mdb\":-2000,\"airings\":[" airings "],\"contents\":[" contents "],"                  \
    "\"policies\":[" POLICY "],\"offsets\":[{\"from_us\":0,\"offset_s\":25200}],"                  \
    "\"media\":[" media "]" head "}"
#define MEDIA "{\"sha256\":\"" SHA "\",\"bytes\":9,\"needed_by_us\":15}"
#define GOOD  PLAN("", AIRING, CONTENT, MEDIA)
/* The first plans: an airing carried its content itself. They stand in ledgers. */
#define OLD                                                                                        \
    "{\"type\":\"plan\",\"station\":\"s\",\"epoch\":1,\"version\":7,\"issued_us\":1,"              \
    "\"from_us\":10,\"until_us\":99,\"area_path\":[\"p\",\"c\"],\"airings\":[{\"id\":\"" ID        \
    "\",\"broadcast\":\"x\",\"start_us\":20,\"start_by_us\":30,\"order\":1,\"rank\":\"normal\","   \
    "\"class\":\"normal\",\"items\":[" ITEM "]}],\"media\":[]}"

static Plan *parse(const char *text, GError **error)
{
    return plan_parse(text, strlen(text), error);
}

static void reads_every_member_and_prints_it_back(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Plan) plan = parse(GOOD, &error);
    g_assert_no_error(error);
    const PlanAiring *airing = plan->airings->pdata[0];
    const PlanItem *item = airing->items->pdata[0];
    g_assert_cmpint(plan->version, ==, 7);
    g_assert_cmpint(plan->volume_mdb, ==, -2000);
    g_assert_cmpuint(plan->area_path->len, ==, 2);
    g_assert_cmpint(airing->rank, ==, RANK_PRIORITY);
    g_assert_cmpint(airing->class, ==, CLASS_PRIORITY);
    g_assert_cmpint(airing->on_preempt, ==, PREEMPT_RESTART);
    g_assert_cmpstr(airing->title, ==, "Thông báo");
    g_assert_cmpint(item->gain_mdb, ==, -1500);

    g_autoptr(Json) json = plan_to_json(plan);
    g_autofree char *text = json_print(json, NULL);
    g_assert_cmpstr(text, ==, GOOD);
}

static void what_holds_for_all_airings_is_read(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Plan) plan = parse(GOOD, &error);
    g_assert_no_error(error);
    const PlanPolicy *policy = plan->policies->pdata[0];
    g_assert_true(policy->states_quiet);
    g_assert_cmpuint(g_array_index(policy->quiet, TimelineSpan, 0).until_min, ==, 285);
    g_assert_cmpint(g_array_index(policy->ceilings, TimelineCeiling, 0).gain_mdb, ==, -12000);
    g_assert_cmpint(g_array_index(policy->ceilings, TimelineCeiling, 0).classes, ==,
                    1 << CLASS_PRIORITY);
    g_assert_cmpint(policy->day_min, ==, 90);
    g_assert_cmpint(g_array_index(plan->offsets, TimelineOffset, 0).offset_s, ==, 25200);
    const PlanAiring *airing = plan->airings->pdata[0];
    g_assert_cmpint(airing->start_by_us, ==, 30);
    g_assert_cmpint(airing->level, ==, 1);
    g_assert_cmpint(airing->came_us, ==, 5);
    g_assert_cmpuint(airing->outputs, ==, 2);
}

static void the_first_form_is_still_read(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Plan) plan = parse(OLD, &error);
    g_assert_no_error(error);
    const PlanAiring *airing = plan->airings->pdata[0];
    g_assert_cmpint(airing->start_by_us, ==, 30);
    g_assert_cmpuint(airing->items->len, ==, 1);
}

static void contents_that_are_alike_stand_once(void)
{
    g_autoptr(Plan) plan = plan_new();
    plan->station = g_strdup("s");
    for (unsigned i = 0; i < 500; i++) {
        PlanAiring *airing = plan_airing_new();
        airing->id = plan_airing_id("x", i, 0, "s");
        airing->broadcast = g_strdup("x");
        airing->start_us = 1000 + i;
        airing->start_by_us = airing->start_us + (i == 7 ? 20 : 10);
        PlanItem *item = plan_item_new();
        item->bulletin = g_strdup("b");
        item->bulletin_version = g_strdup(i < 100 ? "v1" : "v2");
        item->sha256 = g_strdup(SHA);
        item->frames = 48000;
        g_ptr_array_add(airing->items, item);
        g_ptr_array_add(plan->airings, airing);
    }
    plan->epoch = plan->version = 1;
    g_autoptr(Json) json = plan_to_json(plan);
    g_assert_cmpuint(json_length(json_peek(json, "contents")), ==, 3);
    g_autofree char *text = json_print(json, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Plan) read = parse(text, &error);
    g_assert_no_error(error);
    for (unsigned i = 0; i < 500; i++) {
        const PlanAiring *a = plan->airings->pdata[i], *b = read->airings->pdata[i];
        g_assert_cmpint(a->start_by_us, ==, b->start_by_us);
        g_assert_cmpstr(((PlanItem *)a->items->pdata[0])->bulletin_version, ==,
                        ((PlanItem *)b->items->pdata[0])->bulletin_version);
    }
}

static void a_relay_has_addresses_instead_of_a_file(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(GOOD);
    g_string_replace(text, "\"items\":[" ITEM, "\"items\":[" RELAY, 1);
    g_autoptr(Plan) plan = parse(text->str, &error);
    g_assert_no_error(error);
    const PlanItem *item = ((PlanAiring *)plan->airings->pdata[0])->items->pdata[0];
    g_assert_cmpint(item->kind, ==, ITEM_RELAY);
    g_assert_cmpstr(((PlanSource *)item->sources->pdata[0])->url, ==, "http://a/b");
    g_autoptr(Json) json = plan_to_json(plan);
    g_autofree char *printed = json_print(json, NULL);
    g_assert_nonnull(strstr(printed, RELAY));
}

static void airings_come_in_the_order_in_which_they_are_due(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(PLAN("", AIRING "," AIRING, CONTENT, ""));
    char *first = strstr(text->str, "\"id\":\"0");
    first[6] = 'f';
    memcpy(strstr(text->str, "\"start_us\":20"), "\"start_us\":25", 13);
    g_autoptr(Plan) plan = parse(text->str, &error);
    g_assert_no_error(error);
    g_assert_cmpint(((PlanAiring *)plan->airings->pdata[0])->start_us, ==, 20);
    g_assert_cmpint(((PlanAiring *)plan->airings->pdata[1])->start_us, ==, 25);
}

static void an_unknown_member_is_passed_over(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Plan) plan = parse(PLAN(",\"lights\":true", "", "", ""), &error);
    g_assert_no_error(error);
    g_assert_nonnull(plan);
}

static void an_unknown_critical_member_is_unsupported(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(parse(PLAN(",\"lights\":true,\"critical\":[\"lights\"]", "", "", ""), &error));
    g_assert_error(error, PLAN_ERROR, PLAN_ERROR_UNSUPPORTED);
}

static void a_known_critical_member_is_fine(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Plan) plan = parse(PLAN(",\"critical\":[\"airings\"]", "", "", ""), &error);
    g_assert_no_error(error);
    g_assert_nonnull(plan);
}

/* One change of the good plan each: `find` replaced by `put`, and the pointer that is to be named.
 */
typedef struct Spoil {
    const char *find, *put, *pointer;
} Spoil;

static const Spoil spoils[] = {
    {"\"type\":\"plan\"", "\"type\":\"root\"", "/type"},
    {"\"station\":\"s\"", "\"station\":\"\"", "/station"},
    {"\"station\":\"s\"", "\"station\":7", "/station"},
    {"\"epoch\":1", "\"epoch\":0", "/epoch"},
    {"\"version\":7", "\"version\":\"7\"", "/version"},
    {"\"version\":7,", "", "/version"},
    {"\"until_us\":99", "\"until_us\":9", "/until_us"},
    {"\"volume_mdb\":-2000", "\"volume_mdb\":1", "/volume_mdb"},
    {"[\"p\",\"c\"]", "[\"p\",7]", "/area_path"},
    {"\"id\":\"0011", "\"id\":\"001", "/airings/0/id"},
    {"\"id\":\"0011", "\"id\":\"00AA", "/airings/0/id"},
    {"\"tolerance_us\":10", "\"tolerance_us\":-1", "/contents/0/tolerance_us"},
    {"\"content\":0", "\"content\":1", "/airings/0/content"},
    {"\"from_min\":1320", "\"from_min\":1441", "/policies/0/quiet/0/from_min"},
    {"\"weekdays\":127", "\"weekdays\":128", "/policies/0/windows/0/weekdays"},
    {"\"gain_mdb\":-12000", "\"gain_mdb\":12", "/policies/0/ceilings/0/gain_mdb"},
    {"\"offset_s\":25200", "\"offset_s\":99999", "/offsets/0/offset_s"},
    {"\"start_us\":20", "\"start_us\":2.5", "/airings/0/start_us"},
    {"\"rank\":\"priority\"", "\"rank\":\"loudest\"", "/contents/0/rank"},
    {"\"class\":\"priority\"", "\"class\":null", "/contents/0/class"},
    {"\"gain_mdb\":-3000", "\"gain_mdb\":1", "/contents/0/gain_mdb"},
    {"[" ITEM "]", "[]", "/contents/0/items"},
    {"\"frames\":48000", "\"frames\":0", "/contents/0/items/0/frames"},
    {"\"sha256\":\"0011", "\"sha256\":\"../1", "/contents/0/items/0/sha256"},
    {"\"bytes\":9", "\"bytes\":0", "/media/0/bytes"},
    {"\"bytes\":9", "\"bytes\":1e400", NULL},
    {"\"media\":[" MEDIA "]", "\"media\":{}", "/media"},
    {"\"airings\":[", "\"airings\":[7,", "/airings/0"},
    {"[" AIRING "]", "[" AIRING "," AIRING "]", "/airings/1/id"},
    {"\"type\":\"plan\"", "\"type\":\"plan\",\"type\":\"plan\"", NULL},
};

static char *replaced(const char *text, const Spoil *spoil)
{
    const char *at = strstr(text, spoil->find);
    g_assert_nonnull(at);
    return g_strdup_printf("%.*s%s%s", (int)(at - text), text, spoil->put,
                           at + strlen(spoil->find));
}

static void refuses_and_names_the_place(gconstpointer data)
{
    const Spoil *spoil = data;
    g_autofree char *text = replaced(GOOD, spoil);
    g_autoptr(GError) error = NULL;
    g_assert_null(parse(text, &error));
    g_assert_nonnull(error);
    if (spoil->pointer && !strstr(error->message, spoil->pointer))
        g_error("%s does not name %s", error->message, spoil->pointer);
}

static void noise_and_every_cut_are_refused(void)
{
    for (size_t length = 0; length < strlen(GOOD); length += 3) {
        g_autoptr(GError) error = NULL;
        g_assert_null(plan_parse(GOOD, length, &error));
        g_assert_nonnull(error);
    }
}

static void an_airings_id_is_of_series_recurrence_repeat_and_station(void)
{
    /* printf 'loa airing v1\nseries-1\n1795305600000000\n2\nstation-1\n' | sha256sum */
    g_autofree char *id = plan_airing_id("series-1", INT64_C(1795305600000000), 2, "station-1");
    g_assert_cmpstr(id, ==, "19ee22a99a2ffeb09d336e67736e95c6");
}

static void a_held_plan_lives_until_the_last_lets_go(void)
{
    Plan *plan = plan_new();
    plan->station = g_strdup("s");
    g_assert_true(plan_hold(plan) == plan);
    plan_free(plan);
    g_assert_cmpstr(plan->station, ==, "s");
    plan_free(plan);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/what holds for all airings", what_holds_for_all_airings_is_read);
    g_test_add_func("/plan/the first form is still read", the_first_form_is_still_read);
    g_test_add_func("/plan/alike stands once", contents_that_are_alike_stand_once);
    g_test_add_func("/plan/relay", a_relay_has_addresses_instead_of_a_file);
    g_test_add_func("/plan/round trip", reads_every_member_and_prints_it_back);
    g_test_add_func("/plan/order", airings_come_in_the_order_in_which_they_are_due);
    g_test_add_func("/plan/unknown member", an_unknown_member_is_passed_over);
    g_test_add_func("/plan/critical", an_unknown_critical_member_is_unsupported);
    g_test_add_func("/plan/known critical", a_known_critical_member_is_fine);
    for (unsigned i = 0; i < G_N_ELEMENTS(spoils); i++) {
        g_autofree char *path = g_strdup_printf("/plan/malformed/%02u", i);
        g_test_add_data_func(path, &spoils[i], refuses_and_names_the_place);
    }
    g_test_add_func("/plan/cuts", noise_and_every_cut_are_refused);
    g_test_add_func("/plan/airing id", an_airings_id_is_of_series_recurrence_repeat_and_station);
    g_test_add_func("/plan/holders", a_held_plan_lives_until_the_last_lets_go);
    return g_test_run();
}
