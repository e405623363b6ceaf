/* The machine on a desk.
 *
 * Which device an ioctl means is told by the name of the file behind the descriptor. A request for
 * lines gets the reading end of a pipe, as the kernel gives a descriptor to read events from; the
 * pipe's inode tells the requests apart, and a line is free again when nobody has the reading end.
 */
#include "desk_machine.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <linux/gpio.h>
#include <linux/hidraw.h>
#include <linux/ioctl.h>
#include <linux/watchdog.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HID_REPORT 9

struct DeskChip {
    char *node;
    char *label;
    bool gone;
    bool high[DESK_LINES];
    unsigned changes[DESK_LINES];
};

typedef struct Lines {
    DeskChip *chip;
    struct gpio_v2_line_request request;
    uint64_t inode;
    int events; /* the writing end */
} Lines;

static GPtrArray *logged; /* of the machine that lives; a test has one at a time */

static GLogWriterOutput keep_warnings(GLogLevelFlags level, const GLogField *fields, gsize count,
                                      gpointer user)
{
    (void)user;
    for (gsize i = 0; i < count; i++)
        if ((level & G_LOG_LEVEL_WARNING) && g_str_equal(fields[i].key, "MESSAGE"))
            g_ptr_array_add(logged, g_strdup(fields[i].value));
    return G_LOG_WRITER_HANDLED;
}

/* ---- GPIO ---- */

static bool is_open(const Lines *lines)
{
    struct pollfd end = {.fd = lines->events};
    return poll(&end, 1, 0) == 0 || !(end.revents & POLLERR);
}

static bool wants(const Lines *lines, const DeskChip *chip, unsigned line)
{
    if (lines->chip != chip)
        return false;
    for (unsigned i = 0; i < lines->request.num_lines; i++)
        if (lines->request.offsets[i] == line)
            return true;
    return false;
}

static bool is_active(const Lines *lines, unsigned line)
{
    bool low = lines->request.config.flags & GPIO_V2_LINE_FLAG_ACTIVE_LOW;
    return lines->chip->high[line] != low;
}

static void put_out(const Lines *lines, uint64_t bits)
{
    bool low = lines->request.config.flags & GPIO_V2_LINE_FLAG_ACTIVE_LOW;
    unsigned line = lines->request.offsets[0];
    bool high = (bits & 1) != low;
    lines->chip->changes[line] += lines->chip->high[line] != high;
    lines->chip->high[line] = high;
}

static bool is_in_order(const struct gpio_v2_line_request *request)
{
    uint64_t flags = request->config.flags;
    bool input = flags & GPIO_V2_LINE_FLAG_INPUT, output = flags & GPIO_V2_LINE_FLAG_OUTPUT;
    uint64_t bias = flags & (GPIO_V2_LINE_FLAG_BIAS_PULL_UP | GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN |
                             GPIO_V2_LINE_FLAG_BIAS_DISABLED);
    static const struct gpio_v2_line_request zero;
    if (input == output || request->num_lines == 0 || request->num_lines > 64)
        return false;
    if ((flags & GPIO_V2_LINE_FLAG_EDGE_RISING && !input) || (bias & (bias - 1)))
        return false;
    if (memcmp(request->padding, zero.padding, sizeof zero.padding) != 0 ||
        memcmp(request->config.padding, zero.config.padding, sizeof zero.config.padding) != 0)
        return false;
    for (unsigned i = 0; i < request->config.num_attrs; i++) {
        const struct gpio_v2_line_config_attribute *attribute = &request->config.attrs[i];
        uint32_t right =
            output ? GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES : GPIO_V2_LINE_ATTR_ID_DEBOUNCE;
        if (attribute->attr.id != right || attribute->attr.padding != 0 || attribute->mask == 0)
            return false;
    }
    for (unsigned i = 0; i < request->num_lines; i++)
        if (request->offsets[i] >= DESK_LINES)
            return false;
    return true;
}

static int fail(int reason)
{
    errno = reason;
    return -1;
}

static int take_lines(DeskMachine *self, DeskChip *chip, struct gpio_v2_line_request *request)
{
    struct stat found;
    int ends[2];
    if (!is_in_order(request))
        return fail(EINVAL);
    for (unsigned i = 0; i < request->num_lines; i++)
        if (desk_chip_is_taken(self, chip, request->offsets[i]))
            return fail(EBUSY);
    g_assert_true(pipe2(ends, O_CLOEXEC) == 0 && fstat(ends[0], &found) == 0);
    request->fd = ends[0];
    Lines *lines = g_new0(Lines, 1);
    *lines = (Lines){.chip = chip, .request = *request, .inode = found.st_ino, .events = ends[1]};
    g_ptr_array_add(self->lines, lines);
    if (request->config.flags & GPIO_V2_LINE_FLAG_OUTPUT)
        put_out(lines, request->config.num_attrs ? request->config.attrs[0].attr.values : 0);
    return 0;
}

static int chip_ioctl(DeskMachine *self, DeskChip *chip, unsigned long request, void *argument)
{
    if (request == GPIO_V2_GET_LINE_IOCTL)
        return take_lines(self, chip, argument);
    if (request != GPIO_GET_CHIPINFO_IOCTL)
        return fail(ENOTTY);
    struct gpiochip_info *info = argument;
    memset(info, 0, sizeof *info);
    g_strlcpy(info->name, chip->node, sizeof info->name);
    g_strlcpy(info->label, chip->label, sizeof info->label);
    info->lines = DESK_LINES;
    return 0;
}

static int lines_ioctl(const Lines *lines, unsigned long request, void *argument)
{
    struct gpio_v2_line_values *values = argument;
    if (lines->chip->gone)
        return fail(ENODEV);
    if (request == GPIO_V2_LINE_SET_VALUES_IOCTL) {
        if (!(lines->request.config.flags & GPIO_V2_LINE_FLAG_OUTPUT))
            return fail(EPERM);
        if (values->mask & 1)
            put_out(lines, values->bits);
        return 0;
    }
    if (request != GPIO_V2_LINE_GET_VALUES_IOCTL || values->mask == 0)
        return fail(EINVAL);
    values->bits = is_active(lines, lines->request.offsets[0]);
    return 0;
}

/* ---- USB relay and watchdog ---- */

static int relay_ioctl(DeskMachine *self, unsigned index, unsigned long request, uint8_t *report)
{
    uint8_t *closed = &self->relays[index].closed;
    if (self->relays[index].gone)
        return fail(ENODEV);
    if (request == (unsigned long)HIDIOCGFEATURE(HID_REPORT)) {
        memcpy(report + 1, self->relays[index].serial, 5);
        report[8] = *closed;
        return HID_REPORT;
    }
    if (request != (unsigned long)HIDIOCSFEATURE(HID_REPORT) || report[0] != 0)
        return fail(EINVAL);
    if (report[2] < 1 || report[2] > 8)
        return fail(EPIPE);
    uint8_t bit = (uint8_t)(1u << (report[2] - 1));
    self->relays[index].reports++;
    if (self->relays[index].stuck)
        return HID_REPORT;
    if (report[1] == 0xff)
        *closed |= bit;
    else if (report[1] == 0xfd)
        *closed &= (uint8_t)~bit;
    return HID_REPORT;
}

static int watchdog_ioctl(DeskMachine *self, unsigned long request, int *argument)
{
    if (request == WDIOC_KEEPALIVE)
        self->feeds++;
    else if (request == WDIOC_GETTIMEOUT)
        *argument = self->watchdog_s;
    else if (request != WDIOC_SETTIMEOUT)
        return fail(ENOTTY);
    else if (*argument > self->watchdog_max_s)
        return fail(EINVAL);
    else
        self->watchdog_s = *argument;
    return 0;
}

static int desk_ioctl(void *user, int fd, unsigned long request, void *argument)
{
    DeskMachine *self = user;
    struct stat found;
    g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", fd);
    g_autofree char *path = g_file_read_link(link, NULL);
    g_assert_true(path && fstat(fd, &found) == 0);
    g_autofree char *name = g_path_get_basename(path);
    for (unsigned i = 0; i < self->lines->len; i++)
        if (((Lines *)self->lines->pdata[i])->inode == found.st_ino && S_ISFIFO(found.st_mode))
            return lines_ioctl(self->lines->pdata[i], request, argument);
    for (unsigned i = 0; i < self->chips->len; i++) {
        DeskChip *chip = self->chips->pdata[i];
        if (!chip->gone && g_str_equal(chip->node, name))
            return chip_ioctl(self, chip, request, argument);
    }
    if (g_str_has_prefix(name, "hidraw"))
        return relay_ioctl(self, (unsigned)(name[6] - '0'), request, argument);
    if (g_str_has_prefix(name, "watchdog"))
        return watchdog_ioctl(self, request, argument);
    return fail(ENOTTY);
}

/* ---- the desk ---- */

static void chip_free(gpointer data)
{
    DeskChip *chip = data;
    g_free(chip->node);
    g_free(chip->label);
    g_free(chip);
}

static void lines_free(gpointer data)
{
    Lines *lines = data;
    close(lines->events);
    g_free(lines);
}

DeskMachine *desk_machine_new(void)
{
    static gsize once = 0;
    DeskMachine *self = g_new0(DeskMachine, 1);
    self->root = g_dir_make_tmp("loa-machine-XXXXXX", NULL);
    self->chips = g_ptr_array_new_with_free_func(chip_free);
    self->lines = g_ptr_array_new_with_free_func(lines_free);
    self->warnings = logged = g_ptr_array_new_with_free_func(g_free);
    self->machine = (Machine){.root = self->root, .ioctl = desk_ioctl, .user = self};
    if (g_once_init_enter(&once)) {
        g_log_set_writer_func(keep_warnings, NULL, NULL);
        g_once_init_leave(&once, 1);
    }
    return self;
}

static int remove_one(const char *path, const struct stat *found, int type, struct FTW *walk)
{
    (void)found;
    (void)type;
    (void)walk;
    return remove(path);
}

void desk_machine_free(DeskMachine *self)
{
    nftw(self->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    g_ptr_array_unref(self->lines);
    g_ptr_array_unref(self->chips);
    g_ptr_array_unref(self->warnings);
    g_free(self->root);
    g_free(self);
}

void desk_machine_write(const DeskMachine *self, const char *path, const char *text)
{
    g_autofree char *full = g_strconcat(self->root, path, NULL);
    g_autofree char *folder = g_path_get_dirname(full);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0777), ==, 0);
    g_assert_true(g_file_set_contents(full, text, -1, NULL));
}

void desk_machine_remove(const DeskMachine *self, const char *path)
{
    g_autofree char *full = g_strconcat(self->root, path, NULL);
    g_assert_cmpint(nftw(full, remove_one, 8, FTW_DEPTH | FTW_PHYS), ==, 0);
}

char *desk_machine_read(const DeskMachine *self, const char *path)
{
    g_autofree char *full = g_strconcat(self->root, path, NULL);
    char *text = NULL;
    g_assert_true(g_file_get_contents(full, &text, NULL, NULL));
    return text;
}

void desk_machine_link(const DeskMachine *self, const char *path, const char *target)
{
    g_autofree char *full = g_strconcat(self->root, path, NULL);
    g_assert_cmpint(symlink(target, full), ==, 0);
}

DeskChip *desk_machine_add_chip(DeskMachine *self, const char *node, const char *label)
{
    g_autofree char *path = g_strconcat("/dev/", node, NULL);
    DeskChip *chip = g_new0(DeskChip, 1);
    *chip = (DeskChip){.node = g_strdup(node), .label = g_strdup(label)};
    g_ptr_array_add(self->chips, chip);
    desk_machine_write(self, path, "");
    return chip;
}

void desk_chip_unplug(DeskMachine *self, DeskChip *chip)
{
    g_autofree char *path = g_strconcat("/dev/", chip->node, NULL);
    desk_machine_remove(self, path);
    chip->gone = true;
    for (unsigned i = 0; i < self->lines->len; i++) {
        Lines *lines = self->lines->pdata[i];
        int nothing = lines->chip == chip ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
        if (nothing < 0)
            continue;
        dup2(nothing, lines->events); /* the reader sees the end */
        close(nothing);
    }
}

void desk_chip_drive(DeskMachine *self, DeskChip *chip, unsigned line, bool high)
{
    struct gpio_v2_line_event event = {.id = GPIO_V2_LINE_EVENT_RISING_EDGE, .offset = line};
    bool changes = chip->high[line] != high;
    chip->high[line] = high;
    for (unsigned i = 0; changes && i < self->lines->len; i++) {
        const Lines *lines = self->lines->pdata[i];
        if (!wants(lines, chip, line) || !is_open(lines) || !is_active(lines, line))
            continue;
        if (lines->request.config.flags & GPIO_V2_LINE_FLAG_EDGE_RISING)
            g_assert_cmpint(write(lines->events, &event, sizeof event), ==, sizeof event);
    }
}

bool desk_chip_is_high(const DeskChip *chip, unsigned line)
{
    return chip->high[line];
}

bool desk_chip_is_taken(const DeskMachine *self, const DeskChip *chip, unsigned line)
{
    for (unsigned i = 0; i < self->lines->len; i++)
        if (wants(self->lines->pdata[i], chip, line) && is_open(self->lines->pdata[i]))
            return true;
    return false;
}

uint64_t desk_chip_flags(const DeskMachine *self, const DeskChip *chip, unsigned line,
                         uint32_t *ret_debounce_us)
{
    for (unsigned i = self->lines->len; i > 0; i--) {
        const Lines *lines = self->lines->pdata[i - 1];
        const struct gpio_v2_line_config *config = &lines->request.config;
        if (!wants(lines, chip, line))
            continue;
        if (ret_debounce_us)
            *ret_debounce_us = config->num_attrs ? config->attrs[0].attr.debounce_period_us : 0;
        return config->flags;
    }
    return 0;
}

unsigned desk_chip_changes(const DeskChip *chip, unsigned line)
{
    return chip->changes[line];
}

void desk_machine_add_relay(DeskMachine *self, unsigned index, const char *serial)
{
    g_autofree char *node = g_strdup_printf("/dev/hidraw%u", index);
    g_autofree char *uevent = g_strdup_printf("/sys/class/hidraw/hidraw%u/device/uevent", index);
    desk_machine_write(self, node, "");
    desk_machine_write(self, uevent,
                       "DRIVER=hid-generic\nHID_ID=0003:000016C0:000005DF\n"
                       "HID_NAME=www.dcttech.com USBRelay2\n");
    g_strlcpy(self->relays[index].serial, serial, sizeof self->relays[index].serial);
}
