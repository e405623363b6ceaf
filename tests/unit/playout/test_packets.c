#include "playout/packets.h"

#include <glib.h>
#include <opus/opus.h>
#include <string.h>

#define RATE    48000
#define PACKET  960
#define SKIP    312
#define MAX_BAD 10

/* Head of a mono stream; `change` sets one byte of it. */
static Packets *given(unsigned at, uint8_t byte)
{
    uint8_t head[19] = {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 1, SKIP & 255, SKIP >> 8};
    head[at] = byte;
    return packets_new(head, sizeof head);
}

static size_t encode(OpusEncoder *encoder, unsigned number, uint8_t *ret_packet)
{
    int16_t tone[PACKET];
    for (unsigned i = 0; i < PACKET; i++)
        tone[i] = (int16_t)((number * PACKET + i) % 100 * 100);
    return (size_t)opus_encode(encoder, tone, PACKET, ret_packet, 500);
}

static void test_only_the_one_form_has_a_head_that_is_taken(void)
{
    static const struct {
        unsigned at;
        uint8_t byte;
        bool good;
    } table[] = {
        {8, 1, true},    {8, 15, true},    {8, 16, false}, /* version */
        {9, 0, false},   {9, 1, true},     {9, 2, true},
        {9, 3, false},   {9, 8, false},    /* channels */
        {18, 1, false},  {18, 255, false}, /* family */
        {7, 's', false},                   /* word */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Packets) packets = given(table[i].at, table[i].byte);
        g_assert_cmpint(packets != NULL, ==, table[i].good);
    }
    g_assert_null(packets_new("OpusHead\1\1", 10));
}

static void test_what_the_head_skips_and_the_end_fills_up_is_left_out(void)
{
    const int16_t *samples;
    uint8_t packet[500];
    int err;
    g_autoptr(Packets) packets = given(8, 1);
    OpusEncoder *encoder = opus_encoder_create(RATE, 1, OPUS_APPLICATION_AUDIO, &err);
    size_t length = encode(encoder, 0, packet);
    g_assert_cmpint(packets_decode(packets, packet, length, 0, &samples), ==, PACKET - SKIP);
    length = encode(encoder, 1, packet);
    g_assert_cmpint(packets_decode(packets, packet, length, 0, &samples), ==, PACKET);
    length = encode(encoder, 2, packet);
    g_assert_cmpint(packets_decode(packets, packet, length, 648, &samples), ==, PACKET - 648);
    g_assert_cmpint(packets_decode(packets, packet, length, 100000, &samples), ==, 0);
    opus_encoder_destroy(encoder);
}

static void test_a_damaged_packet_keeps_its_time_and_too_many_end_it(void)
{
    const int16_t *samples;
    static const uint8_t nonsense[4] = {0xff, 0xff, 0xff, 0xff}; /* more frames than bytes */
    uint8_t packet[500];
    int err;
    g_autoptr(Packets) packets = given(10, 0);
    OpusEncoder *encoder = opus_encoder_create(RATE, 1, OPUS_APPLICATION_AUDIO, &err);
    size_t length = encode(encoder, 0, packet);
    g_assert_cmpint(packets_decode(packets, packet, length, 0, &samples), >, 0);
    for (unsigned i = 0; i < MAX_BAD; i++)
        g_assert_cmpint(packets_decode(packets, nonsense, 4, 0, &samples), ==, PACKET);
    g_assert_cmpint(packets_decode(packets, packet, length, 0, &samples), ==, PACKET);
    for (unsigned i = 0; i < MAX_BAD; i++)
        g_assert_cmpint(packets_decode(packets, nonsense, 4, 0, &samples), ==, PACKET);
    g_assert_cmpint(packets_decode(packets, nonsense, 4, 0, &samples), ==, -1);
    opus_encoder_destroy(encoder);
}

#define TEST(name) g_test_add_func("/packets/" #name, test_##name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(only_the_one_form_has_a_head_that_is_taken);
    TEST(what_the_head_skips_and_the_end_fills_up_is_left_out);
    TEST(a_damaged_packet_keeps_its_time_and_too_many_end_it);
    return g_test_run();
}
