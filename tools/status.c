/* Three questions to the controller, and nothing that this token may not see. The token goes out in
 * a header only, never on the command line, where every process list shows it. */
#include "status.h"

#include <stdio.h>
#include <string.h>

#include "doctor_report.h"
#include "http_client.h"
#include "status_screen.h"
#include "token_file.h"

#define DEFAULT_URL "http://127.0.0.1:8080"
#define ANSWER_MAX  (4 * 1024 * 1024)
#define TIMEOUT_MS  10000

typedef struct Visit {
    HttpClient *client;
    const char *url;
    char *authorization;
    const char *language;
} Visit;

/* The body of a 200. */
static char *ask(const Visit *visit, const char *path, GError **error)
{
    g_autofree char *url = g_strconcat(visit->url, path, NULL);
    const char *headers[] = {visit->authorization, visit->language, NULL};
    HttpRequest request = {.method = "GET",
                           .url = url,
                           .headers = headers,
                           .max_answer = ANSWER_MAX,
                           .timeout_ms = TIMEOUT_MS};
    g_autoptr(HttpAnswer) answer = http_client_send_wait(visit->client, &request);
    if (answer->status == 200) {
        size_t length;
        const char *bytes = g_bytes_get_data(answer->body, &length);
        return g_strndup(bytes, length);
    }
    if (answer->status == 0)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", url,
                    answer->error ? answer->error->message : "no answer");
    else
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: HTTP %u%s", url, answer->status,
                    answer->status == 401 ? ", the token is not valid (any more)" : "");
    return NULL;
}

static Json *ask_json(const Visit *visit, const char *path, GError **error)
{
    g_autofree char *text = ask(visit, path, error);
    return text ? json_parse(text, strlen(text), error) : NULL;
}

static int show(const Visit *visit, bool vietnamese)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) health = ask_json(visit, "/healthz", &error);
    g_autoptr(Json) home = health ? ask_json(visit, "/api/home", &error) : NULL;
    if (!home) {
        fprintf(stderr, "loa: %s\n", error->message);
        return 1;
    }
    bool needed = false;
    g_autofree char *metrics = ask(visit, "/metrics", NULL);
    StatusFacts facts = {.health = health, .home = home, .metrics = metrics, .url = visit->url};
    g_autofree char *screen = status_screen(&facts, vietnamese, &needed);
    fputs(screen, stdout);
    return needed ? 1 : 0;
}

static int status(const char *url, const char *token_file)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *token = token_file_read(token_file, &error);
    bool vietnamese = doctor_report_is_vietnamese();
    if (!token) {
        fprintf(stderr, "loa: %s\n", error->message);
        return 2;
    }
    g_autoptr(HttpClient) client = http_client_new("loa/" LOA_VERSION, NULL);
    g_autofree char *authorization = g_strdup_printf("Authorization: Bearer %s", token);
    Visit visit = {.client = client,
                   .url = url,
                   .authorization = authorization,
                   .language = vietnamese ? "Accept-Language: vi" : "Accept-Language: en"};
    return show(&visit, vietnamese);
}

int status_main(int argc, char **argv)
{
    const char *url = DEFAULT_URL, *token = NULL;
    bool good = argc % 2 == 0;
    for (int i = 0; good && i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--controller") == 0)
            url = argv[i + 1];
        else if (strcmp(argv[i], "--token-file") == 0)
            token = argv[i + 1];
        else
            good = false;
    }
    if (good && token && *url && !g_str_has_suffix(url, "/"))
        return status(url, token);
    fputs("usage: loa status [--controller URL] --token-file FILE\n"
          "       URL such as https://loa.example.vn, without a slash at the end\n",
          stderr);
    return 2;
}
