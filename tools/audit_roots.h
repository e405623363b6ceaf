/* Whom to believe: the roots of an exported ledger, each vouched for by the one before it. */
#pragma once

#include "audit_rows.h"

/* root.json, and where they are there, those before it from roots.jsonl. False where root.json
 * cannot be read or does not sign itself. */
bool audit_roots_read(Audit *self, const char *directory, GError **error);
/* As root_accepts(), by the root in force or by one before it: a paper stays what it was when the
 * keys are changed. */
bool audit_roots_accept(const Audit *self, const Envelope *envelope, RootRole role,
                        const GPtrArray *area_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
