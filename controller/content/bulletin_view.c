/* What is not there yet is null, never 0: a panel must not show "0 s" for "not known". */
#include "content/bulletin_view.h"

#include "base/clock.h"

static void set_time(Json *object, const char *key, int64_t at_us)
{
    g_autofree char *text = at_us != 0 ? clock_format_utc(at_us) : NULL;
    json_set_text(object, key, text);
}

static void set_person(Json *object, const char *key, const char *id, const char *name)
{
    if (name == NULL) {
        json_set_null(object, key);
        return;
    }
    Json *person = json_new_object();
    json_set_text(person, "id", id);
    json_set_text(person, "name", name);
    json_set_take(object, key, person);
}

static void set_sound(Json *object, const Bulletin *bulletin, double progress, Language language)
{
    const bool ready = bulletin->audio == BULLETIN_AUDIO_READY;
    json_set_text(object, "audio", bulletin_audio_word(bulletin->audio));
    json_set_real(object, "audio_progress", ready ? 1.0 : progress);
    json_set_text(object, "audio_error",
                  language == LANGUAGE_EN ? bulletin->audio_error_en : bulletin->audio_error_vi);
    json_set_text(object, "sha256", bulletin->sha256);
    if (!ready) {
        json_set_null(object, "duration_ms");
        json_set_null(object, "loudness_lufs");
        return;
    }
    json_set_int(object, "duration_ms", bulletin->duration_ms);
    if (bulletin->source != NULL) /* a stream has no loudness that was measured */
        json_set_null(object, "loudness_lufs");
    else
        json_set_real(object, "loudness_lufs", (double)bulletin->loudness_mlufs / 1000.0);
}

static void set_relay(Json *object, const Bulletin *bulletin)
{
    if (bulletin->source == NULL) {
        json_set_null(object, "relay");
        return;
    }
    Json *relay = json_new_object();
    json_set_text(relay, "source", bulletin->source);
    json_set_int(relay, "minutes", bulletin->frames / (48000 * 60));
    json_set_take(object, "relay", relay);
}

void bulletin_view_validity(Json *object, const Bulletin *bulletin)
{
    set_time(object, "valid_from", bulletin->valid_from_us);
    set_time(object, "valid_until", bulletin->valid_until_us);
}

Json *bulletin_view(const Bulletin *bulletin, const char *area_name, double progress,
                    Language language)
{
    Json *object = json_new_object();
    json_set_text(object, "id", bulletin->id);
    json_set_text(object, "version", bulletin->version);
    json_set_int(object, "number", bulletin->number);
    json_set_text(object, "title", bulletin->title);
    json_set_text(object, "language", bulletin->language);
    json_set_text(object, "kind", bulletin->source ? "relay" : bulletin->text ? "speech" : "file");
    set_relay(object, bulletin);
    json_set_text(object, "area", bulletin->area);
    json_set_text(object, "area_name", area_name);
    json_set_text(object, "state", bulletin_state_word(bulletin->state));
    set_sound(object, bulletin, progress, language);
    bulletin_view_validity(object, bulletin);
    set_person(object, "author", bulletin->author, bulletin->author_name);
    const bool decided = bulletin->state != BULLETIN_REJECTED;
    set_person(object, "approver", bulletin->approver, decided ? bulletin->approver_name : NULL);
    json_set_text(object, "reject_reason", bulletin->reject_reason);
    set_time(object, "created_at", bulletin->created_us);
    set_time(object, "updated_at", bulletin->updated_us);
    return object;
}
