/* Lines of GPIO chips through the kernel's character device, uAPI v2 (linux/gpio.h, Linux 5.10).
 *
 * Levels are logical: true is active, whatever the line does electrically. A line belongs to this
 * program from open to close; what happens to an output afterwards is the driver's affair, so a
 * resistor must hold the safe level. */
#pragma once

#include <stdint.h>

#include "linux/machine.h"

#define GPIO_MAX_EDGES 8

typedef enum { GPIO_BIAS_AS_IS, GPIO_BIAS_PULL_UP, GPIO_BIAS_PULL_DOWN, GPIO_BIAS_NONE } GpioBias;
extern const char *const gpio_bias_words[]; /* NULL at their end */

typedef struct GpioLine {
    char *chip; /* its label, such as pinctrl-bcm2711, or its name, such as gpiochip0 */
    int line;   /* offset on the chip; -1 = not wired */
    bool active_low;
    GpioBias bias; /* of inputs */
} GpioLine;

/* Several inputs of one chip whose edges are awaited together. */
typedef struct GpioEdges {
    char *chip;
    int lines[GPIO_MAX_EDGES];
    unsigned count;
    bool active_low;
    GpioBias bias;
    unsigned debounce_ms; /* the kernel's, or its emulation */
} GpioEdges;

/* File descriptors of the lines; -1 on error. An output has its `value` from its first instant. */
int gpio_line_open_output(const Machine *machine, const GpioLine *line, bool value, GError **error);
int gpio_line_open_input(const Machine *machine, const GpioLine *line, GError **error);
int gpio_line_open_edges(const Machine *machine, const GpioEdges *edges, GError **error);

bool gpio_line_set(const Machine *machine, int fd, bool value, GError **error);
bool gpio_line_get(const Machine *machine, int fd, bool *ret_value);
/* The next edge to active: its line. 0 = none waiting, -1 = the chip is gone (errno). Never waits.
 */
int gpio_line_next_edge(int fd, int *ret_line);
