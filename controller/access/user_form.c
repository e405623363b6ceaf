/* Reads accounts from forms, the same for set-up and for "new user". */
#include "access/user_form.h"

#include "access/user_store.h"
#include "crypto.h"

#define ID_BYTES 8

static const char *const language_words[] = {"vi", "en", NULL};

static bool has_gap(const char *login)
{
    for (const char *at = login; *at; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (g_unichar_isspace(letter) || g_unichar_iscntrl(letter))
            return true;
    }
    return false;
}

static void clear_grant(void *data)
{
    g_free(((UserGrant *)data)->area);
}

User *user_form_read(JsonForm *form)
{
    User *user = g_new0(User, 1);
    const char *login = json_form_text(form, "login", true, 2, USER_LOGIN_MAX);
    user->id = crypto_random_hex(ID_BYTES);
    user->name = g_strdup(json_form_text(form, "name", true, 1, USER_NAME_MAX));
    user->login = g_strdup(login);
    user->phone = g_strdup(json_form_text(form, "phone", false, 3, USER_PHONE_MAX));
    user->language =
        json_form_choice(form, "language", false, language_words, 0) ? LANGUAGE_EN : LANGUAGE_VI;
    user->grants = g_array_new(FALSE, FALSE, sizeof(UserGrant));
    g_array_set_clear_func(user->grants, clear_grant);
    if (login && has_gap(login))
        json_form_fault(form, "login", FORM_FORMAT, NULL);
    return user;
}

const char *user_form_password(JsonForm *form)
{
    return json_form_text(form, "password", true, USER_PASSWORD_MIN, USER_PASSWORD_MAX);
}
