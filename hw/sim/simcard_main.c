/* loa-simcard: the hand on a simulated card.
 *
 *   loa-simcard STATE show                       the state as one JSON line
 *   loa-simcard STATE set unplugged=1 ppm=20     any number of fields, at once
 *   loa-simcard config --dir DIR --modules BUILD/simcard N
 *                                                writes DIR/asound.conf with stations 1 to N
 *
 * A program sees the cards as "station1" (PCM and mixer) with ALSA_CONFIG_PATH=DIR/asound.conf.
 * STATE is the card's file, DIR/station-N.state; changing it is pulling the plug of that card. */
#include "card_state.h"

#include <errno.h>
#include <gio/gio.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CARDS 10000

typedef struct Field {
    const char *name;
    size_t offset; /* of an atomic_int in CardState */
    int min, max;
} Field;

static const Field fields[] = {
    {"volume", offsetof(CardState, volume), 0, CARD_STATE_VOLUME_MAX},
    {"mute", offsetof(CardState, mute), 0, 1},
    {"unplugged", offsetof(CardState, unplugged), 0, 1},
    {"fail_open", offsetof(CardState, fail_open), 0, 133}, /* an errno; 0 = opens */
    {"stalled", offsetof(CardState, stalled), 0, 1},
    {"ppm", offsetof(CardState, ppm), -100000, 100000},
};

static atomic_int *field_of(CardState *state, const Field *field)
{
    return (atomic_int *)((char *)state + field->offset);
}

static int show(CardState *state)
{
    g_print("{");
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        g_print("\"%s\":%d,", fields[i].name, atomic_load(field_of(state, &fields[i])));
    g_print("\"generation\":%d,\"xruns\":%lld,\"frames\":%lld}\n", atomic_load(&state->generation),
            (long long)atomic_load(&state->xruns), (long long)atomic_load(&state->frames));
    return EXIT_SUCCESS;
}

/* Finds the field and value of "name=value"; NULL when either is not in order. */
static const Field *parse_assignment(const char *text, int *ret_value)
{
    const char *equals = strchr(text, '=');
    gint64 value;
    for (size_t i = 0; equals && i < G_N_ELEMENTS(fields); i++) {
        const Field *field = &fields[i];
        if (strlen(field->name) != (size_t)(equals - text) ||
            strncmp(text, field->name, strlen(field->name)) != 0)
            continue;
        if (!g_ascii_string_to_signed(equals + 1, 10, field->min, field->max, &value, NULL))
            return NULL;
        *ret_value = (int)value;
        return field;
    }
    return NULL;
}

/* Nothing is set unless everything is in order. */
static int set(CardState *state, char **assignments, int count)
{
    int value;
    for (int i = 0; i < count; i++) {
        if (parse_assignment(assignments[i], &value))
            continue;
        g_printerr("loa-simcard: cannot set \"%s\"; known fields:", assignments[i]);
        for (size_t f = 0; f < G_N_ELEMENTS(fields); f++)
            g_printerr(" %s=%d..%d", fields[f].name, fields[f].min, fields[f].max);
        g_printerr("\n");
        return EXIT_FAILURE;
    }
    for (int i = 0; i < count; i++) {
        const Field *field = parse_assignment(assignments[i], &value);
        atomic_store(field_of(state, field), value);
    }
    return EXIT_SUCCESS;
}

static int hold_card(const char *path, int argc, char **argv)
{
    if (!g_str_equal(argv[0], "show") && !g_str_equal(argv[0], "set"))
        return -1;
    CardState *state = card_state_map(path, NULL);
    if (!state) {
        g_printerr("loa-simcard: %s: %s\n", path, g_strerror(errno));
        return EXIT_FAILURE;
    }
    int code = g_str_equal(argv[0], "show") ? show(state) : set(state, argv + 1, argc - 1);
    card_state_unmap(state);
    return code;
}

static char *config_text(const char *dir, const char *modules, int cards)
{
    GString *text = g_string_new("# Made by loa-simcard: simulated sound cards.\n"
                                 "</usr/share/alsa/alsa.conf>\n");
    for (const char *const *kind = (const char *const[]){"pcm", "ctl", NULL}; *kind; kind++)
        g_string_append_printf(text,
                               "%s_type.simcard { lib \"%s/libasound_module_%s_simcard.so\" }\n",
                               *kind, modules, *kind);
    for (int i = 1; i <= cards; i++) {
        g_string_append_printf(text,
                               "pcm.station%d {\n    type simcard\n"
                               "    capture \"%s/station-%d.wav\"\n"
                               "    log \"%s/station-%d.stamps.jsonl\"\n"
                               "    state \"%s/station-%d.state\"\n}\n",
                               i, dir, i, dir, i, dir, i);
        g_string_append_printf(text,
                               "ctl.station%d {\n    type simcard\n"
                               "    state \"%s/station-%d.state\"\n}\n",
                               i, dir, i);
    }
    return g_string_free(text, FALSE);
}

/* Paths are made absolute: whoever plays has a working directory of its own. */
static int write_config(const char *dir, const char *modules, int cards)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *full_dir = g_canonicalize_filename(dir, NULL);
    g_autofree char *full_modules = g_canonicalize_filename(modules, NULL);
    g_autofree char *text = config_text(full_dir, full_modules, cards);
    g_autofree char *path = g_build_filename(full_dir, "asound.conf", NULL);
    if (strpbrk(full_dir, "\"\\") || strpbrk(full_modules, "\"\\")) {
        g_printerr("loa-simcard: ALSA cannot read paths with quotes or backslashes\n");
        return EXIT_FAILURE;
    }
    if (g_mkdir_with_parents(full_dir, 0777) != 0 ||
        !g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0666, &error)) {
        g_printerr("loa-simcard: %s\n", error ? error->message : g_strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

static int config_command(int argc, char **argv)
{
    g_autofree char *dir = NULL;
    g_autofree char *modules = NULL;
    gint64 cards;
    const GOptionEntry entries[] = {
        {"dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "Where the cards keep their files", "DIR"},
        {"modules", 0, 0, G_OPTION_ARG_FILENAME, &modules, "Where the two plugins lie", "DIR"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new("N");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, NULL) || !dir || !modules || argc != 2)
        return -1;
    if (!g_ascii_string_to_signed(argv[1], 10, 1, MAX_CARDS, &cards, NULL))
        return -1;
    return write_config(dir, modules, (int)cards);
}

int main(int argc, char **argv)
{
    int code = -1;
    if (argc > 1 && g_str_equal(argv[1], "config"))
        code = config_command(argc - 1, argv + 1);
    else if (argc > 2)
        code = hold_card(argv[1], argc - 2, argv + 2);
    if (code >= 0)
        return code;
    g_printerr("usage: loa-simcard STATE show\n"
               "       loa-simcard STATE set FIELD=VALUE...\n"
               "       loa-simcard config --dir DIR --modules BUILD/simcard N\n");
    return 2;
}
