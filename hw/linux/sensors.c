/* Sensors of hwmon and IIO, and single files.
 *
 * hwmonN and iio:deviceN are numbered in the order in which drivers happened to load, so a device
 * is known by its name, and by its input or label within. A name that fits twice gives nothing: a
 * battery must not be mistaken for another one. A file that stops answering (a USB sensor that was
 * replugged) is looked for again at the next reading. */
#include "linux/sensors.h"

#include <glob.h>
#include <math.h>
#include <string.h>

#define HWMON_CLASS "/sys/class/hwmon"
#define IIO_BUS     "/sys/bus/iio/devices"

struct Sensor {
    const Machine *machine;
    const SensorPlace *place;
    char *file;    /* NULL = not found yet */
    double offset; /* IIO: (raw + offset) * scale */
    double scale;
};

/* Collects files while it counts: two are as good as none. */
typedef struct Search {
    char *file;
    unsigned found;
} Search;

static void search_add(Search *search, char *file)
{
    g_free(search->file);
    search->file = file;
    search->found++;
}

static char *search_result(Search *search)
{
    if (search->found != 1)
        g_clear_pointer(&search->file, g_free);
    return search->file;
}

static void add_if_there(Search *search, const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
        search_add(search, g_steal_pointer(&path));
}

/* Every input whose label is the wanted one. */
static void add_labelled(Search *search, const char *folder, const char *label)
{
    g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
    const char *file;
    while (files && (file = g_dir_read_name(files))) {
        if (!g_str_has_suffix(file, "_label"))
            continue;
        g_autofree char *path = g_build_filename(folder, file, NULL);
        g_autofree char *text = machine_read_text(path);
        g_autofree char *stem = g_strndup(file, strlen(file) - strlen("_label"));
        g_autofree char *input = g_strconcat(stem, "_input", NULL);
        if (g_strcmp0(text, label) == 0)
            add_if_there(search, folder, input);
    }
}

static void add_channel(Search *search, const char *folder, const char *channel)
{
    unsigned before = search->found;
    g_autofree char *processed = g_strconcat(channel, "_input", NULL);
    g_autofree char *raw = g_strconcat(channel, "_raw", NULL);
    add_if_there(search, folder, processed);
    if (search->found == before)
        add_if_there(search, folder, raw);
}

static void look_into(Search *search, const SensorPlace *place, const char *folder)
{
    const char *wanted = place->hwmon ? place->hwmon : place->iio;
    g_autofree char *name_file = g_build_filename(folder, "name", NULL);
    g_autofree char *name = machine_read_text(name_file);
    if (g_strcmp0(name, wanted) != 0)
        return;
    if (place->iio)
        add_channel(search, folder, place->input);
    else if (place->label)
        add_labelled(search, folder, place->label);
    else
        add_if_there(search, folder, place->input);
}

static char *find_by_name(const Sensor *self)
{
    Search search = {0};
    g_autofree char *folder =
        machine_path(self->machine, self->place->hwmon ? HWMON_CLASS : IIO_BUS);
    g_autoptr(GDir) devices = g_dir_open(folder, 0, NULL);
    const char *device;
    while (devices && (device = g_dir_read_name(devices))) {
        g_autofree char *path = g_build_filename(folder, device, NULL);
        look_into(&search, self->place, path);
    }
    return search_result(&search);
}

static char *find_by_pattern(const Sensor *self)
{
    Search search = {0};
    glob_t found = {0};
    g_autofree char *pattern = machine_path(self->machine, self->place->path);
    if (glob(pattern, GLOB_NOSORT, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            search_add(&search, g_strdup(found.gl_pathv[i]));
    globfree(&found);
    return search_result(&search);
}

static bool read_number(const char *path, double *ret_value)
{
    g_autofree char *text = machine_read_text(path);
    char *end = NULL;
    double value = text ? g_ascii_strtod(text, &end) : NAN;
    if (!text || end == text || *end != '\0' || !isfinite(value))
        return false;
    *ret_value = value;
    return true;
}

/* An IIO attribute of the channel itself (in_voltage0_scale) or of its kind (in_voltage_scale). */
static double channel_number(const char *folder, const char *channel, const char *what,
                             double fallback)
{
    double value = fallback;
    g_autofree char *kind = g_strdup(channel);
    kind[strcspn(kind, "0123456789")] = '\0';
    g_autofree char *own_file = g_strdup_printf("%s/%s_%s", folder, channel, what);
    g_autofree char *kind_file = g_strdup_printf("%s/%s_%s", folder, kind, what);
    if (!read_number(own_file, &value))
        read_number(kind_file, &value);
    return value;
}

static bool find(Sensor *self)
{
    const SensorPlace *place = self->place;
    self->offset = 0;
    self->scale = 1;
    self->file = place->path ? find_by_pattern(self) : find_by_name(self);
    if (!self->file || !place->iio || !g_str_has_suffix(self->file, "_raw"))
        return self->file != NULL;
    g_autofree char *folder = g_path_get_dirname(self->file);
    self->scale = channel_number(folder, place->input, "scale", 1);
    self->offset = channel_number(folder, place->input, "offset", 0);
    return true;
}

void sensor_place_clear(SensorPlace *self)
{
    g_free(self->hwmon);
    g_free(self->iio);
    g_free(self->path);
    g_free(self->input);
    g_free(self->label);
    *self = (SensorPlace){0};
}

Sensor *sensor_new(const Machine *machine, const SensorPlace *place)
{
    if (!place->hwmon && !place->iio && !place->path)
        return NULL;
    Sensor *self = g_new0(Sensor, 1);
    self->machine = machine;
    self->place = place;
    find(self);
    return self;
}

void sensor_free(Sensor *self)
{
    if (!self)
        return;
    g_free(self->file);
    g_free(self);
}

static double factor(int64_t number)
{
    return number ? (double)number : 1;
}

int64_t sensor_read(Sensor *self)
{
    double value;
    if (!self || (!self->file && !find(self)))
        return INT64_MIN;
    if (!read_number(self->file, &value)) {
        g_clear_pointer(&self->file, g_free);
        return INT64_MIN;
    }
    value = (value + self->offset) * self->scale;
    value = (value - (double)self->place->zero) * factor(self->place->multiply) /
            factor(self->place->divide);
    return fabs(value) < 1e15 ? (int64_t)llround(value) : INT64_MIN;
}

const char *sensor_file(const Sensor *self)
{
    return self->file;
}
