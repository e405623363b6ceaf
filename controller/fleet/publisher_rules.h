/* What a plan says for all of its airings: the policies of the areas on the path, and when the
 * local clock changes while it holds. */
#pragma once

#include "db/database.h"
#include "registry/area_store.h"
#include "wire/plan.h"

bool publisher_rules_fill(Database *database, const Area *area, Plan *plan,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
