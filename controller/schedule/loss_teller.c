/* The first are told in the transaction of the order; the rest is written down there and told from
 * the loop, some in each turn, so that an order of a whole province holds up nobody. What is told
 * and what no longer waits are one transaction: everybody hears of it, and once. */
#include "schedule/loss_teller.h"

#include "access/action_log_store.h"
#include "base/log.h"
#include "schedule/loss_waiting_store.h"

#define AGAIN_S 10

struct LossTeller {
    Database *database;
    PanelEvents *events;
    guint source;
};

static bool tell(Database *database, const Loss *loss, const LossWord *word, GError **error)
{
    g_autoptr(Json) detail = json_new_object();
    json_set_text(detail, "displaced_by", word->displaced_by);
    json_set_text(detail, "outcome", outcome_words[loss->outcome]);
    json_set_int(detail, "starts", loss->starts);
    json_set_int(detail, "stations", loss->stations);
    g_autofree char *text = json_print(detail, NULL);
    const Action action = {.user = word->by_user,
                           .verb = "broadcast.displaced",
                           .area = loss->area,
                           .object = loss->broadcast,
                           .detail = text,
                           .remote = word->remote};
    return loss_store_add(database, loss, word, error) &&
           action_log_store_add(database, &action, word->at_us, error);
}

static bool tell_all(LossTeller *self, const GPtrArray *list, GError **error)
{
    for (unsigned i = 0; i < list->len; i++) {
        const WaitingLoss *one = g_ptr_array_index(list, i);
        if (!tell(self->database, &one->loss, &one->word, error))
            return false;
    }
    const WaitingLoss *last = g_ptr_array_index(list, list->len - 1);
    return loss_waiting_store_drop(self->database, last->seq, error);
}

/* 1 = there may be more, 0 = nobody waits, -1 = an error. */
static int tell_some(LossTeller *self, GError **error)
{
    g_autoptr(GPtrArray) list = loss_waiting_store_first(self->database, LOSS_TELLER_TURN, error);
    if (!list || list->len == 0)
        return list ? 0 : -1;
    if (!database_begin(self->database, error))
        return -1;
    if (tell_all(self, list, error))
        return database_commit(self->database, error) ? 1 : -1;
    database_rollback(self->database);
    return -1;
}

static gboolean on_turn(void *user);

static void wake(void *user)
{
    LossTeller *self = user;
    if (!self->source)
        self->source = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, self, NULL);
}

static gboolean on_again(void *user)
{
    ((LossTeller *)user)->source = 0;
    wake(user);
    return G_SOURCE_REMOVE;
}

static gboolean on_turn(void *user)
{
    LossTeller *self = user;
    g_autoptr(GError) error = NULL;
    int more = tell_some(self, &error);
    if (more > 0)
        panel_events_changed(self->events, "broadcasts");
    if (more > 0)
        return G_SOURCE_CONTINUE;
    self->source = 0;
    if (more < 0) {
        log_warning("%s; who loses a start is told later", error->message);
        self->source = g_timeout_add_seconds(AGAIN_S, on_again, self);
    }
    return G_SOURCE_REMOVE;
}

LossTeller *loss_teller_new(Database *database, PanelEvents *events)
{
    LossTeller *self = g_new0(LossTeller, 1);
    self->database = database;
    self->events = events;
    wake(self);
    return self;
}

void loss_teller_free(LossTeller *self)
{
    if (!self)
        return;
    g_clear_handle_id(&self->source, g_source_remove);
    g_free(self);
}

bool loss_teller_take(LossTeller *self, const GPtrArray *list, const LossWord *word, GError **error)
{
    unsigned told = 0;
    bool ok = true;
    for (unsigned i = 0; ok && i < list->len; i++) {
        const Loss *loss = g_ptr_array_index(list, i);
        if (!loss->broadcast)
            continue;
        ok = told++ < LOSS_TELLER_AT_ONCE
                 ? tell(self->database, loss, word, error)
                 : loss_waiting_store_add(self->database, loss, word, error);
    }
    if (told > LOSS_TELLER_AT_ONCE)
        database_after_commit(self->database, wake, self);
    return ok;
}
