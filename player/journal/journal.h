/* What became of every airing, kept through power cuts: the station's only database.
 *
 * An airing that stands here, started or ended, never starts again. An airing's end and its receipt
 * are one transaction; a receipt stays until the controller acknowledged it. */
#pragma once

#include "journal/heard.h"
#include "keys.h"
#include "wire/receipt.h"

#define JOURNAL_MAX_WAITING 20000

typedef struct Journal Journal;

typedef enum { JOURNAL_ERROR_STORE, JOURNAL_ERROR_FULL, JOURNAL_ERROR_AGAIN } JournalError;
#define JOURNAL_ERROR (journal_error_quark())
GQuark journal_error_quark(void);

/* `key` signs the receipts and must outlive the journal. */
Journal *journal_open(const char *path, const Key *key, GError **error);
/* Like journal_open(), but one that cannot be opened is there all the same: every call fails until
 * journal_alive() gets it open. `ret_error` says what is wrong, and may be left NULL. */
Journal *journal_open_later(const char *path, const Key *key, GError **ret_error);
void journal_free(Journal *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Journal, journal_free)

/* Durable before it returns. `draft` is the receipt as it would read if nothing more were ever
 * heard. JOURNAL_ERROR_AGAIN when the airing stands here already. */
bool journal_start(Journal *self, const Receipt *draft, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Replaces the draft of a started airing; durable. */
bool journal_mark(Journal *self, const Receipt *draft, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends an airing, started or not: fills in key id, counter and previous hash, signs and stores. */
bool journal_end(Journal *self, Receipt *receipt, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Drafts of what started and never ended: Receipt*. To be asked once, before anything starts. */
GPtrArray *journal_unfinished(Journal *self, GError **error);
/* Ids of all airings that started or ended: a set of char*. */
GHashTable *journal_known(Journal *self, GError **error);
/* What was heard of the planned airings that ended within two days of the newest of them: id ->
 * Heard. So it needs no clock. */
GHashTable *journal_heard(Journal *self, GError **error);
/* Forgets ended and acknowledged airings that were planned before `before_us`. */
bool journal_prune(Journal *self, int64_t before_us, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "At this time, in this boot, the station was alive and trusted its clock." */
bool journal_alive(Journal *self, int64_t now_us, const char *boot_id,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* False when it never was. `ret_boot_id` is to be freed. */
bool journal_last_alive(Journal *self, int64_t *ret_us, char **ret_boot_id);

typedef struct WaitingReceipt {
    int64_t counter;
    GBytes *envelope; /* JSON text, exactly as signed */
} WaitingReceipt;

/* The first receipts that wait, in counter order: WaitingReceipt. */
GArray *journal_waiting(Journal *self, unsigned max, GError **error);
int64_t journal_count_waiting(Journal *self);
bool journal_acknowledge(Journal *self, int64_t counter, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Counter and payload hash of the newest receipt; 0 and zeros when there is none. */
void journal_head(Journal *self, int64_t *ret_counter, char ret_sha256[65]);
