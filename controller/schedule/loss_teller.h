/* Tells those whose broadcasts lose through another one: a row in their inbox and one in the system
 * log. Very many are told in turns of the loop, none of them forgotten by a restart. */
#pragma once

#include "registry/panel_events.h"
#include "schedule/loss_store.h"

#define LOSS_TELLER_AT_ONCE 100 /* with the order that causes them */
#define LOSS_TELLER_TURN    100 /* of the others, in one turn of the loop */

typedef struct LossTeller LossTeller;

/* Goes on with what waits. */
LossTeller *loss_teller_new(Database *database, PanelEvents *events);
void loss_teller_free(LossTeller *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LossTeller, loss_teller_free)

/* In the transaction that saves the order: Loss* of others' broadcasts; those of the order itself
 * are passed over. */
bool loss_teller_take(LossTeller *self, const GPtrArray *list, const LossWord *word,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
