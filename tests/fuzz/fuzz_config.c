/* Configuration files: anything is either read or refused with a line. */
#include "fuzz.h"

#include "base/config.h"

bool fuzz_accepted;
char *fuzz_why;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = fuzz_text(data, size);
    g_autoptr(Config) config = config_parse(text, "fuzz.conf", &error);
    fuzz_accepted = false;
    fuzz_assert(!config == (error != NULL));
    if (!config)
        return 0;
    g_autofree char *needed = config_take_string(config, "station", "data", NULL);
    g_autofree char *optional = config_take_string(config, "sound", "device", "default");
    fuzz_assert(needed && optional);
    int64_t port = config_take_int(config, "station", "port", 8080, 1, 65535);
    fuzz_assert(port >= 1 && port <= 65535);
    config_take_bool(config, "station", "quiet", false);
    fuzz_accepted = config_finish(config, &error);
    fuzz_assert(fuzz_accepted == (error == NULL));
    return 0;
}
