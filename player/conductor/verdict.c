/* The rule in one sentence: `played` is said only when the hardware's pointer has passed all of it,
 * loud enough to be heard, through a mixer that is open and an amplifier that was on, at a time
 * that was known. Whatever is wrong with that, the device is to blame unless somebody stopped it.
 */
#include "conductor/verdict.h"

#include "clock/trust.h"

#include <math.h>

#define SILENCE_DBFS     (-60.0) /* before gain; canonical files lie at -16 LUFS */
#define MIXER_CLOSED_DB  (-60.0)
#define STARVED_PERMILLE 50
#define PADDING_FRAMES   960 /* 20 ms: one Opus packet */

bool verdict_is_whole(int64_t played_frames, int64_t expected_frames)
{
    int64_t spare = MAX(expected_frames / 200, PADDING_FRAMES);
    return played_frames > 0 && played_frames >= expected_frames - spare;
}

bool verdict_stream_is_whole(int64_t played_frames, int64_t starved_frames)
{
    return played_frames > 0 && starved_frames <= (played_frames + starved_frames) / 50;
}

/* Why nobody can have heard it, or NULL. */
static const char *unheard(const Account *account)
{
    if (account->mixer_present && account->mixer_muted)
        return "muted";
    if (account->mixer_present && account->mixer_db <= MIXER_CLOSED_DB)
        return "mixer-closed";
    if (account->amplifier == BOARD_NO)
        return "amplifier-off";
    if (account->current_min_ma > 0 && account->most_ma != INT64_MIN &&
        account->most_ma < account->current_min_ma)
        return "no-current"; /* a cable that is cut, a fuse, a horn that burnt out */
    if (!isfinite(account->rms_dbfs) || account->rms_dbfs < SILENCE_DBFS + account->gain_db)
        return "silent";
    return NULL;
}

/* Why it is not certain that all of it was heard, or NULL. */
static const char *doubtful(const Account *account)
{
    if (account->amplifier != BOARD_YES)
        return "amplifier-unknown";
    if (account->current_min_ma > 0 && account->least_ma != INT64_MIN &&
        account->least_ma < account->current_min_ma)
        return "current-lost";
    if (account->lack == REASON_NONE &&
        account->starved_frames > account->expected_frames / 1000 * STARVED_PERMILLE)
        return "starved";
    return NULL;
}

static Reason reason_of_stop(StopCause stop)
{
    switch (stop) {
    case STOP_SHUTDOWN: return REASON_RESTART;
    case STOP_LOCAL: return REASON_LOCAL_STOP;
    case STOP_DISPLACED: return REASON_DISPLACED;
    case STOP_POLICY: return REASON_POLICY;
    case STOP_MUTED: return REASON_MUTED;
    case STOP_BUDGET: return REASON_DATA_BUDGET;
    case STOP_POWER: return REASON_NO_POWER;
    case STOP_CANCELLED:
    case STOP_NONE: break;
    }
    return REASON_NONE;
}

/* It ended early, or not as it should have: who was it? */
static Verdict blame(const Account *account, Outcome outcome, const char *otherwise)
{
    Verdict verdict = {.outcome = outcome, .reason = reason_of_stop(account->stop)};
    if (verdict.reason != REASON_NONE)
        return verdict;
    bool device = account->end == AUDIO_END_DEVICE;
    verdict.reason = account->lack != REASON_NONE && !device ? account->lack
                     : account->end == AUDIO_END_MEDIA       ? REASON_BAD_MEDIA
                                                             : REASON_DEVICE_FAULT;
    verdict.fault = account->fault ? account->fault : otherwise;
    return verdict;
}

static Verdict judge(const Account *account)
{
    if (account->stop == STOP_CANCELLED && !account->complete)
        return (Verdict){.outcome = OUTCOME_CANCELLED};
    if (account->played_frames + account->stood_in_frames <= 0)
        return blame(account, OUTCOME_MISSED, "no-sound");
    const char *why = unheard(account);
    if (why)
        return (Verdict){OUTCOME_MISSED, REASON_DEVICE_FAULT, why, 0};
    if (account->trust < TRUST_SYNCED)
        return (Verdict){OUTCOME_PARTIAL, REASON_NO_TIME, NULL, 0};
    why = doubtful(account);
    if (why)
        return (Verdict){OUTCOME_PARTIAL, REASON_DEVICE_FAULT, why, 0};
    if (account->complete)
        return (Verdict){.outcome = OUTCOME_PLAYED};
    return blame(account, OUTCOME_PARTIAL, "short");
}

Verdict verdict_of(const Account *account)
{
    Verdict verdict = judge(account);
    bool drew = account->current_min_ma > 0 && account->least_ma >= account->current_min_ma;
    verdict.grade = account->played_frames + account->stood_in_frames <= 0 ? 0 : drew ? 3 : 2;
    return verdict;
}
