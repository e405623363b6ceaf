/* Browsers name one another in their User-Agent: Edge says Chrome and Safari too. So the more
 * special word stands first in the tables. Only the short text is kept, never the whole header. */
#include "access/device.h"

#include <string.h>

typedef struct Word {
    const char *piece; /* as in the header */
    const char *name;
} Word;

static const Word browsers[] = {
    {"Zalo", "Zalo"},       {"FBAN", "Facebook"}, {"coc_coc_browser", "Cốc Cốc"},
    {"Edg", "Edge"},        {"OPR/", "Opera"},    {"SamsungBrowser", "Samsung Internet"},
    {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"},
    {"Chrome", "Chrome"},   {"Safari", "Safari"}, {"curl/", "curl"},
    {"Python", "Python"},
};

static const Word systems[] = {
    {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},   {"Windows", "Windows"},
    {"CrOS", "ChromeOS"},   {"Macintosh", "Mac"}, {"Linux", "Linux"},
};

static const char *find(const Word *words, size_t n_words, const char *text)
{
    for (size_t i = 0; i < n_words; i++) {
        if (strstr(text, words[i].piece))
            return words[i].name;
    }
    return NULL;
}

char *device_text(const char *user_agent)
{
    const char *text = user_agent ? user_agent : "";
    const char *browser = find(browsers, G_N_ELEMENTS(browsers), text);
    const char *system = find(systems, G_N_ELEMENTS(systems), text);
    if (browser && system)
        return g_strdup_printf("%s · %s", browser, system);
    return g_strdup(browser ? browser : system);
}
