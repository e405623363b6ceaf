/* The folder of simulated cards behind the tests. Everything goes through the same doors as in a
 * demo: the configuration and the faults through loa-simcard, the sound through ALSA. */
#include "desk_card.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static char *folder;

static char *run(char **argv)
{
    g_autoptr(GError) error = NULL;
    char *output = NULL;
    int status = 0;
    g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error);
    g_assert_no_error(error);
    g_spawn_check_wait_status(status, &error);
    g_assert_no_error(error);
    return output;
}

static char *file_of(int card, const char *ending)
{
    return g_strdup_printf("%s/station-%d.%s", folder, card, ending);
}

void desk_set_up(void)
{
    g_autoptr(GError) error = NULL;
    folder = g_dir_make_tmp("loa-desk-XXXXXX", &error);
    g_assert_no_error(error);
    char cards[16];
    g_snprintf(cards, sizeof cards, "%d", DESK_CARDS);
    char *argv[] = {(char *)SIMCARD_TOOL, (char *)"config",        (char *)"--dir", folder,
                    (char *)"--modules",  (char *)SIMCARD_MODULES, cards,           NULL};
    g_free(run(argv));
    g_autofree char *config = g_build_filename(folder, "asound.conf", NULL);
    g_setenv("ALSA_CONFIG_PATH", config, TRUE);
}

void desk_tear_down(void)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_clear_pointer(&folder, g_free);
}

char *desk_device(int card)
{
    return g_strdup_printf("station%d", card);
}

void desk_set(int card, const char *assignments)
{
    g_autofree char *state = file_of(card, "state");
    g_autofree char *line = g_strdup_printf(SIMCARD_TOOL " %s set %s", state, assignments);
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);
    g_free(run(argv));
}

int64_t desk_get(int card, const char *field)
{
    g_autofree char *state = file_of(card, "state");
    char *argv[] = {(char *)SIMCARD_TOOL, state, (char *)"show", NULL};
    g_autofree char *json = run(argv);
    g_autofree char *key = g_strdup_printf("\"%s\":", field);
    const char *at = strstr(json, key);
    g_assert_nonnull(at);
    return g_ascii_strtoll(at + strlen(key), NULL, 10);
}

GArray *desk_recording(int card)
{
    g_autofree char *path = file_of(card, "wav");
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    gsize length = 0;
    guint32 data = 0;
    g_file_get_contents(path, &bytes, &length, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(length, >=, 44);
    g_assert_true(memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WAVEfmt ", 8) == 0);
    memcpy(&data, bytes + 40, 4);
    g_assert_cmpuint(GUINT32_FROM_LE(data) + 44, <=, length);
    GArray *samples = g_array_new(FALSE, FALSE, sizeof(int16_t));
    g_array_append_vals(samples, bytes + 44, GUINT32_FROM_LE(data) / 2);
    return samples;
}

GArray *desk_stamps(int card)
{
    g_autofree char *path = file_of(card, "stamps.jsonl");
    g_autofree char *text = NULL;
    GArray *stamps = g_array_new(FALSE, TRUE, sizeof(DeskStamp));
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; **line; line++) {
        DeskStamp stamp = {0};
        long long wall, mono, frame;
        g_assert_cmpint(sscanf(*line,
                               "{\"event\":\"%15[a-z]\",\"realtime_ns\":%lld,\"monotonic_ns\":%lld,"
                               "\"frame\":%lld,\"rate\":%lf",
                               stamp.event, &wall, &mono, &frame, &stamp.rate),
                        ==, 5);
        stamp.realtime_ns = wall;
        stamp.monotonic_ns = mono;
        stamp.frame = frame;
        g_array_append_val(stamps, stamp);
    }
    return stamps;
}

DeskStamp desk_last_stamp(int card, const char *event)
{
    g_autoptr(GArray) stamps = desk_stamps(card);
    for (guint i = stamps->len; i > 0; i--)
        if (g_str_equal(g_array_index(stamps, DeskStamp, i - 1).event, event))
            return g_array_index(stamps, DeskStamp, i - 1);
    g_error("no %s among the %u stamps of card %d", event, stamps->len, card);
}

Card *desk_open(int number)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *device = desk_device(number);
    Card *card = card_alsa_open(device, DESK_PERIOD, DESK_BUFFER, &error);
    g_assert_no_error(error);
    return card;
}

int16_t *desk_noise(unsigned frames, uint32_t seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    int16_t *samples = g_new(int16_t, frames * CARD_CHANNELS);
    for (unsigned i = 0; i < frames * CARD_CHANNELS; i++)
        samples[i] =
            (int16_t)(g_rand_int_range(random, 1, 30000) * (g_rand_boolean(random) ? 1 : -1));
    return samples;
}

bool desk_feed(Card *card, const int16_t *samples, unsigned frames, GError **error)
{
    unsigned done = 0;
    struct pollfd fds[4];
    while (done < frames) {
        long written = card->ops->write(card, samples + done * CARD_CHANNELS, frames - done, error);
        if (written < 0)
            return false;
        done += (unsigned)written;
        if (written > 0)
            continue;
        unsigned count = card->ops->poll_fds(card, fds, G_N_ELEMENTS(fds));
        g_assert_cmpuint(count, >, 0);
        g_assert_cmpint(poll(fds, count, 5000), >, 0);
        card->ops->poll_ready(card, fds, count);
    }
    return true;
}

void desk_run_dry(Card *card)
{
    g_autoptr(GError) error = NULL;
    CardPosition position;
    while (card->ops->position(card, &position, &error))
        g_usleep(2000);
    g_assert_error(error, CARD_ERROR, CARD_ERROR_XRUN);
}

void desk_play(Card *card, const int16_t *samples, unsigned frames)
{
    g_autoptr(GError) error = NULL;
    unsigned first = MIN(frames, DESK_BUFFER);
    desk_feed(card, samples, first, &error);
    g_assert_no_error(error);
    g_assert_true(card->ops->start(card, &error));
    desk_feed(card, samples + first * CARD_CHANNELS, frames - first, &error);
    g_assert_no_error(error);
    desk_run_dry(card);
}

void desk_play_and_close(int number, const int16_t *samples, unsigned frames)
{
    Card *card = desk_open(number);
    desk_play(card, samples, frames);
    card_close(card);
}

void desk_assert_recorded(GArray *recording, unsigned at, const int16_t *samples, unsigned frames)
{
    g_assert_cmpuint(recording->len, >=, (at + frames) * CARD_CHANNELS);
    g_assert_cmpmem(&g_array_index(recording, int16_t, at * CARD_CHANNELS),
                    frames * CARD_CHANNELS * 2, samples, frames * CARD_CHANNELS * 2);
}
