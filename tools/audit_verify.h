/* Checks an exported ledger with nothing but the files themselves.
 *
 * The directory holds root.json (an envelope), roots.jsonl (all of them, {"envelope"} a line),
 * stations.jsonl ({"station","keyid","public"} a
 * line), plans.jsonl, commands.jsonl, receipts.jsonl and unreported.jsonl ({"envelope"} a line, or
 * what retention left of it: {"pruned": true, "sha256", ...}). Verified are: the root signs itself
 * and the ones before lead to it;
 * every plan is signed by a key that the root grants plans to; every receipt is signed by the key
 * of the station that it names; counters of each key run 1, 2, 3 ... without a gap or a repeat,
 * each with the SHA-256 of the one before; every receipt names an airing that a plan ordered for
 * that station, and is signed by the key that a signed plan names as that station's; every airing
 * that the controller calls unreported was ordered, is over for 60 days and has no receipt that had
 * come by then; and no planned airing lacks both. A pruned receipt still takes its place in the
 * chain by counter and hash; what it and the pruned plans said cannot be judged any more, and is
 * counted. The first bad row of each file is named. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct AuditReport {
    unsigned plans;
    unsigned receipts;
    unsigned stations;
    unsigned pruned;    /* of the plans and receipts: only the hash is left */
    bool knows_silence; /* there is a file of entries about silence; of these: */
    unsigned silent;    /* airings that are called unreported */
    unsigned answered;  /* receipts about such airings that came later */
    unsigned unplanned; /* such airings of which no plan is kept, nor said to be */
    unsigned bad;       /* rows that failed */
    GPtrArray *faults;  /* char*: "receipts.jsonl:3: ..." in file order */
    GPtrArray *notes;   /* char*: what is no fault and has to be known */
} AuditReport;

/* False only where the files cannot be read at all; a bad row is counted in the report. */
bool audit_verify(const char *directory, AuditReport *ret_report,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void audit_report_clear(AuditReport *report);

/* loa audit verify DIR [--json] */
int audit_verify_main(int argc, char **argv);
