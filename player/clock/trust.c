/* The judgement of the wall clock, and the floor below which it can never be.
 *
 * A board without a battery clock wakes up in the past; one whose battery is flat may wake up
 * anywhere. The floor, saved every ten minutes while the time is trusted, catches both: a clock
 * before it is wrong, and one far beyond it is not believed on its own word. Nothing here guesses;
 * whoever needs the time asks for the level first.
 *
 * Time that the controller signed settles what the machine cannot know: it confirms its clock, or
 * takes its place where nothing keeps it. Where two that should both know disagree, neither is
 * believed. */
#include "clock/trust.h"

#include "base/atomic_file.h"

#include <string.h>
#include <sys/timex.h>

#define RELEASED_US    INT64_C(1793491200000000) /* 2026-11-01: this software is no older */
#define FLOOR_REACH_US (INT64_C(60) * 86400 * G_USEC_PER_SEC)
#define RTC_AGREES_US  (INT64_C(60) * G_USEC_PER_SEC)
#define PROBE_EVERY_US G_USEC_PER_SEC
#define CONTRADICTS_US (INT64_C(60) * G_USEC_PER_SEC)
#define SIGNED_FRESH_US                                                                            \
    (INT64_C(86400) * G_USEC_PER_SEC) /* older: only as good as a kept clock                       \
                                       */
#define DRIFT_PPM       100           /* of the board's crystal, at worst */
#define RTC_ERROR_MS    1000
#define RTC_FILE        "/sys/class/rtc/rtc0/since_epoch"
#define FLOOR_FILE_SIZE 64

const char *const trust_source_words[] = {"ntp", "rtc", "host", NULL};

struct Trust {
    char *floor_path;
    TrustSource source;
    const Clock *clock;
    TrustProbeFunc probe;
    void *probe_user;
    int64_t floor_us;
    TrustProbe probed;     /* kept for a second: a battery clock sits on a slow bus */
    int64_t probed_us;     /* boottime; 0 = never */
    StationClock *steered; /* may be NULL */
    TrustSigned sample;    /* as it was taken */
    int64_t sample_us;     /* boottime of it */
};

static bool is_plausible(const TrustFacts *facts)
{
    if (!facts->floor_us)
        return facts->now_us >= RELEASED_US;
    return facts->now_us >= facts->floor_us && facts->now_us <= facts->floor_us + FLOOR_REACH_US;
}

static bool is_kept(const TrustFacts *facts)
{
    if (facts->probe.synchronised || facts->source == TRUST_SOURCE_HOST)
        return true;
    if (facts->source != TRUST_SOURCE_RTC || !facts->probe.rtc_us)
        return false;
    return ABS(facts->probe.rtc_us - facts->now_us) <= RTC_AGREES_US;
}

static Judgement judge_machine(const TrustFacts *facts)
{
    Judgement judgement = {.error_ms = -1, .plausible = is_plausible(facts)};
    if (!judgement.plausible || !is_kept(facts)) {
        judgement.level = facts->floor_us ? TRUST_FLOOR : TRUST_UNKNOWN;
        return judgement;
    }
    judgement.level = TRUST_SYNCED;
    if (facts->probe.synchronised && facts->probe.error_us >= 0)
        judgement.error_ms = (facts->probe.error_us + 999) / 1000;
    else if (facts->source == TRUST_SOURCE_RTC)
        judgement.error_ms = RTC_ERROR_MS;
    return judgement;
}

static int64_t error_ms(int64_t error_us)
{
    return (error_us + 999) / 1000;
}

/* What the machine says, confirmed. */
static Judgement confirm(const TrustFacts *facts, Judgement machine)
{
    int64_t signed_ms = error_ms(facts->signed_by.error_us);
    if (machine.error_ms < 0 || signed_ms < machine.error_ms)
        machine.error_ms = signed_ms;
    if (facts->signed_by.age_us <= SIGNED_FRESH_US)
        machine.level = TRUST_SIGNED;
    return machine;
}

static Judgement contradict(Judgement machine)
{
    machine.level = TRUST_FLOOR;
    machine.error_ms = -1;
    machine.contradicted = true;
    return machine;
}

Judgement trust_judge(const TrustFacts *facts)
{
    const TrustSigned *said = &facts->signed_by;
    int64_t floor_us = facts->floor_us ? facts->floor_us : RELEASED_US;
    int64_t slack_us = CONTRADICTS_US + said->error_us;
    Judgement machine = judge_machine(facts);
    if (!said->utc_us)
        return machine;
    if (said->utc_us + slack_us < floor_us)
        return contradict(machine);
    if (machine.level >= TRUST_SYNCED && ABS(said->utc_us - facts->now_us) > slack_us)
        return contradict(machine);
    if (machine.level >= TRUST_SYNCED)
        return confirm(facts, machine);
    return (Judgement){
        .level = said->age_us <= SIGNED_FRESH_US ? TRUST_SIGNED : TRUST_SYNCED,
        .error_ms = error_ms(said->error_us),
        .plausible = true,
        .by_signed = true,
    };
}

static int64_t read_number(const char *path)
{
    g_autoptr(GBytes) bytes = atomic_file_read(path, FLOOR_FILE_SIZE, NULL);
    if (!bytes)
        return 0;
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    return MAX(g_ascii_strtoll(text, NULL, 10), 0);
}

static void probe_machine(TrustProbe *ret_probe, void *user)
{
    (void)user;
    struct timex state = {0};
    int answer = adjtimex(&state);
    ret_probe->synchronised = answer >= 0 && answer != TIME_ERROR && !(state.status & STA_UNSYNC);
    ret_probe->error_us = state.maxerror;
    ret_probe->rtc_us = read_number(RTC_FILE) * G_USEC_PER_SEC;
}

Trust *trust_new(const char *floor_path, TrustSource source, const Clock *clock,
                 TrustProbeFunc probe, void *user)
{
    Trust *self = g_new0(Trust, 1);
    self->floor_path = g_strdup(floor_path);
    self->source = source;
    self->clock = clock;
    self->probe = probe ? probe : probe_machine;
    self->probe_user = user;
    self->floor_us = read_number(floor_path);
    return self;
}

void trust_free(Trust *self)
{
    if (!self)
        return;
    g_free(self->floor_path);
    g_free(self);
}

void trust_steer(Trust *self, StationClock *clock)
{
    self->steered = clock;
}

/* The sample counted on to now, with the error that the crystal has added since. */
static TrustSigned signed_now(const Trust *self, int64_t boottime_us)
{
    if (!self->sample.utc_us)
        return (TrustSigned){0};
    int64_t age_us = boottime_us - self->sample_us;
    return (TrustSigned){
        .utc_us = self->sample.utc_us + age_us,
        .error_us = self->sample.error_us + age_us / 1000000 * DRIFT_PPM,
        .age_us = age_us,
    };
}

void trust_take_signed(Trust *self, int64_t utc_us, int64_t boottime_us, int64_t error_us)
{
    TrustSigned before = signed_now(self, boottime_us);
    bool fits = before.utc_us && ABS(utc_us - before.utc_us) <= error_us + before.error_us;
    if (fits && before.error_us <= error_us && before.age_us <= SIGNED_FRESH_US / 2)
        return; /* a slower answer that says the same: the clock need not move */
    self->sample = (TrustSigned){.utc_us = utc_us, .error_us = error_us};
    self->sample_us = boottime_us;
}

static void probe_now(Trust *self, int64_t boottime_us)
{
    if (self->probed_us && boottime_us - self->probed_us < PROBE_EVERY_US)
        return;
    self->probe(&self->probed, self->probe_user);
    self->probed_us = boottime_us;
}

Judgement trust_now(Trust *self)
{
    int64_t boottime_us = clock_boottime_us(self->clock);
    probe_now(self, boottime_us);
    TrustFacts facts = {
        .source = self->source,
        .probe = self->probed,
        .now_us = clock_wall_us(self->clock),
        .floor_us = self->floor_us,
        .signed_by = signed_now(self, boottime_us),
    };
    if (facts.probe.rtc_us)
        facts.probe.rtc_us += boottime_us - self->probed_us;
    Judgement judgement = trust_judge(&facts);
    if (self->steered)
        station_clock_anchor(self->steered,
                             judgement.by_signed ? self->sample.utc_us - self->sample_us : 0);
    return judgement;
}

bool trust_save_floor(Trust *self, GError **error)
{
    Judgement judgement = trust_now(self);
    if (judgement.level < TRUST_SYNCED)
        return true;
    int64_t boottime_us = clock_boottime_us(self->clock);
    int64_t now_us =
        judgement.by_signed ? signed_now(self, boottime_us).utc_us : clock_wall_us(self->clock);
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT "\n", now_us);
    if (!atomic_file_write(self->floor_path, text, strlen(text), 0600, error))
        return false;
    self->floor_us = now_us;
    return true;
}
