/* The Prometheus text format, version 0.0.4. */
#pragma once

#include <glib.h>
#include <stdint.h>

/* `type` is "gauge" or "counter". */
void metrics_text_begin(GString *text, const char *name, const char *type, const char *help);
/* One sample without labels or with one. Values of labels are words of ours. */
void metrics_text_value(GString *text, const char *name, double value);
void metrics_text_labelled(GString *text, const char *name, const char *label, const char *word,
                           double value);
