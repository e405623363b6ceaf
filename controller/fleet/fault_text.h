/* What is wrong with a station, in words for the person who has to do something about it. */
#pragma once

#include "http/problem.h"

typedef struct FaultText {
    const char *code;
    int urgency; /* larger = looked at first */
    const char *vi;
    const char *en;
    const char *next_vi; /* what to do */
    const char *next_en;
} FaultText;

/* Never NULL: an unknown code gets a general sentence. */
const FaultText *fault_text_find(const char *code);
/* {"code", "since", "text", "next_step"} */
Json *fault_text_json(const char *code, int64_t since_us, Language language);
