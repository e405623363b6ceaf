/* The code that a technician types: which device waits with it, and who may go on guessing. */
#pragma once

#include "fleet/enrolment_store.h"
#include "http/reply.h"
#include "http/request.h"

/* The waiting device, or the refusal (wrong code, counted; or locked after five). */
Reply *pairing_find(Database *database, const Request *request, const char *typed,
                    Enrolment **ret_enrolment) G_GNUC_WARN_UNUSED_RESULT;
