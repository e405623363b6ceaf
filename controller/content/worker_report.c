/* The worker's half of a small protocol (the parent's half is intake.c): one JSON object per line,
 * progress as often as it moves by 2 %, and exactly one line with "ok" at the end. Written by hand
 * because every text in it is ours or has been washed by worker_fail(). */
#include "content/worker_report.h"

#include <math.h>
#include <stdio.h>

bool worker_fail(WorkerFailure *self, const char *code, int64_t decoded_ms, const char *format, ...)
{
    if (self->code != NULL)
        return false;
    self->code = code;
    self->decoded_ms = decoded_ms;
    va_list args;
    va_start(args, format);
    g_vsnprintf(self->found, sizeof self->found, format, args);
    va_end(args);
    for (char *at = self->found; *at != '\0'; at++)
        if (!g_ascii_isprint(*at) || *at == '"' || *at == '\\')
            *at = '?';
    return false;
}

void worker_say_progress(int phases, double part)
{
    static double said = -1;
    const double now = 1.0 - pow(0.6, phases + CLAMP(part, 0.0, 1.0));
    if (now < said + 0.02)
        return;
    said = now;
    printf("{\"progress\":%.2f}\n", now);
    fflush(stdout);
}

void worker_say_failure(const WorkerFailure *failure)
{
    printf("{\"ok\":false,\"code\":\"%s\",\"found\":\"%s\",\"decoded_ms\":%" G_GINT64_FORMAT "}\n",
           failure->code, failure->found, failure->decoded_ms);
    fflush(stdout);
}

void worker_say_result(const WorkerResult *result)
{
    printf("{\"ok\":true,\"type\":\"%s\",\"duration_ms\":%" G_GINT64_FORMAT
           ",\"frames\":%" G_GINT64_FORMAT ",\"input_lufs\":%.2f,\"output_lufs\":%.2f"
           ",\"output_dbtp\":%.2f,\"gain_db\":%.2f",
           result->type, result->frames / 48, result->frames, result->input_lufs,
           result->output_lufs, result->output_dbtp, result->gain_db);
    if (result->limited_by != NULL)
        printf(",\"limited_by\":\"%s\"", result->limited_by);
    g_autofree char *peaks = peaks_to_text(&result->peaks);
    printf(",\"peaks\":\"%s\"", peaks);
    printf(",\"sample_rate\":%u,\"channels\":%u,\"bytes\":%" G_GINT64_FORMAT "}\n",
           result->sample_rate, result->channels, result->bytes);
    fflush(stdout);
}
