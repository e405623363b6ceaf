/* Every address of the controller, in the order of the flow, one line each. openapi.json says the
 * same for machines, docs/api.md and docs/protocol.md for people; a test holds table and document
 * together. */
#include "routes.h"

#include "access/action_log_api.h"
#include "access/me_api.h"
#include "access/password_api.h"
#include "access/role_api.h"
#include "access/session_api.h"
#include "access/sessions_api.h"
#include "access/settings_api.h"
#include "access/setup_api.h"
#include "access/token_api.h"
#include "access/totp_api.h"
#include "access/user_api.h"
#include "access/user_change_api.h"
#include "app.h"
#include "machine_api.h"
#include "registry/area_api.h"
#include "registry/group_answer_api.h"
#include "registry/group_api.h"
#include "registry/import_api.h"
#include "registry/map_api.h"
#include "registry/policy_api.h"
#include "registry/station_api.h"
#include "schedule/agenda_api.h"
#include "schedule/broadcast_losses.h"
#include "schedule/calendar_api.h"
#include "schedule/calendar_import_api.h"
#include "schedule/calendar_link_api.h"
#include "schedule/check_api.h"
#include "schedule/fate_api.h"
#include "schedule/holiday_api.h"
#include "schedule/occurrence_api.h"
#include "schedule/precedence_api.h"
#include "schedule/programme_api.h"
#include "schedule/series_api.h"
#include "schedule/template_api.h"
#include "schedule/tune_api.h"
#include "schedule/week_api.h"

#define KIB 1024

#define ROOM(member) .room = G_STRUCT_OFFSET(App, member)
#define PEOPLE       .listeners = LISTENER_PEOPLE, .gate = GATE_USER
#define ANYBODY      .listeners = LISTENER_PEOPLE, .gate = GATE_OPEN
#define STATION      .listeners = LISTENER_STATIONS, .gate = GATE_STATION
#define ANY_STATION  .listeners = LISTENER_STATIONS, .gate = GATE_OPEN
#define JSON         .body = BODY_JSON, .max_body = 16 * KIB
#define ONCE         .idempotent = true

#define GET(address, handle, ...)                                                                  \
    {                                                                                              \
        .method = "GET", .path = address, .handler = handle, __VA_ARGS__                           \
    }
#define POST(address, handle, ...)                                                                 \
    {                                                                                              \
        .method = "POST", .path = address, .handler = handle, __VA_ARGS__                          \
    }
#define PATCH(address, handle, ...)                                                                \
    {                                                                                              \
        .method = "PATCH", .path = address, .handler = handle, __VA_ARGS__                         \
    }
#define PUT(address, handle, ...)                                                                  \
    {                                                                                              \
        .method = "PUT", .path = address, .handler = handle, __VA_ARGS__                           \
    }
#define DELETE(address, handle, ...)                                                               \
    {                                                                                              \
        .method = "DELETE", .path = address, .handler = handle, __VA_ARGS__                        \
    }

static const Route table[] = {
    /* for machines */
    GET("/healthz", machine_api_health, ANYBODY, ROOM(ops)),
    GET("/metrics", metrics_api_get, ANYBODY, ROOM(ops)),
    GET("/api/openapi.json", machine_api_openapi, ANYBODY, ROOM(database)),

    /* access */
    GET("/api/setup", setup_api_get, ANYBODY, ROOM(people)),
    POST("/api/setup", setup_api_post, ANYBODY, ROOM(people), JSON),
    POST("/api/session", session_api_login, ANYBODY, ROOM(people), JSON),
    POST("/api/session/code", session_api_code, ANYBODY, ROOM(people), JSON),
    DELETE("/api/session", session_api_logout, PEOPLE, ROOM(people)),
    GET("/api/me", me_api_get, PEOPLE, ROOM(people)),
    PATCH("/api/me", me_api_patch, PEOPLE, ROOM(people), JSON, ONCE),
    POST("/api/me/password", password_api_change, PEOPLE, ROOM(people), JSON),
    POST("/api/me/totp", totp_api_begin, PEOPLE, ROOM(people), JSON),
    POST("/api/me/totp/confirm", totp_api_confirm, PEOPLE, ROOM(people), JSON),
    POST("/api/me/totp/off", totp_api_off, PEOPLE, ROOM(people), JSON),
    POST("/api/me/recovery-codes", totp_api_codes, PEOPLE, ROOM(people), JSON),
    GET("/api/access-policy", totp_api_policy, PEOPLE, ROOM(people)),
    PATCH("/api/access-policy", totp_api_set_policy, PEOPLE, ROOM(people), JSON, ONCE),
    GET("/api/sessions", sessions_api_list, PEOPLE, ROOM(people)),
    DELETE("/api/sessions", sessions_api_end_others, PEOPLE, ROOM(people)),
    DELETE("/api/sessions/{id}", sessions_api_end, PEOPLE, ROOM(people)),
    GET("/api/users", user_api_list, PEOPLE, ROOM(people)),
    POST("/api/users", user_api_create, PEOPLE, ROOM(people), JSON, ONCE),
    PATCH("/api/users/{id}", user_change_api_patch, PEOPLE, ROOM(people), JSON, ONCE),
    POST("/api/users/{id}/reset-password", user_change_api_reset, PEOPLE, ROOM(people), JSON),
    GET("/api/roles", role_api_get, PEOPLE, ROOM(people)),
    GET("/api/inbox", inbox_api_get, PEOPLE, ROOM(inbox)),
    GET("/api/tokens", token_api_list, PEOPLE, ROOM(people)),
    POST("/api/tokens", token_api_create, PEOPLE, ROOM(people), JSON),
    DELETE("/api/tokens/{id}", token_api_delete, PEOPLE, ROOM(people)),
    GET("/api/audit", action_log_api_list, PEOPLE, ROOM(people)),
    GET("/api/audit.csv", action_log_api_csv, PEOPLE, ROOM(people)),
    GET("/api/settings", settings_api_get, PEOPLE, ROOM(people)),
    PATCH("/api/settings", settings_api_patch, PEOPLE, ROOM(people), JSON, ONCE),

    /* registry */
    GET("/api/areas", area_api_list, PEOPLE, ROOM(registry)),
    POST("/api/areas", area_api_create, PEOPLE, ROOM(registry), JSON, ONCE),
    PATCH("/api/areas/{id}", area_api_patch, PEOPLE, ROOM(registry), JSON, ONCE),
    POST("/api/areas/import", area_import_post, PEOPLE, ROOM(registry), .body = BODY_BYTES,
         .max_body = 1024 * KIB),
    POST("/api/areas/geojson", map_api_load, PEOPLE, ROOM(registry), .body = BODY_JSON,
         .max_body = MAP_GEOJSON_MAX),
    GET("/api/map", map_api_get, PEOPLE, ROOM(registry)),
    GET("/api/areas/{id}/policy", policy_api_get, PEOPLE, ROOM(registry)),
    PUT("/api/areas/{id}/policy", policy_api_put, PEOPLE, ROOM(registry), JSON, ONCE),
    GET("/api/groups", group_api_list, PEOPLE, ROOM(registry)),
    POST("/api/groups", group_api_create, PEOPLE, ROOM(registry), .body = BODY_JSON,
         .max_body = 64 * KIB, ONCE),
    GET("/api/groups/{id}", group_api_get, PEOPLE, ROOM(registry)),
    PATCH("/api/groups/{id}", group_api_patch, PEOPLE, ROOM(registry), .body = BODY_JSON,
          .max_body = 64 * KIB, ONCE),
    DELETE("/api/groups/{id}", group_api_delete, PEOPLE, ROOM(registry), ONCE),
    POST("/api/groups/{id}/members/{member}/request", group_answer_api_request, PEOPLE,
         ROOM(registry), JSON, ONCE),
    POST("/api/groups/{id}/members/{member}/accept", group_answer_api_accept, PEOPLE,
         ROOM(registry), JSON, ONCE),
    POST("/api/groups/{id}/members/{member}/refuse", group_answer_api_refuse, PEOPLE,
         ROOM(registry), JSON, ONCE),
    POST("/api/groups/{id}/members/{member}/withdraw", group_answer_api_withdraw, PEOPLE,
         ROOM(registry), JSON, ONCE),
    GET("/api/group-requests", group_answer_api_list, PEOPLE, ROOM(registry)),
    GET("/api/group-candidates", group_api_candidates, PEOPLE, ROOM(registry)),
    GET("/api/stations", station_api_list, PEOPLE, ROOM(registry)),
    POST("/api/stations/import", station_import_post, PEOPLE, ROOM(registry), .body = BODY_BYTES,
         .max_body = 1024 * KIB),
    GET("/api/stations/{id}", station_api_get, PEOPLE, ROOM(registry)),
    PATCH("/api/stations/{id}", station_api_patch, PEOPLE, ROOM(registry), JSON, ONCE),
    GET("/api/stations/{id}/agenda", agenda_api_get, PEOPLE, ROOM(registry)),
    POST("/api/stations/{id}/retire", station_api_retire, PEOPLE, ROOM(registry), JSON, ONCE),
    GET("/api/events", panel_events_open, PEOPLE, ROOM(panel_events)),

    /* content */
    {.method = "OPTIONS",
     .path = "/api/uploads",
     .handler = upload_api_options,
     ANYBODY,
     ROOM(uploads)},
    POST("/api/uploads", upload_api_create, PEOPLE, ROOM(uploads)),
    {.method = "HEAD",
     .path = "/api/uploads/{id}",
     .handler = upload_api_head,
     PEOPLE,
     ROOM(uploads)},
    {.method = "PATCH",
     .path = "/api/uploads/{id}",
     .stream = &upload_api_patch,
     PEOPLE,
     ROOM(uploads),
     .body = BODY_STREAM,
     .max_body = UPLOAD_BYTES_MAX},
    DELETE("/api/uploads/{id}", upload_api_delete, PEOPLE, ROOM(uploads)),
    GET("/api/sources", source_api_list, PEOPLE, ROOM(sources)),
    POST("/api/sources", source_api_create, PEOPLE, ROOM(sources), JSON, ONCE),
    PATCH("/api/sources/{id}", source_api_change, PEOPLE, ROOM(sources), JSON, ONCE),
    DELETE("/api/sources/{id}", source_api_delete, PEOPLE, ROOM(sources), ONCE),
    POST("/api/source-trials", source_api_try, PEOPLE, ROOM(sources), JSON, ONCE),
    GET("/api/source-trials/{id}", source_api_trial, PEOPLE, ROOM(sources)),
    GET("/api/source-trials/{id}/audio", source_api_trial_audio, PEOPLE, ROOM(sources)),
    POST("/api/bulletins", bulletin_api_create, PEOPLE, ROOM(bulletins), .body = BODY_JSON,
         .max_body = BULLETIN_BODY_MAX, ONCE),
    GET("/api/bulletins", bulletin_api_list, PEOPLE, ROOM(bulletins)),
    GET("/api/bulletins/{id}", bulletin_api_get, PEOPLE, ROOM(bulletins)),
    PATCH("/api/bulletins/{id}", bulletin_api_change, PEOPLE, ROOM(bulletins), .body = BODY_JSON,
          .max_body = BULLETIN_BODY_MAX, ONCE),
    GET("/api/bulletins/{id}/audio", bulletin_api_audio, PEOPLE, ROOM(bulletins)),
    GET("/api/bulletins/{id}/versions", bulletin_api_versions, PEOPLE, ROOM(bulletins)),
    GET("/api/bulletins/{id}/peaks", bulletin_api_peaks, PEOPLE, ROOM(bulletins)),
    POST("/api/bulletins/{id}/submit", bulletin_api_submit, PEOPLE, ROOM(bulletins), JSON, ONCE),
    POST("/api/bulletins/{id}/approve", bulletin_api_approve, PEOPLE, ROOM(bulletins), JSON, ONCE),
    POST("/api/bulletins/{id}/reject", bulletin_api_reject, PEOPLE, ROOM(bulletins), JSON, ONCE),
    POST("/api/bulletins/{id}/withdraw", bulletin_api_withdraw, PEOPLE, ROOM(bulletins), JSON,
         ONCE),
    POST("/api/bulletins/{id}/shorten", bulletin_api_shorten, PEOPLE, ROOM(bulletins), JSON, ONCE),
    POST("/api/bulletins/{id}/revert", bulletin_api_revert, PEOPLE, ROOM(bulletins), JSON, ONCE),

    /* schedule */
    GET("/api/programmes", programme_api_list, PEOPLE, ROOM(broadcasts)),
    POST("/api/programmes", programme_api_create, PEOPLE, ROOM(broadcasts), JSON, ONCE),
    GET("/api/programmes/{id}", programme_api_get, PEOPLE, ROOM(broadcasts)),
    PATCH("/api/programmes/{id}", programme_api_change, PEOPLE, ROOM(broadcasts), JSON, ONCE),
    DELETE("/api/programmes/{id}", programme_api_delete, PEOPLE, ROOM(broadcasts), ONCE),
    GET("/api/programme-kinds", programme_api_kinds, PEOPLE, ROOM(broadcasts)),
    GET("/api/programme-templates", template_api_list, PEOPLE, ROOM(broadcasts)),
    POST("/api/programme-templates", template_api_create, PEOPLE, ROOM(broadcasts),
         .body = BODY_JSON, .max_body = 64 * KIB, ONCE),
    PUT("/api/programme-templates/{id}", template_api_put, PEOPLE, ROOM(broadcasts),
        .body = BODY_JSON, .max_body = 64 * KIB, ONCE),
    DELETE("/api/programme-templates/{id}", template_api_delete, PEOPLE, ROOM(broadcasts), ONCE),
    GET("/api/areas/{id}/lead-in-tune", tune_api_get, PEOPLE, ROOM(broadcasts)),
    PUT("/api/areas/{id}/lead-in-tune", tune_api_put, PEOPLE, ROOM(broadcasts), JSON, ONCE),
    GET("/api/broadcasts", broadcast_api_list, PEOPLE, ROOM(broadcasts)),
    POST("/api/broadcasts", broadcast_api_create, PEOPLE, ROOM(broadcasts), .body = BODY_JSON,
         .max_body = 256 * KIB, ONCE),
    POST("/api/broadcasts/check", check_api_post, PEOPLE, ROOM(registry), .body = BODY_JSON,
         .max_body = 256 * KIB),
    GET("/api/broadcasts/{id}", broadcast_api_get, PEOPLE, ROOM(broadcasts)),
    PATCH("/api/broadcasts/{id}", series_api_patch, PEOPLE, ROOM(broadcasts), JSON, ONCE),
    DELETE("/api/broadcasts/{id}", broadcast_api_delete, PEOPLE, ROOM(broadcasts), ONCE),
    GET("/api/broadcasts/{id}/fates", fate_api_get, PEOPLE, ROOM(broadcasts)),
    GET("/api/broadcasts/{id}/occurrences", occurrence_api_list, PEOPLE, ROOM(broadcasts)),
    POST("/api/broadcasts/{id}/losses/{other}/seen", broadcast_losses_seen, PEOPLE,
         ROOM(broadcasts), JSON),
    GET("/api/schedule", week_api_get, PEOPLE, ROOM(broadcasts)),
    GET("/api/areas/{id}/calendar.ics", calendar_api_get, PEOPLE, ROOM(broadcasts)),
    GET("/api/calendars/{secret}/calendar.ics", calendar_link_api_read, ANYBODY, ROOM(broadcasts)),
    GET("/api/me/calendar-links", calendar_link_api_list, PEOPLE, ROOM(broadcasts)),
    POST("/api/me/calendar-links", calendar_link_api_create, PEOPLE, ROOM(broadcasts), JSON),
    DELETE("/api/me/calendar-links/{id}", calendar_link_api_delete, PEOPLE, ROOM(broadcasts)),
    POST("/api/areas/{id}/calendar.ics", calendar_import_api_report, PEOPLE, ROOM(broadcasts),
         .body = BODY_BYTES, .max_body = 1024 * KIB),
    POST("/api/areas/{id}/calendar-import", calendar_import_api_apply, PEOPLE, ROOM(broadcasts),
         .body = BODY_JSON, .max_body = CALENDAR_IMPORT_BODY_MAX, ONCE),
    GET("/api/areas/{id}/precedence", precedence_api_get, PEOPLE, ROOM(broadcasts)),
    PUT("/api/areas/{id}/precedence", precedence_api_put, PEOPLE, ROOM(broadcasts), JSON, ONCE),
    GET("/api/holidays", holiday_api_list, PEOPLE, ROOM(broadcasts)),
    PUT("/api/holidays/{id}", holiday_api_put, PEOPLE, ROOM(broadcasts), .body = BODY_JSON,
        .max_body = 128 * KIB, ONCE),
    PUT("/api/holidays/{id}/years/{year}", holiday_api_put_year, PEOPLE, ROOM(broadcasts),
        .body = BODY_JSON, .max_body = 128 * KIB, ONCE),
    DELETE("/api/holidays/{id}/years/{year}", holiday_api_delete_year, PEOPLE, ROOM(broadcasts),
           ONCE),
    DELETE("/api/holidays/{id}", holiday_api_delete, PEOPLE, ROOM(broadcasts), ONCE),

    /* fleet: people */
    GET("/api/enrolments", enrolment_api_list, PEOPLE, ROOM(fleet)),
    POST("/api/enrolments/{code}", enrolment_api_accept, PEOPLE, ROOM(fleet), JSON, ONCE),
    GET("/api/stations/{id}/carry", carry_api_get, PEOPLE, ROOM(fleet)),
    GET("/api/stations/{id}/carry/{sha256}", carry_api_media, PEOPLE, ROOM(fleet)),
    POST("/api/stations/{id}/replace", replacement_api_post, PEOPLE, ROOM(fleet), JSON, ONCE),

    /* fleet: stations */
    POST("/station/v1/enrolments", enrolment_api_announce, ANY_STATION, ROOM(fleet), JSON),
    GET("/station/v1/enrolments/{keyid}", enrolment_api_poll, ANY_STATION, ROOM(fleet)),
    GET("/station/v1/root/{n}", root_api_get, ANY_STATION, ROOM(fleet)),
    GET("/station/v1/time", time_api_get, ANY_STATION, ROOM(fleet)),
    GET("/station/v1/media/{sha256}", media_api_get, ANY_STATION, ROOM(fleet)),
    GET("/station/v1/plan", plan_api_get, STATION, ROOM(fleet)),
    GET("/station/v1/events", events_api_open, STATION, ROOM(fleet)),
    GET("/station/v1/commands", commands_api_get, STATION, ROOM(fleet)),
    POST("/station/v1/health", health_api_post, STATION, ROOM(fleet), JSON),

    /* alerts */
    GET("/api/alert-clips", clip_api_list, PEOPLE, ROOM(alerts)),
    POST("/api/alert-clips", clip_api_create, PEOPLE, ROOM(alerts), JSON, ONCE),
    PATCH("/api/alert-clips/{id}", clip_api_change, PEOPLE, ROOM(alerts), JSON, ONCE),
    DELETE("/api/alert-clips/{id}", clip_api_delete, PEOPLE, ROOM(alerts), ONCE),
    GET("/api/alerts", alert_api_list, PEOPLE, ROOM(alerts)),
    POST("/api/alerts", alert_api_issue, PEOPLE, ROOM(alerts), .body = BODY_JSON,
         .max_body = 64 * KIB, ONCE),
    GET("/api/alerts/{id}", alert_api_get, PEOPLE, ROOM(alerts)),
    POST("/api/alerts/{id}/cancel", alert_api_cancel, PEOPLE, ROOM(alerts), JSON, ONCE),
    POST("/api/alerts/{id}/review", alert_api_review, PEOPLE, ROOM(alerts), JSON, ONCE),
    GET("/api/stations/{id}/test-tone", test_tone_api_get, PEOPLE, ROOM(alerts)),
    POST("/api/stations/{id}/test-tone", test_tone_api_post, PEOPLE, ROOM(alerts), JSON, ONCE),
    GET("/api/stations/{id}/orders", standing_api_get, PEOPLE, ROOM(alerts)),
    POST("/api/stations/{id}/volume", standing_api_volume, PEOPLE, ROOM(alerts), JSON, ONCE),
    POST("/api/stations/{id}/mute", standing_api_mute, PEOPLE, ROOM(alerts), JSON, ONCE),
    DELETE("/api/stations/{id}/mute", standing_api_unmute, PEOPLE, ROOM(alerts), ONCE),
    POST("/api/airings/{id}/stop", stop_api_post, PEOPLE, ROOM(alerts), JSON, ONCE),

    /* ledger */
    POST("/station/v1/receipts", receipt_api_post, STATION, ROOM(ledger), .body = BODY_JSON,
         .max_body = 2048 * KIB),
    GET("/api/stations/{id}/receipts", receipt_api_station, PEOPLE, ROOM(ledger)),
    GET("/api/airings", log_api_airings, PEOPLE, ROOM(ledger)),
    GET("/api/airings/{id}", airing_api_get, PEOPLE, ROOM(ledger)),
    GET("/api/airing-groups", airing_group_api_list, PEOPLE, ROOM(ledger)),
    GET("/api/airings.csv", airing_export_api_csv, PEOPLE, ROOM(ledger)),
    GET("/api/airings.xlsx", airing_export_api_xlsx, PEOPLE, ROOM(ledger)),
    GET("/api/home", home_api_get, PEOPLE, ROOM(ledger)),
    GET("/api/reports/monthly", report_api_monthly, PEOPLE, ROOM(ledger)),
    GET("/api/reports/monthly.csv", report_api_monthly_csv, PEOPLE, ROOM(ledger)),
    GET("/api/reports/monthly.xlsx", report_api_monthly_xlsx, PEOPLE, ROOM(ledger)),
    GET("/api/reports/coverage", coverage_api_get, PEOPLE, ROOM(ledger)),
    GET("/api/reports/coverage.csv", coverage_api_csv, PEOPLE, ROOM(ledger)),
    GET("/api/reports/coverage.xlsx", coverage_api_xlsx, PEOPLE, ROOM(ledger)),
    PUT("/api/reports/coverage/{id}", coverage_api_put, PEOPLE, ROOM(ledger), JSON, ONCE),
    GET("/api/home/since", since_api_get, PEOPLE, ROOM(ledger)),
    GET("/api/home/again", again_api_get, PEOPLE, ROOM(ledger)),
    GET("/api/broadcasts/{id}/withdrawal", withdrawal_api_get, PEOPLE, ROOM(ledger)),
    GET("/api/ledger/export", export_api_get, PEOPLE, ROOM(ledger)),
};

const Route *routes_table(size_t *ret_count)
{
    *ret_count = G_N_ELEMENTS(table);
    return table;
}
