/* A receipt: what is written is read back byte for byte, and what is wrong is refused by name. */
#include "wire/receipt.h"

#include <math.h>
#include <string.h>

#define SHA "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define HEX "00112233445566778899aabbccddeeff"
#define GOOD                                                                                       \
    "{\"type\":\"receipt\",\"kind\":\"airing\",\"station\":\"s\",\"keyid\":\"" SHA "\","           \
    "\"counter\":12,\"boot_id\":\"" HEX "\",\"airing\":\"" HEX "\",\"broadcast\":\"b\","           \
    "\"plan\":{\"epoch\":1,\"version\":7},\"planned_us\":20,\"resolved_us\":21,"                   \
    "\"outcome\":\"partial\",\"reason\":\"device_fault\",\"late_by_ms\":3,"                        \
    "\"items\":[{\"bulletin_version\":\"v\",\"sha256\":\"" SHA "\",\"segments\":[{"                \
    "\"first_us\":21,\"last_us\":99,\"offset_frames\":0,\"frames\":480,\"ended\":\"device\"}]}],"  \
    "\"gain_mdb\":-500,\"clock\":{\"trust\":2,\"error_ms\":5},\"evidence\":{\"grade\":2,"          \
    "\"rms_dbfs\":-21.4,\"peak_dbfs\":-3.1,\"starved_frames\":1,\"xruns\":2,"                      \
    "\"mixer\":{\"db\":-1.5,\"muted\":false},\"amplifier\":\"on\",\"fault\":\"device-gone\"},"     \
    "\"volatile\":false,\"made_us\":100,\"previous\":\"" SHA "\"}"

static Receipt *parse(const char *text, GError **error)
{
    return receipt_parse(text, strlen(text), error);
}

static void assert_prints_back(const char *wanted)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Receipt) receipt = parse(wanted, &error);
    g_assert_no_error(error);
    g_autoptr(Json) json = receipt_to_json(receipt);
    g_autofree char *text = json_print(json, NULL);
    g_assert_cmpstr(text, ==, wanted);
}

static char *replaced(const char *text, const char *find, const char *put)
{
    const char *at = strstr(text, find);
    g_assert_nonnull(at);
    return g_strdup_printf("%.*s%s%s", (int)(at - text), text, put, at + strlen(find));
}

static void reads_every_member_and_prints_it_back(void)
{
    g_autoptr(Receipt) receipt = parse(GOOD, NULL);
    const ReceiptItem *item = receipt->items->pdata[0];
    const ReceiptSegment *segment = item->segments->pdata[0];
    g_assert_cmpint(receipt->counter, ==, 12);
    g_assert_cmpint(receipt->outcome, ==, OUTCOME_PARTIAL);
    g_assert_cmpint(receipt->reason, ==, REASON_DEVICE_FAULT);
    g_assert_cmpfloat(receipt->mixer_db, ==, -1.5);
    g_assert_cmpint(segment->frames, ==, 480);
    g_assert_cmpstr(segment->ended, ==, "device");
    g_assert_cmpstr(receipt->previous, ==, SHA);
    assert_prints_back(GOOD);
}

static void silence_no_mixer_and_no_fault_are_null(void)
{
    g_autofree char *level = replaced(GOOD, "-21.4", "null");
    g_autofree char *peak = replaced(level, "-3.1", "null");
    g_autofree char *mixer = replaced(peak, "{\"db\":-1.5,\"muted\":false}", "null");
    g_autofree char *fault = replaced(mixer, "\"device-gone\"", "null");
    assert_prints_back(fault);
    g_autoptr(Receipt) receipt = parse(fault, NULL);
    g_assert_false(isfinite(receipt->rms_dbfs));
    g_assert_false(receipt->mixer_present);
    g_assert_null(receipt->fault);
}

static void a_fresh_receipt_names_zeros_before_it(void)
{
    g_autoptr(Receipt) receipt = receipt_new();
    g_autofree char *zeros = g_strnfill(64, '0');
    g_assert_cmpstr(receipt->previous, ==, zeros);
}

static void an_unknown_critical_member_is_refused(void)
{
    g_autofree char *text =
        replaced(GOOD, "\"volatile\"", "\"smell\":1,\"critical\":[\"smell\"],\"volatile\"");
    g_autofree char *harmless = replaced(GOOD, "\"volatile\"", "\"smell\":1,\"volatile\"");
    g_autoptr(GError) error = NULL;
    g_assert_null(parse(text, &error));
    g_assert_error(error, RECEIPT_ERROR, 1);
    g_autoptr(Receipt) receipt = parse(harmless, NULL);
    g_assert_nonnull(receipt);
}

typedef struct Spoil {
    const char *find, *put, *pointer;
} Spoil;

static const Spoil spoils[] = {
    {"\"type\":\"receipt\"", "\"type\":\"plan\"", "/type"},
    {"\"kind\":\"airing\"", "\"kind\":\"dream\"", "/kind"},
    {"\"counter\":12", "\"counter\":0", "/counter"},
    {"\"counter\":12", "\"counter\":12.5", "/counter"},
    {"\"keyid\":\"0011", "\"keyid\":\"00", "/keyid"},
    {"\"boot_id\":\"0011", "\"boot_id\":\"00-1", "/boot_id"},
    {"\"outcome\":\"partial\"", "\"outcome\":\"unknown\"", "/outcome"},
    {"\"outcome\":\"partial\"", "\"outcome\":\"played\"", "/reason"},
    {"\"reason\":\"device_fault\"", "\"reason\":\"because\"", "/reason"},
    {"\"late_by_ms\":3", "\"late_by_ms\":-3", "/late_by_ms"},
    {"\"plan\":{\"epoch\":1", "\"plan\":{\"epoch\":-1", "/plan/epoch"},
    {"\"items\":[", "\"items\":[null,", "/items/0"},
    {"\"ended\":\"device\"", "\"ended\":\"happily\"", "/items/0/segments/0/ended"},
    {"\"frames\":480", "\"frames\":-1", "/items/0/segments/0/frames"},
    {"\"trust\":2", "\"trust\":4", "/clock/trust"},
    {"\"rms_dbfs\":-21.4", "\"rms_dbfs\":\"loud\"", "/evidence/rms_dbfs"},
    {"\"muted\":false", "\"muted\":0", "/evidence/mixer/muted"},
    {"\"amplifier\":\"on\"", "\"amplifier\":\"warm\"", "/evidence/amplifier"},
    {"\"previous\":\"0011", "\"previous\":\"0G11", "/previous"},
    {",\"evidence\":{", ",\"proof\":{", "/evidence"},
};

static void refuses_and_names_the_place(gconstpointer data)
{
    const Spoil *spoil = data;
    g_autofree char *text = replaced(GOOD, spoil->find, spoil->put);
    g_autoptr(GError) error = NULL;
    g_assert_null(parse(text, &error));
    g_assert_nonnull(error);
    if (!strstr(error->message, spoil->pointer))
        g_error("%s does not name %s", error->message, spoil->pointer);
}

static void every_cut_is_refused(void)
{
    for (size_t length = 0; length < strlen(GOOD); length += 3)
        g_assert_null(receipt_parse(GOOD, length, NULL));
}

static void more_than_the_limit_is_refused_before_parsing(void)
{
    g_autofree char *text = g_strnfill(RECEIPT_MAX_BYTES + 1, ' ');
    g_autoptr(GError) error = NULL;
    g_assert_null(receipt_parse(text, RECEIPT_MAX_BYTES + 1, &error));
    g_assert_error(error, RECEIPT_ERROR, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/receipt/round trip", reads_every_member_and_prints_it_back);
    g_test_add_func("/receipt/null", silence_no_mixer_and_no_fault_are_null);
    g_test_add_func("/receipt/fresh", a_fresh_receipt_names_zeros_before_it);
    g_test_add_func("/receipt/critical", an_unknown_critical_member_is_refused);
    for (unsigned i = 0; i < G_N_ELEMENTS(spoils); i++) {
        g_autofree char *path = g_strdup_printf("/receipt/malformed/%02u", i);
        g_test_add_data_func(path, &spoils[i], refuses_and_names_the_place);
    }
    g_test_add_func("/receipt/cuts", every_cut_is_refused);
    g_test_add_func("/receipt/too large", more_than_the_limit_is_refused_before_parsing);
    return g_test_run();
}
