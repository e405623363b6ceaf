/* What the station was promised about its journal: the facts that must be there after a power cut,
 * kept beside it by somebody who never loses power. */
#pragma once

#include "journal/journal.h"

typedef enum {
    OP_NONE,
    OP_OPEN_CLOSE,
    OP_START,
    OP_MARK,
    OP_END,
    OP_ACKNOWLEDGE,
    OP_ALIVE,
    OP_PRUNE,
} OpKind;

/* One call of the journal. */
typedef struct Op {
    OpKind kind;
    unsigned airing; /* index */
    int mark;
    int64_t counter; /* OP_ACKNOWLEDGE */
    int64_t at_us;   /* OP_ALIVE, OP_PRUNE */
} Op;

typedef struct AiringFact {
    char id[33];
    int64_t planned_us;
    bool sounded; /* the horn was heard: whatever happens, it never starts again */
    bool started, ended, pruned;
    int mark; /* of the last draft */
} AiringFact;

typedef struct ReceiptFact {
    GBytes *envelope; /* as the journal gave it out */
    char sha256[65];  /* of its payload */
    unsigned airing;
    bool acknowledged;
} ReceiptFact;

typedef struct JournalModel {
    GArray *airings;  /* AiringFact */
    GArray *receipts; /* ReceiptFact, counter - 1 */
    int64_t alive_us; /* 0: never */
} JournalModel;

JournalModel *journal_model_new(void);
JournalModel *journal_model_copy(const JournalModel *self);
void journal_model_free(JournalModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JournalModel, journal_model_free)
AiringFact *journal_model_airing(const JournalModel *self, unsigned index);
ReceiptFact *journal_model_receipt(const JournalModel *self, int64_t counter);

/* What one journal says of itself, read once. */
typedef struct JournalSaid {
    GHashTable *known;
    GHashTable *drafts; /* id -> mark */
    GArray *waiting;    /* WaitingReceipt */
    int64_t head;
    char sha256[65];
    int64_t alive_us;
} JournalSaid;

JournalSaid *journal_said_read(Journal *journal, GError **error);
void journal_said_free(JournalSaid *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JournalSaid, journal_said_free)

/* The call went through: moves the model on. For OP_END, `said` has the receipt; false when that
 * one is not what follows in the chain. */
bool journal_model_apply(JournalModel *self, const Op *op, const JournalSaid *said, const Key *key);
/* The rule that `said` breaks, or NULL. `ret_what` is to be freed. */
const char *journal_model_judge(const JournalModel *self, const JournalSaid *said, char **ret_what);
