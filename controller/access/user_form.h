/* What makes an account, read from a form. */
#pragma once

#include "access/access.h"

/* "name", "login", "phone"?, "language"?; id and an empty list of grants are made. */
User *user_form_read(JsonForm *form);
/* The password of at least USER_PASSWORD_MIN characters; borrowed from the form. */
const char *user_form_password(JsonForm *form);
