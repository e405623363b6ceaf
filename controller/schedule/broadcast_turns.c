/* A judgement goes through many turns of the loop, and what it found must still be true when it is
 * saved. So there is one at a time: whoever orders meanwhile waits, and is judged from the
 * beginning when the one before is saved or refused. Emergencies are no broadcasts and never wait
 * here. */
#include "schedule/broadcast_turns.h"

typedef struct Waiting {
    Request *request;
    BroadcastTurn handler;
} Waiting;

struct BroadcastTurns {
    void *room;
    bool busy;
    GQueue waiting; /* Waiting* */
    guint source;
};

BroadcastTurns *broadcast_turns_new(void *room)
{
    BroadcastTurns *self = g_new0(BroadcastTurns, 1);
    self->room = room;
    g_queue_init(&self->waiting);
    return self;
}

void broadcast_turns_free(BroadcastTurns *self)
{
    if (!self)
        return;
    if (self->source)
        g_source_remove(self->source);
    g_queue_clear_full(&self->waiting, g_free);
    g_free(self);
}

static gboolean on_turn(void *user)
{
    BroadcastTurns *self = user;
    g_autofree Waiting *next = g_queue_pop_head(&self->waiting);
    self->source = 0;
    if (!next)
        return G_SOURCE_REMOVE;
    self->busy = true;
    Reply *reply = next->handler(self->room, next->request);
    if (!reply)
        return G_SOURCE_REMOVE;
    request_finish(next->request, reply);
    broadcast_turns_over(self);
    return G_SOURCE_REMOVE;
}

void broadcast_turns_over(BroadcastTurns *self)
{
    self->busy = false;
    if (!self->source && !g_queue_is_empty(&self->waiting))
        self->source = g_idle_add_full(G_PRIORITY_DEFAULT, on_turn, self, NULL);
}

Reply *broadcast_turns_take(BroadcastTurns *self, Request *request, BroadcastTurn handler)
{
    if (!self->busy && g_queue_is_empty(&self->waiting)) {
        self->busy = true;
        Reply *reply = handler(self->room, request);
        if (reply)
            broadcast_turns_over(self);
        return reply;
    }
    if (g_queue_get_length(&self->waiting) >= BROADCAST_TURNS_MAX)
        return reply_problem(&problem_too_many);
    Waiting *waiting = g_new0(Waiting, 1);
    *waiting = (Waiting){.request = request_hold(request), .handler = handler};
    g_queue_push_tail(&self->waiting, waiting);
    return NULL;
}
