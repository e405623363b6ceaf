/* Reads, never changes: what a person at the centre needs to know of a horn ten kilometres away. */
#include "health/facts.h"

#include "relay_format.h"

#define MISSING_MAX 64    /* names of missing files per report */
#define HOT_MC      80000 /* boards throttle from here on */
#define STORAGE_LOW (INT64_C(64) * 1024 * 1024)

static Json *plan_facts(const FactsParts *parts)
{
    int64_t epoch, version;
    plan_file_seen(parts->plan, &epoch, &version);
    Json *json = json_new_object();
    json_set_int(json, "epoch", epoch);
    json_set_int(json, "version", version);
    return json;
}

static Json *media_facts(const FactsParts *parts)
{
    const Plan *plan = plan_file_plan(parts->plan);
    Json *json = json_new_object();
    Json *missing = json_new_array();
    int64_t ready = 0;
    for (unsigned i = 0; plan && i < plan->media->len; i++) {
        const PlanMedia *media = plan->media->pdata[i];
        if (media_cache_has(parts->media, media->sha256))
            ready++;
        else if (json_length(missing) < MISSING_MAX)
            json_append_text(missing, media->sha256);
    }
    json_set_int(json, "ready", ready);
    json_set_take(json, "missing", missing);
    return json;
}

static void set_fact(Json *json, const char *key, BoardFact fact)
{
    if (fact == BOARD_UNKNOWN)
        json_set_null(json, key);
    else
        json_set_bool(json, key, fact == BOARD_YES);
}

static void set_number(Json *json, const char *key, int64_t value)
{
    if (value == INT64_MIN)
        json_set_null(json, key);
    else
        json_set_int(json, key, value);
}

static Json *board_facts(const BoardReadings *readings)
{
    Json *json = json_new_object();
    set_fact(json, "mains", readings->mains);
    set_fact(json, "tamper", readings->tamper);
    set_fact(json, "under_voltage", readings->under_voltage);
    set_number(json, "battery_mv", readings->battery_mv);
    set_number(json, "temperature_mc", readings->temperature_mc);
    set_number(json, "current_ma", readings->current_ma);
    return json;
}

static Json *clock_facts(Judgement judgement)
{
    Json *json = json_new_object();
    json_set_int(json, "trust", judgement.level);
    json_set_int(json, "error_ms", judgement.error_ms);
    return json;
}

static void look_at_board(Faults *faults, const BoardReadings *readings, int64_t now_us)
{
    faults_set(faults, FAULT_POWER, readings->mains == BOARD_NO, now_us);
    faults_set(faults, FAULT_TAMPER, readings->tamper == BOARD_YES, now_us);
    faults_set(faults, FAULT_UNDER_VOLTAGE, readings->under_voltage == BOARD_YES, now_us);
    faults_set(faults, FAULT_HEAT, readings->temperature_mc > HOT_MC, now_us);
}

/* What was wrong with the last airing, told apart by who has to look at what. */
static void look_at_sound(Faults *faults, const char *word, int64_t now_us)
{
    static const struct {
        const char *word;
        FaultCode code;
    } known[] = {{"muted", FAULT_MUTED},
                 {"mixer-closed", FAULT_MUTED},
                 {"amplifier-off", FAULT_AMPLIFIER},
                 {"amplifier-unknown", FAULT_AMPLIFIER},
                 {"no-current", FAULT_HORN},
                 {"current-lost", FAULT_HORN}};
    static const FaultCode codes[] = {FAULT_DEVICE, FAULT_MUTED, FAULT_AMPLIFIER, FAULT_HORN};
    FaultCode code = FAULT_DEVICE;
    for (size_t i = 0; word && i < G_N_ELEMENTS(known); i++)
        if (g_str_equal(known[i].word, word))
            code = known[i].code;
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
        faults_set(faults, codes[i], word && codes[i] == code, now_us);
}

static void look_for_faults(const FactsParts *parts, Faults *faults, Judgement judgement)
{
    int64_t now_us = clock_wall_us(parts->clock);
    bool low = media_cache_free_bytes(parts->media) < STORAGE_LOW;
    bool full = journal_count_waiting(parts->journal) >= JOURNAL_MAX_WAITING;
    look_at_sound(faults, conductor_device_fault(parts->conductor), now_us);
    faults_set(faults, FAULT_DISK, storage_is_failing(storage_look(parts->storage)), now_us);
    faults_set(faults, FAULT_JOURNAL, full || conductor_journal_fault(parts->conductor), now_us);
    faults_set(faults, FAULT_STORAGE, low || fetcher_lacks_space(parts->fetcher), now_us);
    faults_set(faults, FAULT_CLOCK, judgement.level < TRUST_SYNCED, now_us);
}

static void look_at_line(const FactsParts *parts, Faults *faults)
{
    DataLimits limits = data_limits_of(plan_file_plan(parts->plan), parts->meter);
    DataState state = data_state(&limits, data_meter_use(parts->meter), 0);
    int64_t now_us = clock_wall_us(parts->clock);
    faults_set(faults, FAULT_DATA_NEAR, state == DATA_NEAR, now_us);
    faults_set(faults, FAULT_DATA_SPENT, state == DATA_SPENT, now_us);
    faults_set(faults, FAULT_SIGNAL, modem_facts(parts->modem)->weak, now_us);
}

static Json *data_facts(const FactsParts *parts)
{
    DataLimits limits = data_limits_of(plan_file_plan(parts->plan), parts->meter);
    return data_to_json(&limits, data_meter_use(parts->meter));
}

static Json *storage_facts(Storage *storage)
{
    const StorageFacts *facts = storage_look(storage);
    Json *json = json_new_object();
    set_number(json, "errors", facts->errors < 0 ? INT64_MIN : facts->errors);
    json_set_bool(json, "changed", facts->changed);
    json_set_bool(json, "unwritable", facts->unwritable);
    return json;
}

static Json *formats_of(const Abilities *abilities)
{
    Json *formats = json_new_array();
    json_append_text(formats, "ogg-opus");
    for (const RelayFormat *format = relay_format_all(); format->name; format++) {
        g_autofree char *relay = g_strconcat("relay-", format->name, NULL);
        if (format == relay_format_named(format->name) && abilities_has(abilities, format->name))
            json_append_text(formats, relay);
    }
    return formats;
}

Json *facts_gather(const FactsParts *parts, Faults *faults, bool full)
{
    static const char *const line_words[] = {"unknown", "off", "on"};
    Judgement judgement = trust_now(parts->trust);
    BoardReadings readings;
    board_read(parts->board, &readings);
    look_for_faults(parts, faults, judgement);
    look_at_board(faults, &readings, clock_wall_us(parts->clock));
    look_at_line(parts, faults);

    Json *json = json_new_object();
    json_set_text(json, "boot_id", parts->boot_id);
    json_set_text(json, "software", "loa-player/" LOA_VERSION);
    json_set_int(json, "protocol", 1);
    if (abilities_known(parts->abilities))
        json_set_take(json, "formats", formats_of(parts->abilities));
    json_set_bool(json, "full", full);
    json_set_take(json, "plan", plan_facts(parts));
    json_set_take(json, "media", media_facts(parts));
    json_set_text(json, "now_playing", conductor_now_playing(parts->conductor));
    json_set_real(json, "level_dbfs", parts->audio->ops->level_dbfs(parts->audio, 0));
    json_set_int(json, "volume_mdb", conductor_volume_mdb(parts->conductor));
    json_set_take(json, "alerts", alerts_in_force(parts->alerts));
    json_set_take(json, "clock", clock_facts(judgement));
    json_set_int(json, "receipts_waiting", journal_count_waiting(parts->journal));
    json_set_take(json, "storage", storage_facts(parts->storage));
    json_set_int(json, "storage_free_bytes", media_cache_free_bytes(parts->media));
    json_set_take(json, "board", board_facts(&readings));
    json_set_text(json, "amplifier", line_words[readings.amplifier]);
    Json *modem = modem_to_json(modem_facts(parts->modem));
    json_set_take(json, "data", data_facts(parts));
    json_set_take(json, "modem", modem);
    json_set_take(json, "faults", faults_to_json(faults));
    json_set_take(json, "refusals", refusals_to_json(parts->refusals));
    return json;
}
