/* What the plans of many stations have in common, printed and compressed once.
 *
 * Stations of one commune differ in their name, their key and the ids of their airings; all else of
 * the payload is the same text at the same place. A sheet holds that text, its base64 and its
 * deflated form, each in pieces between the ids, so that one more station costs a signature and a
 * few copies. Made on the loop, used by any thread; printing happens at the first use. */
#pragma once

#include "wire/plan.h"

typedef struct PublisherSheet PublisherSheet;

/* `take_model` is the plan of any one of the stations; its ids do not matter. */
PublisherSheet *publisher_sheet_new(Plan *take_model);
PublisherSheet *publisher_sheet_ref(PublisherSheet *self);
void publisher_sheet_unref(PublisherSheet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PublisherSheet, publisher_sheet_unref)
/* Once printed it may hold fewer airings than before: a plan has a largest size. */
const Plan *publisher_sheet_model(const PublisherSheet *self);
