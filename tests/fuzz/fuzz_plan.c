/* A plan that is taken keeps its limits and says the same after printing and parsing. */
#include "fuzz.h"

#include "wire/plan.h"

bool fuzz_accepted;
char *fuzz_why;

static GBytes *print(Plan *document)
{
    g_autoptr(Json) json = plan_to_json(document);
    return json_print_bytes(json);
}

static void check_airing(const PlanAiring *airing)
{
    fuzz_assert(strlen(airing->id) == AIRING_ID_HEX && airing->start_us > 0);
    fuzz_assert(airing->start_by_us >= airing->start_us && airing->gain_mdb <= 0);
    fuzz_assert(airing->items->len >= 1 && airing->items->len <= PLAN_MAX_ITEMS);
    for (unsigned i = 0; i < airing->items->len; i++)
        fuzz_assert(((const PlanItem *)airing->items->pdata[i])->frames > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_memdup2(data, size);
    g_autoptr(GError) refused = NULL;
    g_autoptr(Plan) document = plan_parse(text, size, &refused);
    fuzz_note(refused);
    fuzz_accepted = document != NULL;
    if (!document)
        return 0;
    fuzz_assert(document->volume_mdb <= 0 && document->until_us >= document->from_us);
    for (unsigned i = 0; i < document->airings->len; i++)
        check_airing(document->airings->pdata[i]);
    g_autoptr(GBytes) printed = print(document);
    g_autoptr(Plan) again =
        plan_parse(g_bytes_get_data(printed, NULL), g_bytes_get_size(printed), NULL);
    fuzz_assert(again);
    g_autoptr(GBytes) printed_again = print(again);
    fuzz_assert(g_bytes_equal(printed, printed_again));
    return 0;
}
