/* Only what one can do something about from below: is it on the air, does it reach the commune,
 * does it need somebody to climb. */
#include "health/lights.h"

static BoardLight on_air(const LightFacts *facts)
{
    if (!facts->sounding)
        return BOARD_LIGHT_OFF;
    return facts->warning ? BOARD_LIGHT_BLINK : BOARD_LIGHT_ON;
}

static BoardLight network(const LightFacts *facts)
{
    if (!facts->accepted)
        return BOARD_LIGHT_OFF;
    return facts->heard ? BOARD_LIGHT_ON : BOARD_LIGHT_BLINK;
}

static BoardLight fault(const LightFacts *facts)
{
    if (facts->no_sound)
        return BOARD_LIGHT_BLINK;
    return facts->any_fault ? BOARD_LIGHT_ON : BOARD_LIGHT_OFF;
}

void lights_show(Board *board, const LightFacts *facts)
{
    board_set_led(board, BOARD_LED_ON_AIR, on_air(facts));
    board_set_led(board, BOARD_LED_NETWORK, network(facts));
    board_set_led(board, BOARD_LED_FAULT, fault(facts));
}
