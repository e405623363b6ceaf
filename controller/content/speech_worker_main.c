/* loa-speech-worker: reads one typed text aloud in Vietnamese, locked in a cage.
 *
 *   loa-speech-worker <text >result.jsonl 3>speech.wav
 *
 * The same shape as the content worker, which gets the sound next: the voice is loaded first, then
 * the cage closes, and only then is the first byte of the text read. Numbers and abbreviations are
 * put into words by speech_text.c; the synthesiser gets words only. Exit status 0 when a result
 * line was written, whatever it says. The only espeak-ng file. */
#include "content/sandbox.h"
#include "content/speech_text.h"

#include <espeak-ng/speak_lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT_FD       3
#define VOICE           "vi"
#define WORDS_PER_MIN   150 /* slower than talk: horns answer each other over the fields */
#define TEXT_BYTES_MAX  (SPEECH_TEXT_MAX * 4)
#define SAMPLES_MAX     (2U * 3600 * 22050)
#define MEMORY_MAX      (1024ULL << 20)
#define CPU_SECONDS_MAX 300
#define WAV_HEAD        44

static GArray *samples; /* short */

static int take(short *wave, int count, espeak_EVENT *events)
{
    (void)events;
    if (wave != NULL && count > 0)
        g_array_append_vals(samples, wave, (guint)count);
    return samples->len > SAMPLES_MAX ? 1 : 0;
}

static int fail(const char *code, const char *found)
{
    printf("{\"ok\":false,\"code\":\"%s\",\"found\":\"%s\"}\n", code, found);
    fflush(stdout);
    return 0;
}

static bool write_all(const void *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        const ssize_t put = write(OUTPUT_FD, (const char *)bytes + done, length - done);
        if (put <= 0)
            return false;
        done += (size_t)put;
    }
    return true;
}

static void put_le(unsigned char *at, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

static bool write_wav(uint32_t rate)
{
    unsigned char head[WAV_HEAD] = "RIFF....WAVEfmt ";
    const uint32_t bytes = samples->len * 2;
    put_le(head + 4, bytes + WAV_HEAD - 8, 4);
    put_le(head + 16, 16, 4);
    put_le(head + 20, 1, 2); /* PCM */
    put_le(head + 22, 1, 2); /* one channel */
    put_le(head + 24, rate, 4);
    put_le(head + 28, rate * 2, 4);
    put_le(head + 32, 2, 2);
    put_le(head + 34, 16, 2);
    memcpy(head + 36, "data", 4);
    put_le(head + 40, bytes, 4);
    return write_all(head, sizeof head) && write_all(samples->data, bytes);
}

/* NULL when it is no text of a length that is allowed. */
static char *read_text(void)
{
    g_autofree char *text = g_malloc0(TEXT_BYTES_MAX + 1);
    size_t length = 0;
    for (ssize_t got = 1; got > 0 && length < TEXT_BYTES_MAX; length += (size_t)MAX(got, 0))
        got = read(STDIN_FILENO, text + length, TEXT_BYTES_MAX - length);
    if (!g_utf8_validate(text, (gssize)length, NULL) || g_utf8_strlen(text, -1) > SPEECH_TEXT_MAX)
        return NULL;
    return g_steal_pointer(&text);
}

/* One mark of punctuation alone is spoken by its name; a text of nothing else has no word in it. */
static bool has_word(const char *text)
{
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        if (g_unichar_isalnum(g_utf8_get_char(at)))
            return true;
    return false;
}

/* A letter of Vietnamese or of ASCII; letters with other marks lose them (ö, ç, ñ). 0: none. */
static gunichar nearest_letter(gunichar letter)
{
    static const char vietnamese[] = "ăâđêôơư\u0300\u0301\u0303\u0309\u0323";
    gunichar base = letter, mark = 0;
    while (base >= 0x80 && g_utf8_strchr(vietnamese, -1, g_unichar_tolower(base)) == NULL) {
        if (!g_unichar_decompose(base, &base, &mark))
            return 0;
        if (g_utf8_strchr(vietnamese, -1, mark) == NULL && mark != 0x302 && mark != 0x306 &&
            mark != 0x31b)
            letter = base;
    }
    return letter;
}

/* For any other letter the voice would change to another language and open its files. What it has
 * no sound for is passed over in silence; the text itself is kept by the controller. */
static char *keep_what_can_be_said(const char *text)
{
    static const char marks[] = "…“”‘’–—";
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (letter >= 0x80 && g_utf8_strchr(marks, -1, letter) == NULL)
            letter = nearest_letter(letter);
        g_string_append_unichar(out, letter != 0 ? letter : ' ');
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static int speak(uint32_t rate)
{
    g_autofree char *text = read_text();
    if (text == NULL)
        return fail("speech", "a text that is too long");
    g_autofree char *words = speech_text_normalise(text);
    g_autofree char *spoken = keep_what_can_be_said(words);
    if (!has_word(spoken))
        return fail("speech", "a text without any word");
    const espeak_ERROR error =
        espeak_Synth(spoken, strlen(spoken) + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, NULL);
    if (error != EE_OK || samples->len == 0)
        return fail("internal", "the voice stopped");
    if (samples->len > SAMPLES_MAX)
        return fail("too-long", "a text");
    if (!write_wav(rate))
        return fail("disk-full", "the disk is full");
    printf("{\"ok\":true,\"duration_ms\":%" G_GINT64_FORMAT "}\n",
           (gint64)samples->len * 1000 / rate);
    fflush(stdout);
    return 0;
}

/* What is read from files on first use is in memory before the cage closes: the table of words,
 * and the one other language that the voice turns to. */
static void warm_up(void)
{
    static const char foreign[] = "ł";
    g_free(speech_text_normalise("1"));
    (void)espeak_Synth(foreign, sizeof foreign, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, NULL);
    g_array_set_size(samples, 0);
}

int main(void)
{
    static const SandboxLimits limits = {
        .memory_bytes = MEMORY_MAX,
        .cpu_seconds = CPU_SECONDS_MAX,
        .file_bytes = SAMPLES_MAX * 2ULL + WAV_HEAD,
        .files = 64,
    };
    closefrom(OUTPUT_FD + 1);
    sandbox_leave_network();
    const int rate =
        espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 200, NULL, espeakINITIALIZE_DONT_EXIT);
    if (rate <= 0 || espeak_SetVoiceByName(VOICE) != EE_OK) {
        fprintf(stderr, "loa-speech-worker: espeak-ng has no voice '%s'\n", VOICE);
        return 3;
    }
    espeak_SetParameter(espeakRATE, WORDS_PER_MIN, 0);
    espeak_SetSynthCallback(take);
    samples = g_array_new(FALSE, FALSE, sizeof(short));
    warm_up();
    g_autoptr(GError) error = NULL;
    if (!sandbox_enter(&limits, &error)) {
        fprintf(stderr, "loa-speech-worker: %s\n", error->message);
        return 3;
    }
    _exit(speak((uint32_t)rate));
}
