/* Members are copied by name and type: what a station says is checked when it comes in, but only
 * what is named here goes out. What is not known is null, never 0. */
#include "fleet/line_view.h"

typedef struct Shown {
    const char *said, *shown;
} Shown;

static void copy_number(const Json *from, const Shown *name, Json *to)
{
    int64_t value;
    if (json_int(json_peek(from, name->said), &value) && value >= 0)
        json_set_int(to, name->shown, value);
    else
        json_set_null(to, name->shown);
}

static Json *kinds_of(const Json *said)
{
    static const char *const words[] = {"plan", "media", "relay", "receipts", "events", "other"};
    Json *kinds = json_new_object();
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
        copy_number(said, &(Shown){words[i], words[i]}, kinds);
    return kinds;
}

Json *line_view_data(const Json *facts)
{
    static const Shown numbers[] = {
        {"day_bytes", "day_bytes"},           {"month_bytes", "month_bytes"},
        {"day_limit", "day_limit_bytes"},     {"month_limit", "month_limit_bytes"},
        {"forecast_bytes", "forecast_bytes"},
    };
    const Json *said = json_peek(facts, "data");
    if (!json_is_object(said))
        return NULL;
    Json *data = json_new_object();
    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++)
        copy_number(said, &numbers[i], data);
    json_set_take(data, "month_kinds", kinds_of(json_peek(said, "month_kinds")));
    json_set_text(data, "state", json_peek_text(said, "state"));
    return data;
}

Json *line_view_modem(const Json *facts)
{
    static const char *const numbers[] = {"signal_percent", "rx_bytes", "tx_bytes"};
    static const char *const texts[] = {"technology", "operator", "state"};
    const Json *said = json_peek(facts, "modem");
    if (!json_is_object(said))
        return NULL;
    Json *modem = json_new_object();
    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++)
        copy_number(said, &(Shown){numbers[i], numbers[i]}, modem);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        json_set_text(modem, texts[i], json_peek_text(said, texts[i]));
    return modem;
}
