/* A query outside a store. */
static const char *query = "SELECT id FROM stations WHERE area = $1";
