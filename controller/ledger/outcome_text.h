/* Outcomes and their reasons in words, in one table. */
#pragma once

#include "http/problem.h"
#include "wire/receipt.h"

/* "" for REASON_NONE and words that are not known. */
const char *outcome_text_reason(const char *reason, Language language);
