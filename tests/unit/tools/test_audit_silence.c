/* An exported ledger with airings that are called unreported, right and wrong in every way that the
 * check knows of. */
#include "audit_verify.h"

#include <string.h>

#include "audit_world.h"
#include "crypto.h"

static const char *first_of(const GPtrArray *texts)
{
    return texts->len ? texts->pdata[0] : "";
}

static void assert_told(const Tale *tale, const AuditReport *report)
{
    const char *fault = first_of(report->faults), *note = first_of(report->notes);
    if (tale->fault ? !strstr(fault, tale->fault) : *fault != '\0')
        g_error("%s: the first fault is \"%s\"", tale->name, fault);
    if (tale->note ? !strstr(note, tale->note) : *note != '\0')
        g_error("%s: the note is \"%s\"", tale->name, note);
    if (report->bad != (tale->fault ? 1 + tale->more_faults : 0))
        g_error("%s: %u faults, the last \"%s\"", tale->name, report->bad,
                (char *)report->faults->pdata[report->faults->len - 1]);
    g_assert_cmpint(report->knows_silence ? (int)report->silent : -1, ==, tale->silent);
    g_assert_cmpint((int)report->answered, ==, tale->answered);
}

static const Tale tales[] = {
    {.name = "right", .silent = 2},
    {.name = "no roots.jsonl, as before", .no_roots = true, .silent = 2},
    {.name = "by keys of before", .new_keys = true, .silent = 2},
    {.name = "by keys of before, and nobody says that they held",
     .new_keys = true,
     .no_roots = true,
     .fault = "plans.jsonl:1: no key",
     .more_faults = 6},
    {.name = "a root of one's own",
     .new_keys = true,
     .own_root = true,
     .fault = "roots.jsonl:2: by the root in force",
     .more_faults = 8},
    {.name = "roots that lead elsewhere",
     .other_roots = true,
     .silent = 2,
     .fault = "roots.jsonl:1: the roots do not lead to root.json"},
    {.name = "no file", .no_file = true, .silent = -1, .note = "were not checked"},
    {.name = "entries from before", .old_entries = true, .silent = 2},
    {.name = "entries from before, plans gone",
     .old_entries = true,
     .no_plans = true,
     .receipts = -1,
     .silent = 2,
     .note = "could not be judged"},
    {.name = "the first taken out",
     .no_first = true,
     .silent = 1,
     .fault = "unreported.jsonl:1: entry 2 stands where 1 should be",
     .more_faults = 1},
    {.name = "the last taken out",
     .no_second = true,
     .silent = 1,
     .fault = "neither a receipt nor an entry"},
    {.name = "all taken out",
     .no_first = true,
     .no_second = true,
     .silent = 0,
     .fault = "neither a receipt nor an entry",
     .more_faults = 1},
    {.name = "taken out of the plan before its start",
     .no_first = true,
     .no_second = true,
     .taken_out = true,
     .silent = 0},
    {.name = "out of order",
     .swapped = true,
     .silent = 2,
     .fault = "entry 2 stands where 1 should be",
     .more_faults = 1},
    {.name = "another before it",
     .other_previous = true,
     .silent = 2,
     .fault = "unreported.jsonl:2: entry 2 does not name the one before it"},
    {.name = "one that follows none",
     .second_is_old = true,
     .silent = 2,
     .fault = "unreported.jsonl:2: does not say which entry it follows"},
    {.name = "another key", .other_key = true, .fault = "no key", .more_faults = 3},
    {.name = "a changed bit",
     .changed_bit = true,
     .silent = 1,
     .fault = "unreported.jsonl:1: no key",
     .more_faults = 1},
    {.name = "another time",
     .wrong_time = true,
     .silent = 2,
     .fault = "stands in no plan for that time",
     .more_faults = 1},
    {.name = "too early",
     .early = true,
     .silent = 2,
     .fault = "closed before 60 days",
     .more_faults = 1},
    {.name = "never ordered",
     .invented = true,
     .silent = 2,
     .fault = "stands in no plan for that time",
     .more_faults = 1},
    {.name = "never ordered and no plan named",
     .invented = true,
     .no_plan_named = true,
     .silent = 2,
     .fault = "neither a receipt nor an entry",
     .note = "could not be judged"},
    {.name = "twice",
     .twice = true,
     .silent = 2,
     .fault = "was closed in line 1 already",
     .more_faults = 1},
    {.name = "does not say what was held",
     .no_heads = true,
     .silent = 2,
     .fault = "does not say which of its receipts had come",
     .more_faults = 1},
    {.name = "although its receipt was held",
     .also_a = true,
     .silent = 3,
     .fault = "receipts.jsonl:1: station s: receipt 1 speaks of airing"},
    {.name = "although its receipt was held, the second",
     .receipts = 2,
     .held = 2,
     .about = C,
     .silent = 2,
     .fault = "receipts.jsonl:2: station s: receipt 2 speaks of airing"},
    {.name = "a receipt that came later", .receipts = 2, .about = B, .silent = 2, .answered = 1},
    {.name = "a receipt that was held is gone",
     .held = 2,
     .about = C,
     .silent = 2,
     .fault = "receipt 2 had come by then and is missing"},
    {.name = "a receipt that was held is another",
     .other_receipt = true,
     .silent = 2,
     .fault = "receipts.jsonl:1: station s: receipt 1 is not the one"},
    {.name = "a gap in the chain",
     .gap = true,
     .silent = 2,
     .fault = "receipt 3 follows 1",
     .note = "2 of its airings are called unreported"},
    {.name = "receipts pruned", .pruned_receipts = true, .silent = 2},
    {.name = "receipts pruned, and no entry",
     .pruned_receipts = true,
     .no_first = true,
     .no_second = true,
     .silent = 0},
    {.name = "plans pruned", .pruned_plans = true, .silent = 2},
    {.name = "plans pruned, another hash",
     .pruned_plans = true,
     .other_hash = true,
     .silent = 2,
     .fault = "is not the one that the entry names",
     .more_faults = 1},
    {.name = "plans gone",
     .no_plans = true,
     .silent = 2,
     .fault = "which is said to order airing",
     .more_faults = 2},
    {.name = "an alert", .alert = true, .silent = 2},
    {.name = "an alert for others",
     .alert = true,
     .alert_for_others = true,
     .silent = 2,
     .fault = "stands in no plan for that time"},
};

static void test_each_tale_is_told_apart(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(tales); i++) {
        AuditWorld world;
        audit_world_init(&world, &tales[i]);
        g_autoptr(GError) error = NULL;
        AuditReport report;
        bool read = audit_verify(world.directory, &report, &error);
        g_assert_no_error(error);
        g_assert_true(read);
        assert_told(&tales[i], &report);
        audit_report_clear(&report);
        audit_world_clear(&world);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(crypto_init());
    g_test_add_func("/audit_silence/tales", test_each_tale_is_told_apart);
    return g_test_run();
}
