/* What HTTP peers put into the target and the headers: query, paging, language, address, ranges and
 * conditions of a file of 1,000 bytes. Lines: target, then "name: value" each. */
#include "fuzz.h"

#include <unistd.h>

#include "crypto.h"
#include "http/conditional.h"

#define FILE_BYTES 1000

bool fuzz_accepted;
char *fuzz_why;

static const char *the_file(void)
{
    static char path[] = "/tmp/loa-fuzz-XXXXXX";
    static bool made;
    if (made)
        return path;
    char zeros[FILE_BYTES] = {0};
    fuzz_assert(crypto_init());
    int fd = g_mkstemp(path);
    fuzz_assert(fd >= 0 && write(fd, zeros, sizeof zeros) == (ssize_t)sizeof zeros);
    close(fd);
    made = true;
    return path;
}

static void drop_file(void) __attribute__((destructor));
static void drop_file(void)
{
    unlink(the_file());
}

static void check_reply(const Request *request)
{
    g_autofree char *etag = g_strdup("0123abcd");
    Reply *reply = reply_new(REPLY_FILE, 200);
    reply->path = g_strdup(the_file());
    reply->etag = g_steal_pointer(&etag);
    reply = conditional_settle(reply, request, LISTENER_STATIONS);
    if (reply->kind == REPLY_FILE) {
        fuzz_assert(reply->length <= FILE_BYTES && reply->offset <= FILE_BYTES - reply->length);
        fuzz_assert(reply->status == 206 || (reply->length == FILE_BYTES && reply->offset == 0));
        fuzz_assert(reply->status == 200 || reply->length > 0);
    }
    fuzz_accepted = reply->status == 206;
    reply_free(reply);
}

static void add_headers(Request *request, char **lines)
{
    for (unsigned i = 0; i < 20 && lines[i]; i++) {
        char *colon = strstr(lines[i], ": ");
        if (!colon)
            continue;
        *colon = '\0';
        request_add_header(request, lines[i], colon + 2);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    the_file();
    g_autofree char *text = fuzz_text(data, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 32);
    g_autoptr(Request) request = request_new("GET", lines[0] ? lines[0] : "/");
    fuzz_accepted = false;
    if (lines[0])
        add_headers(request, lines + 1);
    if (!request_settle(request, "127.0.0.1", true))
        return 0;
    unsigned limit = 0;
    const char *after = NULL;
    Problem *problem = NULL;
    if (request_page(request, 200, &limit, &after, &problem))
        fuzz_assert(limit >= 1 && limit <= 200);
    problem_free(problem);
    fuzz_assert(request_remote(request));
    conditional_accepts(request, "gzip");
    check_reply(request);
    return 0;
}
