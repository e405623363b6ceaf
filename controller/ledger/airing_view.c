/* Printing of airings. Evidence is shown only where something sounded; a number that nobody
 * measured is null, never zero. */
#include "ledger/airing_view.h"

#include "base/clock.h"
#include "ledger/outcome_text.h"
#include "ledger/reconcile.h"
#include "registry/station_store.h"

struct AiringView {
    Ledger *ledger;
    Language language;
    int64_t now_us;
    GHashTable *names; /* station id -> name */
};

AiringView *airing_view_new(Ledger *ledger, Language language, int64_t now_us)
{
    AiringView *self = g_new0(AiringView, 1);
    self->ledger = ledger;
    self->language = language;
    self->now_us = now_us;
    self->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void airing_view_free(AiringView *self)
{
    if (!self)
        return;
    g_hash_table_unref(self->names);
    g_free(self);
}

const char *airing_view_station(AiringView *self, const char *id)
{
    char *name = g_hash_table_lookup(self->names, id);
    if (name)
        return name;
    g_autoptr(Station) station = station_store_get(self->ledger->database, id, NULL);
    name = g_strdup(station ? station->name : id);
    g_hash_table_insert(self->names, g_strdup(id), name);
    return name;
}

const char *airing_view_outcome(AiringView *self, const Airing *airing)
{
    HealthView health;
    health_view(self->ledger->fleet->health, airing->station, &health);
    bool fresh = g_str_equal(health.state, "online");
    const char *playing = fresh ? json_peek_text(health.facts, "now_playing") : NULL;
    return reconcile_outcome(airing, playing, self->now_us);
}

static void set_time(Json *object, const char *key, int64_t us)
{
    g_autofree char *text = us ? clock_format_utc(us) : NULL;
    json_set_text(object, key, text);
}

static Json *evidence_json(const Airing *airing)
{
    Json *evidence = json_new_object();
    json_set_int(evidence, "grade", airing->grade);
    json_set_real(evidence, "rms_dbfs", airing->rms_dbfs);
    json_set_real(evidence, "peak_dbfs", airing->peak_dbfs);
    json_set_int(evidence, "frames", airing->frames);
    json_set_int(evidence, "xruns", airing->xruns);
    json_set_real(evidence, "mixer_db", airing->mixer_db);
    if (airing->mixer_muted >= 0)
        json_set_bool(evidence, "mixer_muted", airing->mixer_muted);
    else
        json_set_null(evidence, "mixer_muted");
    json_set_text(evidence, "amplifier", airing->amplifier);
    json_set_int(evidence, "clock_trust", airing->clock_trust);
    return evidence;
}

static void add_result(Json *object, const Airing *airing)
{
    bool said = g_str_equal(airing->said_by, "station");
    set_time(object, "started_at", airing->started_us);
    set_time(object, "ended_at", airing->ended_us);
    json_set_int(object, "late_by_ms", airing->late_by_ms);
    json_set_int(object, "duration_ms", airing->duration_ms);
    json_set_text(object, "author", airing->author);
    json_set_text(object, "approver", airing->approver);
    if (said && airing->grade > 0)
        json_set_take(object, "evidence", evidence_json(airing));
    else
        json_set_null(object, "evidence");
    if (!said) {
        json_set_null(object, "receipt");
        return;
    }
    Json *receipt = json_new_object();
    json_set_text(receipt, "station", airing->station);
    json_set_int(receipt, "counter", airing->receipt_counter);
    json_set_take(object, "receipt", receipt);
}

Json *airing_view_json(AiringView *self, const Airing *airing)
{
    const char *reason = *airing->reason ? airing->reason : NULL;
    Json *object = json_new_object();
    json_set_text(object, "id", airing->id);
    json_set_text(object, "broadcast", airing->broadcast);
    json_set_text(object, "title", airing->title);
    json_set_text(object, "class", airing->class);
    json_set_text(object, "station", airing->station);
    json_set_text(object, "station_name", airing_view_station(self, airing->station));
    json_set_text(object, "area", airing->area);
    set_time(object, "planned_start", airing->planned_us);
    json_set_text(object, "outcome", airing_view_outcome(self, airing));
    json_set_text(object, "reason", reason);
    json_set_text(object, "reason_text", outcome_text_reason(reason, self->language));
    add_result(object, airing);
    return object;
}
