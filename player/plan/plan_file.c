/* Two files: the envelope, and the highest (epoch, version) that was ever in force. The second
 * keeps an old plan from coming back after the first was damaged; it is written before the plan is
 * used, so that it can only be too careful by the plan that is just being replaced. */
#include "plan/plan_file.h"

#include "base/atomic_file.h"
#include "digest.h"

#include <stdio.h>
#include <string.h>

#define PLAN_FILE     "plan.json"
#define SEEN_FILE     "plan-seen.json"
#define PLAN_FILE_MAX (PLAN_MAX_BYTES * 2)
#define SEEN_FILE_MAX 1024

struct PlanFile {
    const Identity *identity;
    char *plan_path, *seen_path;
    Plan *plan;
    int64_t epoch, version;
    char sha256[65]; /* of the payload of (epoch, version); "" = unknown */
};

/* A root in a higher epoch ends the plans of the one before. */
static AcceptRules rules_of(const PlanFile *self)
{
    bool ended = self->identity->root->epoch > self->epoch;
    return (AcceptRules){
        .identity = self->identity,
        .epoch = ended ? self->identity->root->epoch : self->epoch,
        .version = ended ? 0 : self->version,
        .sha256 = ended ? "" : self->sha256,
    };
}

/* The very plan that was in force when the root changed, by the root that let it in: until the
 * first plan of the new one has come, it goes on. */
static Plan *accept_kept(const PlanFile *self, const char *text, size_t length, const char *sha256)
{
    if (!self->identity->previous || !*self->sha256 || !g_str_equal(self->sha256, sha256))
        return NULL;
    Identity before = *self->identity;
    before.root = self->identity->previous;
    AcceptRules rules = {.identity = &before,
                         .epoch = self->epoch,
                         .version = self->version,
                         .sha256 = self->sha256};
    AcceptCode code;
    return accept_plan(&rules, text, length, &code, NULL);
}

static void read_seen(PlanFile *self)
{
    g_autoptr(GBytes) bytes = atomic_file_read(self->seen_path, SEEN_FILE_MAX, NULL);
    if (!bytes)
        return;
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(Json) json = json_parse(text, length, NULL);
    const char *sha256 = json_peek_text(json, "sha256");
    self->epoch = json_peek_int(json, "epoch", 0);
    self->version = json_peek_int(json, "version", 0);
    if (sha256 && digest_is_sha256_hex(sha256))
        g_strlcpy(self->sha256, sha256, sizeof self->sha256);
}

static bool write_seen(const PlanFile *self, const Plan *plan, const char *sha256, GError **error)
{
    g_autoptr(Json) json = json_new_object();
    json_set_int(json, "epoch", plan->epoch);
    json_set_int(json, "version", plan->version);
    json_set_text(json, "sha256", sha256);
    size_t length;
    g_autofree char *text = json_print(json, &length);
    return atomic_file_write(self->seen_path, text, length, 0600, error);
}

static char *payload_sha256(const char *text, size_t length)
{
    g_autoptr(Envelope) envelope = envelope_parse(text, length, PLAN_FILE_MAX, NULL);
    if (!envelope)
        return g_strdup("");
    return digest_hex_of(g_bytes_get_data(envelope->payload, NULL),
                         g_bytes_get_size(envelope->payload));
}

static void use(PlanFile *self, Plan *take_plan, const char *sha256)
{
    plan_free(self->plan);
    self->plan = take_plan;
    self->epoch = take_plan->epoch;
    self->version = take_plan->version;
    g_strlcpy(self->sha256, sha256, sizeof self->sha256);
}

static AcceptCode load(PlanFile *self)
{
    g_autoptr(GBytes) bytes = atomic_file_read(self->plan_path, PLAN_FILE_MAX, NULL);
    if (!bytes)
        return ACCEPT_OK;
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    AcceptRules rules = rules_of(self);
    AcceptCode code;
    g_autofree char *sha256 = payload_sha256(text, length);
    Plan *plan = accept_plan(&rules, text, length, &code, NULL);
    if (!plan)
        plan = accept_kept(self, text, length, sha256);
    if (!plan)
        return code;
    use(self, plan, sha256);
    return ACCEPT_OK;
}

PlanFile *plan_file_open(const char *dir, const Identity *identity, AcceptCode *ret_refused)
{
    PlanFile *self = g_new0(PlanFile, 1);
    self->identity = identity;
    self->plan_path = g_build_filename(dir, PLAN_FILE, NULL);
    self->seen_path = g_build_filename(dir, SEEN_FILE, NULL);
    read_seen(self);
    *ret_refused = load(self);
    return self;
}

void plan_file_free(PlanFile *self)
{
    if (!self)
        return;
    plan_free(self->plan);
    g_free(self->plan_path);
    g_free(self->seen_path);
    g_free(self);
}

bool plan_file_replace(PlanFile *self, const char *text, size_t length, AcceptCode *ret_code,
                       GError **error)
{
    AcceptRules rules = rules_of(self);
    g_autoptr(Plan) plan = accept_plan(&rules, text, length, ret_code, error);
    if (!plan)
        return false;
    g_autofree char *sha256 = payload_sha256(text, length);
    if (!atomic_file_write(self->plan_path, text, length, 0600, error) ||
        !write_seen(self, plan, sha256, error))
        return false;
    use(self, g_steal_pointer(&plan), sha256);
    return true;
}

Plan *plan_file_plan(const PlanFile *self)
{
    return self->plan;
}

void plan_file_seen(const PlanFile *self, int64_t *ret_epoch, int64_t *ret_version)
{
    *ret_epoch = self->epoch;
    *ret_version = self->version;
}
