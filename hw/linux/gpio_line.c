/* Lines of GPIO chips.
 *
 * A chip is found by its label (the driver's name for it) or its name; /dev/gpiochipN is never
 * written anywhere, because N changes with the kernel: the header of a Raspberry Pi 5 was
 * gpiochip4 and became gpiochip0. A second node of the same chip is a symbolic link and is passed
 * over. Two chips of one label are an error: the wrong one could be a power switch. */
#include "linux/gpio_line.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <linux/gpio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONSUMER "loa-player"

const char *const gpio_bias_words[] = {"as_is", "pull_up", "pull_down", "none", NULL};

static const uint64_t bias_flags[] = {
    [GPIO_BIAS_AS_IS] = 0,
    [GPIO_BIAS_PULL_UP] = GPIO_V2_LINE_FLAG_BIAS_PULL_UP,
    [GPIO_BIAS_PULL_DOWN] = GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN,
    [GPIO_BIAS_NONE] = GPIO_V2_LINE_FLAG_BIAS_DISABLED,
};

/* The descriptor of a node that is the chip called `wanted`, else -1. */
static int open_if_wanted(const Machine *machine, const char *node, const char *wanted)
{
    struct gpiochip_info info = {0};
    g_autofree char *path = g_strconcat("/dev/", node, NULL);
    g_autofree char *full = machine_path(machine, path);
    struct stat found;
    if (lstat(full, &found) != 0 || S_ISLNK(found.st_mode))
        return -1;
    int fd = machine_open(machine, path, O_RDWR);
    if (fd < 0)
        return -1;
    bool known = machine_ioctl(machine, fd, GPIO_GET_CHIPINFO_IOCTL, &info) == 0;
    info.label[sizeof info.label - 1] = info.name[sizeof info.name - 1] = '\0';
    if (known && (g_str_equal(info.label, wanted) || g_str_equal(info.name, wanted)))
        return fd;
    close(fd);
    return -1;
}

static int open_chip(const Machine *machine, const char *wanted, GError **error)
{
    g_autofree char *dev = machine_path(machine, "/dev");
    g_autoptr(GDir) nodes = g_dir_open(dev, 0, NULL);
    const char *node;
    int chip = -1;
    while (nodes && (node = g_dir_read_name(nodes))) {
        int fd = g_str_has_prefix(node, "gpiochip") ? open_if_wanted(machine, node, wanted) : -1;
        if (fd >= 0 && chip >= 0) {
            close(fd);
            close(chip);
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                        "two GPIO chips are called %s", wanted);
            return -1;
        }
        chip = fd >= 0 ? fd : chip;
    }
    if (chip < 0)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no GPIO chip is called %s", wanted);
    return chip;
}

static int request_lines(const Machine *machine, const char *chip,
                         struct gpio_v2_line_request *request, GError **error)
{
    int fd = open_chip(machine, chip, error);
    if (fd < 0)
        return -1;
    g_strlcpy(request->consumer, CONSUMER, sizeof request->consumer);
    int result = machine_ioctl(machine, fd, GPIO_V2_GET_LINE_IOCTL, request);
    if (result < 0) {
        g_autofree char *what = g_strdup_printf("line %u of %s", request->offsets[0], chip);
        machine_fail(error, what);
    }
    close(fd);
    return result < 0 ? -1 : request->fd;
}

int gpio_line_open_output(const Machine *machine, const GpioLine *line, bool value, GError **error)
{
    struct gpio_v2_line_request request = {.num_lines = 1, .offsets = {(uint32_t)line->line}};
    struct gpio_v2_line_config *config = &request.config;
    config->flags =
        GPIO_V2_LINE_FLAG_OUTPUT | (line->active_low ? GPIO_V2_LINE_FLAG_ACTIVE_LOW : 0);
    config->num_attrs = 1;
    config->attrs[0] = (struct gpio_v2_line_config_attribute){
        .attr = {.id = GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES, .values = value}, .mask = 1};
    return request_lines(machine, line->chip, &request, error);
}

int gpio_line_open_input(const Machine *machine, const GpioLine *line, GError **error)
{
    struct gpio_v2_line_request request = {.num_lines = 1, .offsets = {(uint32_t)line->line}};
    request.config.flags = GPIO_V2_LINE_FLAG_INPUT | bias_flags[line->bias] |
                           (line->active_low ? GPIO_V2_LINE_FLAG_ACTIVE_LOW : 0);
    return request_lines(machine, line->chip, &request, error);
}

int gpio_line_open_edges(const Machine *machine, const GpioEdges *edges, GError **error)
{
    struct gpio_v2_line_request request = {.num_lines = edges->count};
    struct gpio_v2_line_config *config = &request.config;
    for (unsigned i = 0; i < edges->count; i++)
        request.offsets[i] = (uint32_t)edges->lines[i];
    config->flags = GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING |
                    bias_flags[edges->bias] |
                    (edges->active_low ? GPIO_V2_LINE_FLAG_ACTIVE_LOW : 0);
    if (edges->debounce_ms > 0) {
        config->num_attrs = 1;
        config->attrs[0] = (struct gpio_v2_line_config_attribute){
            .attr = {.id = GPIO_V2_LINE_ATTR_ID_DEBOUNCE,
                     .debounce_period_us = edges->debounce_ms * 1000},
            .mask = (UINT64_C(1) << edges->count) - 1};
    }
    int fd = request_lines(machine, edges->chip, &request, error);
    if (fd >= 0)
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
}

bool gpio_line_set(const Machine *machine, int fd, bool value, GError **error)
{
    struct gpio_v2_line_values values = {.bits = value, .mask = 1};
    if (machine_ioctl(machine, fd, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) == 0)
        return true;
    machine_fail(error, "the GPIO line cannot be set");
    return false;
}

bool gpio_line_get(const Machine *machine, int fd, bool *ret_value)
{
    struct gpio_v2_line_values values = {.mask = 1};
    if (machine_ioctl(machine, fd, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) != 0)
        return false;
    *ret_value = values.bits & 1;
    return true;
}

int gpio_line_next_edge(int fd, int *ret_line)
{
    struct gpio_v2_line_event event;
    ssize_t count;
    do
        count = read(fd, &event, sizeof event);
    while ((count < 0 && errno == EINTR) ||
           (count == sizeof event && event.id != GPIO_V2_LINE_EVENT_RISING_EDGE));
    if (count < 0 && errno == EAGAIN)
        return 0;
    if (count != sizeof event)
        return -1;
    *ret_line = (int)event.offset;
    return 1;
}
