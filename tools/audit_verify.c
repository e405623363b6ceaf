/* loa audit verify: an auditor's check that needs no controller, no database and no network.
 *
 * Everything is judged from the exact signed bytes: verify first, then parse the same bytes. A row
 * that fails is named with its file and line and the check goes on, so that one damaged line does
 * not hide the next. Trust starts at root.json (audit_roots.c). What was ordered and what
 * the controller calls unreported is read before the receipts, which are held against both. */
#include "audit_verify.h"

#include <stdio.h>
#include <string.h>

#include "audit_missing.h"
#include "audit_orders.h"
#include "audit_receipts.h"
#include "audit_roots.h"
#include "audit_silence.h"
#include "wire/command.h"

static GHashTable *table(GDestroyNotify free)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free);
}

static void init(Audit *self, AuditReport *report)
{
    *report = (AuditReport){.faults = g_ptr_array_new_with_free_func(g_free),
                            .notes = g_ptr_array_new_with_free_func(g_free)};
    *self = (Audit){.keys = table(audit_receipts_key_free),
                    .orders = table(audit_orders_free),
                    .plans = table(g_free),
                    .bound = table(NULL),
                    .alerts = table((GDestroyNotify)command_free),
                    .paths = table((GDestroyNotify)g_ptr_array_unref),
                    .pruned = table(NULL),
                    .words = table(NULL),
                    .unknown = table(g_free),
                    .gaps = table(NULL),
                    .silent = table(NULL),
                    .heads = table(audit_silence_head_free),
                    .entries = g_ptr_array_new_with_free_func(audit_silence_entry_free),
                    .older_roots = g_ptr_array_new_with_free_func((GDestroyNotify)root_free),
                    .report = report};
}

static void clear(Audit *self)
{
    GHashTable *const tables[] = {self->keys,   self->orders, self->plans,   self->bound,
                                  self->alerts, self->paths,  self->pruned,  self->words,
                                  self->gaps,   self->silent, self->unknown, self->heads};
    for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++)
        g_hash_table_unref(tables[i]);
    g_ptr_array_unref(self->entries);
    g_ptr_array_unref(self->older_roots);
    root_free(self->root);
}

static bool read_optional(Audit *self, const char *directory, const char *name,
                          void (*row)(Audit *self, const Json *object), GError **error)
{
    return !audit_rows_has(directory, name) || audit_rows_each(self, directory, name, row, error);
}

static bool read_all(Audit *self, const char *directory, GError **error)
{
    return audit_roots_read(self, directory, error) &&
           audit_rows_each(self, directory, "stations.jsonl", audit_receipts_station, error) &&
           audit_rows_each(self, directory, "plans.jsonl", audit_orders_plan, error) &&
           read_optional(self, directory, "commands.jsonl", audit_orders_command, error) &&
           read_optional(self, directory, AUDIT_SILENCE_FILE, audit_silence_row, error) &&
           audit_rows_each(self, directory, "receipts.jsonl", audit_receipts_row, error);
}

static void say_what_was_judged(Audit *self)
{
    const AuditReport *report = self->report;
    if (!report->knows_silence)
        audit_rows_note(self, "unreported airings were not checked: there is no file "
                              "" AUDIT_SILENCE_FILE);
    if (report->unplanned)
        audit_rows_note(self,
                        "%u airings that are called unreported stand in no plan that is kept, and "
                        "the entry names none: that they were ordered could not be judged",
                        report->unplanned);
}

bool audit_verify(const char *directory, AuditReport *ret_report, GError **error)
{
    Audit audit;
    init(&audit, ret_report);
    ret_report->knows_silence = audit_rows_has(directory, AUDIT_SILENCE_FILE);
    bool read = read_all(&audit, directory, error);
    if (read && ret_report->knows_silence) {
        audit_silence_end(&audit);
        audit_missing_end(&audit);
    }
    say_what_was_judged(&audit);
    clear(&audit);
    if (!read)
        audit_report_clear(ret_report);
    return read;
}

void audit_report_clear(AuditReport *report)
{
    g_clear_pointer(&report->faults, g_ptr_array_unref);
    g_clear_pointer(&report->notes, g_ptr_array_unref);
}

static void set_texts(Json *line, const char *key, const GPtrArray *texts)
{
    Json *list = json_new_array();
    for (unsigned i = 0; i < texts->len; i++)
        json_append_text(list, texts->pdata[i]);
    json_set_take(line, key, list);
}

static void print_json(const AuditReport *report)
{
    g_autoptr(Json) line = json_new_object();
    json_set_int(line, "stations", report->stations);
    json_set_int(line, "plans", report->plans);
    json_set_int(line, "receipts", report->receipts);
    json_set_int(line, "pruned", report->pruned);
    if (report->knows_silence)
        json_set_int(line, "unreported", report->silent);
    else
        json_set_null(line, "unreported");
    json_set_int(line, "answered_later", report->answered);
    json_set_int(line, "bad", report->bad);
    set_texts(line, "faults", report->faults);
    set_texts(line, "notes", report->notes);
    size_t length = 0;
    g_autofree char *text = json_print(line, &length);
    puts(text);
}

static void print_text(const AuditReport *report)
{
    for (unsigned i = 0; i < report->faults->len; i++)
        printf("BAD  %s\n", (char *)g_ptr_array_index(report->faults, i));
    for (unsigned i = 0; i < report->notes->len; i++)
        printf("NOTE %s\n", (char *)g_ptr_array_index(report->notes, i));
    if (report->pruned)
        printf("%u of the plans and receipts are pruned: only their hashes could be judged\n",
               report->pruned);
    if (report->silent)
        printf("%u airings are called unreported; %u receipts about them came later\n",
               report->silent, report->answered);
    printf("%u stations, %u plans, %u receipts: %s\n", report->stations, report->plans,
           report->receipts, report->bad == 0 ? "all hold" : "NOT all hold");
}

int audit_verify_main(int argc, char **argv)
{
    bool as_json = argc == 2 && strcmp(argv[1], "--json") == 0;
    if (argc < 1 || (argc > 1 && !as_json)) {
        fputs("loa audit verify DIR [--json]\n", stderr);
        return 2;
    }
    g_autoptr(GError) error = NULL;
    AuditReport report;
    if (!audit_verify(argv[0], &report, &error)) {
        fprintf(stderr, "loa audit verify: %s\n", error->message);
        return 1;
    }
    if (as_json)
        print_json(&report);
    else
        print_text(&report);
    bool holds = report.bad == 0;
    audit_report_clear(&report);
    return holds ? 0 : 1;
}
