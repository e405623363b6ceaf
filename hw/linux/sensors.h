/* Sensors of the kernel, found by what they are called and never by a number that changes. */
#pragma once

#include <stdint.h>

#include "linux/machine.h"

/* Where a value stands: exactly one of hwmon, iio and path; none = there is no such sensor. */
typedef struct SensorPlace {
    char *hwmon;  /* the name of the hwmon device: the text of its file `name` */
    char *iio;    /* the name of the IIO device */
    char *path;   /* a file; * stands for what changes, and one file alone may fit */
    char *input;  /* hwmon: the file, such as temp1_input; IIO: the channel, such as in_voltage0 */
    char *label;  /* hwmon instead of input: the text of a file ..._label */
    int64_t zero; /* value = (what is read - zero) * multiply / divide */
    int64_t multiply, divide; /* 0 = 1 */
} SensorPlace;

void sensor_place_clear(SensorPlace *self);

typedef struct Sensor Sensor;

/* `place` and `machine` outlive it. NULL when there is no such sensor. */
Sensor *sensor_new(const Machine *machine, const SensorPlace *place);
void sensor_free(Sensor *self); /* takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sensor, sensor_free)

/* In the kernel's units (mV, mA, milli-degrees) times the place's factor. INT64_MIN = unknown: not
 * there, several are called so, or it gave no number. Looks for it again until it is found. */
int64_t sensor_read(Sensor *self); /* takes NULL */
/* The file that is read, or NULL. */
const char *sensor_file(const Sensor *self);
