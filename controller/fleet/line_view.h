/* A station's line to the network, as the panel shows it: what was used of its SIM, and the signal.
 */
#pragma once

#include "json.h"

/* As last said; NULL = it never said. */
Json *line_view_data(const Json *facts);
/* As last said; NULL = nothing there speaks of it. */
Json *line_view_modem(const Json *facts);
