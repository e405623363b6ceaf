/* HTTP/1.1 client on the GMainLoop (libcurl multi), for the station link and the tools.
 *
 * Nothing here blocks, retries or signs: the caller adds headers and decides. All callbacks come
 * from the loop of the context that was the thread default when the client was made. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct HttpClient HttpClient;
typedef struct HttpCall HttpCall;
typedef struct HttpAnswer HttpAnswer;

typedef struct HttpRequest {
    const char *method; /* "GET", "POST", ... */
    const char *url;
    const char *const *headers; /* "Name: value", NULL-terminated; may be NULL */
    GBytes *body;               /* may be NULL */
    size_t max_answer;          /* bytes of body kept for on_done; more is an error
                                 * (beside on_data: what is more of a refusal is dropped) */
    unsigned timeout_ms;        /* whole call; 0 = none (event streams) */
    unsigned stall_ms;          /* give up when no byte came for so long; 0 = never */
    /* Streamed body: called with each piece instead of keeping it, only for 2xx answers.
     * Return false to end the call with an error. */
    bool (*on_data)(const void *bytes, size_t length, void *user);
    /* Called once, also after failure, never after http_call_cancel() and never before
     * http_client_send() has returned. */
    void (*on_done)(const HttpAnswer *answer, void *user);
    void *user;
    /* Told what has gone over the line, both ways, since it was last told: while a body comes and
     * at the end of the call, whatever end that is. May be NULL; must outlive the client. */
    void (*on_traffic)(int64_t bytes, void *traffic_user);
    void *traffic_user;
} HttpRequest;

struct HttpAnswer {
    unsigned status; /* 0: no whole answer came; `error` says why */
    const GError
        *error;   /* G_IO_ERROR: transport (TIMED_OUT, ...) or MESSAGE_TOO_LARGE; else NULL */
    GBytes *body; /* kept body; never NULL */
    GHashTable *headers; /* lower-case name -> value (last one wins) */
};

/* `user_agent` e.g. "loa-player/0.1.0"; `ca_file` NULL = the system's. */
HttpClient *http_client_new(const char *user_agent, const char *ca_file);
void http_client_free(HttpClient *self); /* cancels what is under way, without callbacks */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpClient, http_client_free)

HttpCall *http_client_send(HttpClient *self, const HttpRequest *request);
/* The handle is gone once on_done returned or after this. Sending, cancelling and freeing the
 * client are all allowed inside callbacks. */
void http_call_cancel(HttpCall *call);

/* For tools and tests: runs the thread's default context until the answer is there; on_done of the
 * request is not called. Free with http_answer_free(). */
HttpAnswer *http_client_send_wait(HttpClient *self, const HttpRequest *request);
void http_answer_free(HttpAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpAnswer, http_answer_free)
