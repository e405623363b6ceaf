/* Two passes at least: the original is decoded once to measure it and once per encoding round;
 * nothing decoded is kept, so two hours need no more memory than a minute. The canonical file (22
 * MB at most) stays in memory until it is right: it is decoded again and measured as a station will
 * hear it, since encoding moves loudness and peak. Only then is the first byte of it written. */
#include "content/worker_job.h"

#include "content/canonical.h"
#include "content/limiter.h"
#include "content/loudness.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

typedef struct {
    const WorkerCodec *codec;
    void *encoder;
    Limiter *limiter;
    size_t skip; /* frames of the limiter's delay still to drop */
} Pass;

static bool measure(float *pcm, size_t frames, void *data, WorkerFailure *failure)
{
    (void)failure;
    loudness_add(data, pcm, frames);
    return true;
}

typedef struct {
    Loudness *loudness;
    Peaks *peaks;
} Look;

static bool look_at(float *pcm, size_t frames, void *data, WorkerFailure *failure)
{
    const Look *look = data;
    peaks_add(look->peaks, pcm, frames);
    return measure(pcm, frames, look->loudness, failure);
}

static bool limit_and_encode(float *pcm, size_t frames, void *data, WorkerFailure *failure)
{
    Pass *pass = data;
    limiter_run(pass->limiter, pcm, frames);
    const size_t drop = MIN(frames, pass->skip);
    pass->skip -= drop;
    return frames == drop || pass->codec->encode(pass->encoder, pcm + drop, frames - drop, failure);
}

static bool encode(const WorkerCodec *codec, WorkerSound *original, const CanonicalPlan *plan,
                   GByteArray *out, WorkerFailure *failure)
{
    g_autoptr(Limiter) limiter = limiter_new(CANONICAL_RATE_HZ, pow(10, plan->gain_db / 20),
                                             pow(10, plan->ceiling_dbfs / 20));
    const size_t rest = limiter_delay(limiter);
    g_autofree float *zeros = g_new0(float, rest);
    Pass pass = {codec, NULL, limiter, rest};
    g_byte_array_set_size(out, 0);
    pass.encoder = codec->encode_start(out);
    const bool fed = codec->decode(original, limit_and_encode, &pass, failure) &&
                     limit_and_encode(zeros, rest, &pass, failure);
    const bool finished = codec->encode_finish(pass.encoder, failure);
    return fed && finished;
}

/* Measures a canonical file the way a station will hear it. */
static bool check(const WorkerCodec *codec, const GByteArray *file, int64_t frames,
                  WorkerResult *result, WorkerFailure *failure)
{
    WorkerInput input = worker_input_memory(file->data, file->len);
    WorkerSound sound = {.input = &input};
    g_autoptr(Loudness) loudness = loudness_new(CANONICAL_RATE_HZ);
    Look look = {loudness, &result->peaks};
    peaks_begin(&result->peaks, frames);
    if (!codec->recognise(&sound, failure) || !codec->decode(&sound, look_at, &look, failure))
        return false;
    result->frames = sound.frames;
    result->bytes = file->len;
    result->output_lufs = loudness_integrated_lufs(loudness);
    result->output_dbtp = loudness_true_peak_db(loudness);
    return true;
}

/* Encodes, measures and corrects until the plan is content. */
static bool make_canonical(const WorkerCodec *codec, WorkerSound *original, GByteArray *out,
                           WorkerResult *result, WorkerFailure *failure)
{
    CanonicalPlan plan = canonical_plan_start(result->input_lufs);
    CanonicalVerdict verdict = CANONICAL_ENCODE_AGAIN;
    while (verdict == CANONICAL_ENCODE_AGAIN) {
        result->gain_db = plan.gain_db;
        if (!encode(codec, original, &plan, out, failure) ||
            !check(codec, out, original->frames, result, failure))
            return false;
        verdict = canonical_plan_next(&plan, result->output_lufs, result->output_dbtp);
    }
    if (verdict == CANONICAL_HOPELESS)
        return worker_fail(failure, "internal", 0, "%s whose peaks cannot be held",
                           original->words);
    if (verdict == CANONICAL_QUIET)
        result->limited_by = plan.gain_db >= CANONICAL_GAIN_MAX_DB ? "gain" : "peak";
    return true;
}

static bool write_output(int fd, const GByteArray *file, WorkerFailure *failure)
{
    for (gsize done = 0; done < file->len;) {
        const ssize_t put = write(fd, file->data + done, file->len - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return worker_fail(failure, errno == ENOSPC ? "disk-full" : "internal", 0,
                               "cannot write: %s", g_strerror(errno));
        done += (gsize)put;
    }
    return true;
}

bool worker_job_run(const WorkerCodec *codec, int input_fd, int output_fd, WorkerResult *result,
                    WorkerFailure *failure)
{
    WorkerInput input;
    WorkerSound original = {.input = &input};
    g_autoptr(Loudness) loudness = loudness_new(CANONICAL_RATE_HZ);
    g_autoptr(GByteArray) out = g_byte_array_new();
    if (!worker_input_open(&input, input_fd))
        return worker_fail(failure, "internal", 0, "the input is no regular file");
    if (input.size > CANONICAL_INPUT_MAX)
        return worker_fail(failure, "too-large", 0, "a file of %" G_GINT64_FORMAT " MiB",
                           input.size >> 20);
    worker_input_skip_tags(&input);
    if (!codec->recognise(&original, failure))
        return false;
    if (worker_input_wav_is_cut(&input) || worker_input_film_is_cut(&input))
        return worker_fail(failure, "broken", 0, "%s, cut off: its header promises more",
                           original.words);
    worker_input_drop_wav_tail(&input);
    original.promised_frames = worker_input_mpeg_frames(&input);
    if (!codec->decode(&original, measure, loudness, failure))
        return false;
    result->type = original.type;
    result->sample_rate = original.rate;
    result->channels = original.channels;
    result->input_lufs = loudness_integrated_lufs(loudness);
    if (result->input_lufs < CANONICAL_SILENT_LUFS)
        return worker_fail(failure, "silent", original.frames / (CANONICAL_RATE_HZ / 1000),
                           "%s without sound", original.words);
    return make_canonical(codec, &original, out, result, failure) &&
           write_output(output_fd, out, failure);
}
