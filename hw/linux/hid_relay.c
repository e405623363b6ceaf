/* USB relay boards as HID devices, through /dev/hidrawN.
 *
 * They know one unnumbered feature report of 8 bytes. Written: FF and the number of a relay closes
 * it, FD opens it. Read: bytes 0 to 4 are the serial number as text, byte 7 has a bit for each
 * closed relay. The USB ID is shared by many makers, so the product's name counts too. Byte 0 of an
 * ioctl's buffer is the report's number, always 0 here, and the report follows it. */
#include "linux/hid_relay.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <linux/hidraw.h>
#include <linux/ioctl.h>
#include <string.h>
#include <unistd.h>

#define REPORT_BYTES 9
#define CLOSE_RELAY  0xff
#define OPEN_RELAY   0xfd
#define STATE_BYTE   8 /* 7 of the report */

struct HidRelay {
    const Machine *machine;
    unsigned relay;
    char *serial;
    int fd; /* -1 = not found yet */
};

static bool read_report(const HidRelay *self, int fd, unsigned char report[REPORT_BYTES])
{
    memset(report, 0, REPORT_BYTES);
    return machine_ioctl(self->machine, fd, HIDIOCGFEATURE(REPORT_BYTES), report) >= 0;
}

static bool is_wanted(const HidRelay *self, int fd)
{
    unsigned char report[REPORT_BYTES];
    if (!self->serial)
        return true;
    return read_report(self, fd, report) &&
           memcmp(report + 1, self->serial, HID_RELAY_SERIAL_LENGTH) == 0;
}

/* uevent has lines such as HID_ID=0003:000016C0:000005DF and HID_NAME=www.dcttech.com USBRelay2. */
static bool is_relay_board(const HidRelay *self, const char *node)
{
    g_autofree char *path =
        g_strdup_printf("%s/sys/class/hidraw/%s/device/uevent", self->machine->root, node);
    g_autofree char *text = machine_read_text(path);
    return text && strstr(text, "HID_ID=0003:000016C0:000005DF") && strstr(text, "USBRelay");
}

static int open_board(const HidRelay *self, const char *node)
{
    g_autofree char *path = g_strconcat("/dev/", node, NULL);
    int fd = is_relay_board(self, node) ? machine_open(self->machine, path, O_RDWR) : -1;
    if (fd < 0 || is_wanted(self, fd))
        return fd;
    close(fd);
    return -1;
}

/* Two boards that both fit are as bad as none: the other one may switch something else. */
static bool find(HidRelay *self, GError **error)
{
    unsigned found = 0;
    g_autofree char *folder = machine_path(self->machine, "/sys/class/hidraw");
    g_autoptr(GDir) nodes = g_dir_open(folder, 0, NULL);
    const char *node;
    while (nodes && (node = g_dir_read_name(nodes))) {
        int fd = open_board(self, node);
        if (fd < 0)
            continue;
        if (found++ == 0)
            self->fd = fd;
        else
            close(fd);
    }
    if (found == 1)
        return true;
    if (found > 1)
        close(self->fd);
    self->fd = -1;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s USB relay board is called %s",
                found ? "more than one" : "no", self->serial ? self->serial : "USBRelay");
    return false;
}

static bool tell(const HidRelay *self, bool on, GError **error)
{
    unsigned char report[REPORT_BYTES] = {0, on ? CLOSE_RELAY : OPEN_RELAY,
                                          (unsigned char)self->relay};
    unsigned char mask = (unsigned char)(1u << (self->relay - 1));
    if (machine_ioctl(self->machine, self->fd, HIDIOCSFEATURE(REPORT_BYTES), report) < 0 ||
        !read_report(self, self->fd, report)) {
        machine_fail(error, "the USB relay board");
        return false;
    }
    if (((report[STATE_BYTE] & mask) != 0) == on)
        return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "relay %u of the USB board does not follow",
                self->relay);
    return false;
}

HidRelay *hid_relay_new(const Machine *machine, unsigned relay, const char *serial)
{
    HidRelay *self = g_new0(HidRelay, 1);
    *self = (HidRelay){.machine = machine, .relay = relay, .serial = g_strdup(serial), .fd = -1};
    return self;
}

/* A descriptor of a board that was unplugged answers with an error: then it is looked for once. */
bool hid_relay_set(HidRelay *self, bool on, GError **error)
{
    if (self->fd >= 0 && tell(self, on, NULL))
        return true;
    if (self->fd >= 0)
        close(self->fd);
    self->fd = -1;
    return find(self, error) && tell(self, on, error);
}

void hid_relay_free(HidRelay *self)
{
    if (!self)
        return;
    if (self->fd >= 0)
        close(self->fd);
    g_free(self->serial);
    g_free(self);
}
