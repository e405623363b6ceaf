/* POST and GET /api/stations/{id}/test-tone: the technician presses, the pole sounds, and what the
 * card really let out comes back as a signed receipt within seconds. An order is worth a minute: a
 * station that connects later must not beep at a village that expects nothing. */
#include "alerts/alerts_parts.h"
#include "alerts/test_tone_store.h"

#include <math.h>

#define WORTH_US (INT64_C(60) * G_USEC_PER_SEC)
#define PATIENCE_US                                                                                \
    (INT64_C(30) * G_USEC_PER_SEC) /* for the receipt of one that came at the end                  \
                                    */
#define GAIN_MIN_DB (-60.0)

typedef struct FaultWord {
    const char *fault, *vi, *en;
} FaultWord;

static const FaultWord fault_words[] = {
    {"muted", "card âm thanh đang tắt tiếng", "the sound card is muted"},
    {"mixer-closed", "âm lượng của card âm thanh ở mức thấp nhất",
     "the sound card's volume is at its lowest"},
    {"amplifier-off", "tăng âm không bật", "the amplifier did not switch on"},
    {"amplifier-unknown", "không đọc được trạng thái tăng âm",
     "nothing tells whether the amplifier was on"},
    {"no-current", "tăng âm không ăn dòng, loa có thể bị đứt dây",
     "the amplifier drew no current; a horn's cable may be cut"},
    {"current-lost", "tăng âm mất dòng giữa chừng", "the amplifier's current was lost on the way"},
    {"silent", "tín hiệu ra card âm thanh không có tiếng",
     "there was no sound in what left the card"},
    {"no-device", "không mở được card âm thanh", "the sound card cannot be opened"},
    {"device-gone", "card âm thanh bị rút ra", "the sound card went away"},
    {"stalled", "card âm thanh bị treo", "the sound card is stuck"},
    {"journal-full", "nhật ký của trạm đã đầy", "the station's journal is full"},
};

typedef enum {
    TONE_WAITING,
    TONE_HEARD,
    TONE_PARTIAL,
    TONE_SILENT,
    TONE_BUSY,
    TONE_NO_ANSWER
} ToneState;
static const char *const state_words[] = {"waiting", "heard", "partial",
                                          "silent",  "busy",  "no_answer"};

static ToneState state_of(const TestTone *tone, int64_t now_us)
{
    if (*tone->outcome == '\0')
        return now_us < tone->expires_us + PATIENCE_US ? TONE_WAITING : TONE_NO_ANSWER;
    if (g_str_equal(tone->outcome, outcome_words[OUTCOME_PLAYED]))
        return TONE_HEARD;
    if (g_str_equal(tone->reason, reason_words[REASON_DISPLACED]))
        return TONE_BUSY;
    return g_str_equal(tone->outcome, outcome_words[OUTCOME_MISSED]) ? TONE_SILENT : TONE_PARTIAL;
}

static const char *why_of(const TestTone *tone, bool vi)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fault_words); i++)
        if (g_strcmp0(tone->fault, fault_words[i].fault) == 0)
            return vi ? fault_words[i].vi : fault_words[i].en;
    if (g_str_equal(tone->reason, reason_words[REASON_MUTED]))
        return vi ? "trạm đang được tắt tiếng" : "the station is muted";
    if (g_str_equal(tone->reason, reason_words[REASON_RESTART]))
        return vi ? "trạm khởi động lại giữa chừng" : "the station restarted meanwhile";
    if (g_str_equal(tone->reason, reason_words[REASON_LOCAL_STOP]))
        return vi ? "có người bấm nút dừng tại trạm" : "somebody pressed the stop button there";
    return vi ? "thiết bị âm thanh không phát được" : "the sound device did not work";
}

/* Tenths stand behind a comma in Vietnamese. */
static char *decibels(double level, bool vi)
{
    char *text = g_strdup_printf("%.1f", level);
    return vi ? g_strdelimit(text, ".", ',') : text;
}

static char *text_of(const TestTone *tone, ToneState state, bool vi)
{
    g_autofree char *level = decibels(tone->rms_dbfs, vi);
    switch (state) {
    case TONE_WAITING: return g_strdup(vi ? "Đang chờ trạm trả lời." : "Waiting for the station.");
    case TONE_HEARD:
        return g_strdup_printf(vi ? "Nghe được: tín hiệu ra loa ở mức %s dBFS."
                                  : "Heard: %s dBFS went out to the horn.",
                               level);
    case TONE_PARTIAL:
        return g_strdup_printf(vi ? "Nghe được nhưng chưa chắc chắn, vì %s."
                                  : "Heard, but not for certain: %s.",
                               why_of(tone, vi));
    case TONE_SILENT:
        return g_strdup_printf(vi ? "Im lặng, vì %s." : "Silent: %s.", why_of(tone, vi));
    case TONE_BUSY:
        return g_strdup(vi ? "Không phát âm thử, vì loa đang phát hoặc sắp phát nội dung khác."
                           : "Not sounded: something else sounds there, or is about to.");
    case TONE_NO_ANSWER: break;
    }
    return g_strdup(
        vi ? "Trạm không trả lời trong một phút; lệnh đã hết hạn, trạm sẽ không phát nữa."
           : "The station did not answer within a minute; the order has expired.");
}

static Json *tone_json(const TestTone *tone, const Request *request)
{
    bool vi = request_language(request) == LANGUAGE_VI;
    ToneState state = state_of(tone, request_now_us(request));
    g_autofree char *text = text_of(tone, state, vi);
    g_autofree char *at = clock_format_utc(tone->issued_us);
    g_autofree char *ended = tone->ended_us ? clock_format_utc(tone->ended_us) : NULL;
    Json *json = json_new_object();
    json_set_text(json, "id", tone->id);
    json_set_text(json, "author", tone->author);
    json_set_text(json, "at", at);
    json_set_real(json, "gain_db", tone->gain_mdb / 1000.0);
    json_set_text(json, "state", state_words[state]);
    json_set_text(json, "text", text);
    json_set_real(json, "level_dbfs", tone->grade > 0 ? tone->rms_dbfs : NAN);
    json_set_int(json, "grade", tone->grade);
    json_set_text(json, "fault", tone->fault);
    json_set_text(json, "ended_at", ended);
    return json;
}

/* The station of {id}, for somebody with that right there. */
static Station *find(Alerts *self, const Request *request, Verb verb, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Station) station =
        station_store_get(self->parts.database, request_place(request, "id"), &error);
    if (error)
        *ret_refusal = reply_error(error);
    else if (!station || station->retired_us ||
             !access_allows(self->parts.database, access_user(request), VERB_VIEW, station->area))
        *ret_refusal = reply_problem(&problem_not_found);
    else
        *ret_refusal = access_check(self->parts.database, request, verb, station->area);
    return *ret_refusal ? NULL : g_steal_pointer(&station);
}

static Command *order_of(const Station *station, const Request *request, int gain_mdb)
{
    Command *command = command_new(COMMAND_TEST);
    command->issuer = g_strdup(station->area);
    command->author = g_strdup(access_user(request)->name);
    command->issued_us = request_now_us(request);
    command->expires_us = command->issued_us + WORTH_US;
    command->gain_mdb = gain_mdb;
    command_add_target(command, COMMAND_STATION, station->id, false);
    return command;
}

/* Gives the id of the order, which is the receipt's airing. */
static char *write_order(Alerts *self, const Request *request, const Station *station, int gain_mdb,
                         GError **error)
{
    Command *command = order_of(station, request, gain_mdb);
    g_autoptr(GPtrArray) stations = g_ptr_array_new();
    g_ptr_array_add(stations, (gpointer)station);
    if (!command_book_issue(self->parts.fleet->commands, command, stations, error))
        return NULL;
    TestTone tone = {.id = command->id, /* the book's, as long as it has not expired */
                     .station = station->id,
                     .author = access_user(request)->name,
                     .issued_us = command->issued_us,
                     .expires_us = command->expires_us,
                     .gain_mdb = gain_mdb};
    bool written =
        test_tone_store_add(self->parts.database, &tone, error) &&
        alerts_log(self, request, "station.test_tone", station->area, station->id, NULL, error);
    return written ? g_strdup(tone.id) : NULL;
}

Reply *test_tone_api_post(void *alerts, Request *request)
{
    Alerts *self = alerts;
    Database *database = self->parts.database;
    Reply *refusal = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    double gain_db = json_form_real(form, "gain_db", false, 0);
    if (!(gain_db >= GAIN_MIN_DB && gain_db <= 0))
        json_form_fault(form, "gain_db", FORM_RANGE, "-60..0");
    g_autoptr(Station) station = find(self, request, VERB_MANAGE_STATIONS, &refusal);
    if (station && !json_form_ok(form, true))
        refusal = reply_problem_take(problem_from_form(form));
    if (refusal)
        return refusal;
    if (!database_begin(database, &error))
        return reply_error(error);
    g_autofree char *id = write_order(self, request, station, (int)lround(gain_db * 1000), &error);
    if (!id) {
        database_rollback(database);
        return reply_error(error);
    }
    if (!database_commit(database, &error))
        return reply_error(error);
    g_autoptr(TestTone) tone = test_tone_store_get(database, id, &error);
    return tone ? reply_json_take(202, tone_json(tone, request)) : reply_error(error);
}

Reply *test_tone_api_get(void *alerts, Request *request)
{
    Alerts *self = alerts;
    Reply *refusal = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(Station) station = find(self, request, VERB_VIEW, &refusal);
    if (refusal)
        return refusal;
    g_autoptr(TestTone) tone = test_tone_store_newest(self->parts.database, station->id, &error);
    if (error)
        return reply_error(error);
    Json *body = json_new_object();
    if (tone)
        json_set_take(body, "test", tone_json(tone, request));
    else
        json_set_null(body, "test");
    return reply_json_take(200, body);
}
