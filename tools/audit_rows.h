/* What the checks of an exported ledger share: the row being judged, and what was read so far. */
#pragma once

#include "audit_verify.h"
#include "digest.h"
#include "envelope.h"
#include "wire/root.h"

#define AUDIT_FIRST_PREVIOUS "0000000000000000000000000000000000000000000000000000000000000000"

typedef struct Audit {
    Root *root;             /* in force */
    GPtrArray *older_roots; /* Root*, from the first to the one in force; empty = not there */
    GHashTable *keys;       /* key id -> StationKey* of audit_receipts.c */
    GHashTable *orders;     /* "station airing" -> AuditOrder*, of every plan and standing order */
    GHashTable *plans;      /* "station epoch version" -> SHA-256 of the payload */
    GHashTable *bound;      /* "station keyid" of every plan: whose key is whose, signed */
    GHashTable *alerts;     /* id -> Command* of every signed alert */
    GHashTable *paths;      /* station -> GPtrArray of areas that its plans placed it in */
    GHashTable *pruned;     /* "station epoch version" of plans without a body, and "station" */
    GHashTable *words;      /* "station airing" that a receipt speaks of */
    GHashTable *unknown; /* station -> int64: what its receipts said before this has been pruned */
    GHashTable *gaps;    /* stations whose chain has one */
    GHashTable *silent;  /* "station airing" -> entry of audit_silence.c */
    GHashTable *heads;   /* "keyid counter" -> receipt that an entry says was held */
    GPtrArray *entries;  /* of audit_silence.c */
    int64_t latest_us;   /* what the controller signed last: it was at work then */
    AuditReport *report;
    const char *file; /* of the row being judged */
    unsigned line;
} Audit;

/* Exports of older versions lack some of the files. */
bool audit_rows_has(const char *directory, const char *name);
/* Hands each line of a file, parsed as an object, to `row`. False where it cannot be read. */
bool audit_rows_each(Audit *self, const char *directory, const char *name,
                     void (*row)(Audit *self, const Json *object), GError **error);
/* The row that is being judged is wrong. */
void audit_rows_fault(Audit *self, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* What an auditor has to know and what is no fault. */
void audit_rows_note(Audit *self, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The envelope of a row; NULL, and a fault, where there is none. */
Envelope *audit_rows_envelope(Audit *self, const Json *object);
/* True for what retention left of a paper; counts it. */
bool audit_rows_pruned(Audit *self, const Json *object);
