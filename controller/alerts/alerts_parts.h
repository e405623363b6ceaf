/* Shared by the files of this room; nobody else. */
#pragma once

#include "access/access.h"
#include "alerts/alerts.h"
#include "registry/area_store.h"
#include "registry/station_store.h"
#include "schedule/broadcast.h"

extern const ProblemKind problem_alert_second_step;

/* The right to order emergencies in an area, and the second step where the policy asks it. */
Reply *alerts_check(Alerts *self, const Request *request, const char *area);
bool alerts_log(Alerts *self, const Request *request, const char *verb, const char *area,
                const char *object, const char *detail, GError **error);

/* alert_order.c: an order, judged before anything is written. */
typedef struct AlertOrder {
    Alert *alert;
    Command *command;
    Clip *clip, *drill_words;
    GPtrArray *stations; /* Station* */
    Alert *corrected;    /* NULL = none */
    Broadcast *where;    /* its targets, groups among them */
} AlertOrder;
void alert_order_clear(AlertOrder *order);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AlertOrder, alert_order_clear)
/* NULL, or the refusal. */
Reply *alert_order_read(Alerts *self, Request *request, AlertOrder *ret_order);

/* alert_targets.c: where an alert is to sound. */
/* A broadcast with the area and the targets of the order, nothing else; the alert keeps their text.
 */
Broadcast *alert_targets_read(JsonForm *form, Alert *alert);
/* Judges them and names them in the command, a group by its members. NULL, or the refusal. */
Reply *alert_targets_resolve(Alerts *self, Broadcast *where, Command *command);
/* True when the person may see what sounds at a place that the alert reached. */
bool alert_targets_concern(Alerts *self, const User *user, const Alert *alert);

/* alert_view.c */
Json *alert_view(Alerts *self, const Alert *alert, const Request *request, bool whole);

/* drill.c: makes the words that open a drill, once for a whole tree; inside a transaction. */
/* After a start: goes on waiting for those that are being made. */
void drill_resume(Alerts *self);
bool drill_prepare(Alerts *self, const Request *request, const char *area_path, GError **error);
