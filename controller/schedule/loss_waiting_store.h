/* Losses that somebody has yet to be told of: an order that silences very many is saved at once,
 * and the word about the rest follows in turns of the loop, and after a restart, too. */
#pragma once

#include "schedule/loss_store.h"

typedef struct WaitingLoss {
    int64_t seq;
    Loss loss;
    LossWord word;
    char *displaced_by, *by_user, *by_name, *remote; /* owned; `word` points to them */
} WaitingLoss;

void waiting_loss_free(WaitingLoss *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WaitingLoss, waiting_loss_free)

bool loss_waiting_store_add(Database *database, const Loss *loss, const LossWord *word,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* WaitingLoss*, those that wait longest. */
GPtrArray *loss_waiting_store_first(Database *database, unsigned limit, GError **error);
bool loss_waiting_store_drop(Database *database, int64_t up_to_seq,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
