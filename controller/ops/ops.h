/* What whoever runs the machine asks: the room of /healthz and /metrics. Sees every other room and
 * is seen by none. */
#pragma once

#include "access/people.h"
#include "ledger/ledger.h"

typedef struct LoopHeld {
    uint64_t long_rounds; /* longer than LOOP_WATCH_MS */
    int64_t longest_us;   /* since the start */
} LoopHeld;

typedef struct Ops {
    Database *database;
    People *people;
    Fleet *fleet;
    const Server *server;
    const char *data_dir;
    void (*loop_held)(LoopHeld *ret_held); /* NULL = nobody watches */
} Ops;

/* When the last backup was made and read back, by what `loa backup` left in the data directory; 0 =
 * never, or nobody can tell. */
int64_t ops_last_backup_us(const Ops *self);

Reply *metrics_api_get(void *ops, Request *request); /* GET /metrics */
