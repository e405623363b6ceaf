/* Sensors in a sysfs of plain files. */
#include "linux/sensors.h"

#include "desk_machine.h"

#define HWMON "/sys/class/hwmon"
#define IIO   "/sys/bus/iio/devices"

typedef struct Fixture {
    DeskMachine *desk;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->desk = desk_machine_new();
    desk_machine_write(f->desk, HWMON "/hwmon0/name", "cpu_thermal\n");
    desk_machine_write(f->desk, HWMON "/hwmon0/temp1_input", "41500\n");
    desk_machine_write(f->desk, HWMON "/hwmon3/name", "ina226\n");
    desk_machine_write(f->desk, HWMON "/hwmon3/curr1_input", "850\n");
    desk_machine_write(f->desk, HWMON "/hwmon3/in1_input", "12600\n");
    desk_machine_write(f->desk, IIO "/iio:device1/name", "ads1115\n");
    desk_machine_write(f->desk, IIO "/iio:device1/in_voltage0_raw", "5600\n");
    desk_machine_write(f->desk, IIO "/iio:device1/in_voltage0_scale", "0.187500000\n");
    desk_machine_write(f->desk, IIO "/iio:device1/in_voltage1_raw", "-8\n");
    desk_machine_write(f->desk, IIO "/iio:device1/in_voltage_scale", "0.125\n");
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    desk_machine_free(f->desk);
}

#define PLACE(...) ((SensorPlace){__VA_ARGS__})

static int64_t read_once(const Fixture *f, SensorPlace place)
{
    g_autoptr(Sensor) sensor = sensor_new(&f->desk->machine, &place);
    return sensor_read(sensor);
}

static void test_a_device_is_found_by_its_name(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(
        read_once(f, PLACE(.hwmon = (char *)"cpu_thermal", .input = (char *)"temp1_input")), ==,
        41500);
    g_assert_cmpint(read_once(f, PLACE(.hwmon = (char *)"ina226", .input = (char *)"curr1_input")),
                    ==, 850);
}

static void test_an_input_is_found_by_its_label(Fixture *f, gconstpointer data)
{
    (void)data;
    desk_machine_write(f->desk, HWMON "/hwmon7/name", "coretemp\n");
    desk_machine_write(f->desk, HWMON "/hwmon7/temp1_label", "Package id 0\n");
    desk_machine_write(f->desk, HWMON "/hwmon7/temp1_input", "52000\n");
    desk_machine_write(f->desk, HWMON "/hwmon7/temp2_label", "Core 0\n");
    desk_machine_write(f->desk, HWMON "/hwmon7/temp2_input", "50000\n");
    g_assert_cmpint(
        read_once(f, PLACE(.hwmon = (char *)"coretemp", .label = (char *)"Package id 0")), ==,
        52000);
    desk_machine_write(f->desk, HWMON "/hwmon7/temp2_label", "Package id 0\n");
    g_assert_cmpint(
        read_once(f, PLACE(.hwmon = (char *)"coretemp", .label = (char *)"Package id 0")), ==,
        INT64_MIN);
}

static void test_two_devices_of_one_name_are_unknown_until_a_path_tells(Fixture *f,
                                                                        gconstpointer data)
{
    (void)data;
    desk_machine_write(f->desk, HWMON "/hwmon4/name", "ina226\n");
    desk_machine_write(f->desk, HWMON "/hwmon4/curr1_input", "120\n");
    desk_machine_write(f->desk, "/sys/bus/i2c/devices/1-0041/hwmon/hwmon4/curr1_input", "120\n");
    g_assert_cmpint(read_once(f, PLACE(.hwmon = (char *)"ina226", .input = (char *)"curr1_input")),
                    ==, INT64_MIN);
    g_assert_cmpint(
        read_once(f, PLACE(.path = (char *)"/sys/bus/i2c/devices/1-0041/hwmon/hwmon*/curr1_input")),
        ==, 120);
    g_assert_cmpint(read_once(f, PLACE(.path = (char *)HWMON "/hwmon*/curr1_input")), ==,
                    INT64_MIN);
}

static void test_an_adc_counts_in_millivolt(Fixture *f, gconstpointer data)
{
    (void)data;
    /* 5600 * 0.1875 mV = 1050 mV behind a divider of 11 */
    g_assert_cmpint(read_once(f, PLACE(.iio = (char *)"ads1115", .input = (char *)"in_voltage0",
                                       .multiply = 11)),
                    ==, 11550);
    /* the scale of all channels */
    g_assert_cmpint(read_once(f, PLACE(.iio = (char *)"ads1115", .input = (char *)"in_voltage1")),
                    ==, -1);
    desk_machine_write(f->desk, IIO "/iio:device1/in_voltage1_offset", "16\n");
    g_assert_cmpint(read_once(f, PLACE(.iio = (char *)"ads1115", .input = (char *)"in_voltage1")),
                    ==, 1);
    desk_machine_write(f->desk, IIO "/iio:device1/in_voltage1_input", "77\n");
    g_assert_cmpint(read_once(f, PLACE(.iio = (char *)"ads1115", .input = (char *)"in_voltage1")),
                    ==, 77);
}

static void test_a_value_is_moved_and_scaled(Fixture *f, gconstpointer data)
{
    (void)data;
    /* a Hall sensor: 2500 mV at 0 A, 66 mV/A */
    desk_machine_write(f->desk, HWMON "/hwmon3/in2_input", "2632\n");
    g_assert_cmpint(read_once(f, PLACE(.hwmon = (char *)"ina226", .input = (char *)"in2_input",
                                       .zero = 2500, .multiply = 1000, .divide = 66)),
                    ==, 2000);
}

static void test_what_is_missing_or_no_number_is_unknown(Fixture *f, gconstpointer data)
{
    (void)data;
    const char *const nonsense[] = {"", "hot", "12 13", "nan", "inf", "1e300"};
    const SensorPlace nothing = {0};
    g_assert_null(sensor_new(&f->desk->machine, &nothing));
    g_assert_cmpint(sensor_read(NULL), ==, INT64_MIN);
    g_assert_cmpint(read_once(f, PLACE(.hwmon = (char *)"ina219", .input = (char *)"curr1_input")),
                    ==, INT64_MIN);
    g_assert_cmpint(read_once(f, PLACE(.hwmon = (char *)"ina226", .input = (char *)"curr9_input")),
                    ==, INT64_MIN);
    for (unsigned i = 0; i < G_N_ELEMENTS(nonsense); i++) {
        desk_machine_write(f->desk, HWMON "/hwmon0/temp1_input", nonsense[i]);
        g_assert_cmpint(
            read_once(f, PLACE(.hwmon = (char *)"cpu_thermal", .input = (char *)"temp1_input")), ==,
            INT64_MIN);
    }
}

static void test_a_sensor_that_comes_late_or_moves_is_found_again(Fixture *f, gconstpointer data)
{
    (void)data;
    const SensorPlace place = PLACE(.hwmon = (char *)"ina219", .input = (char *)"curr1_input");
    g_autoptr(Sensor) sensor = sensor_new(&f->desk->machine, &place);
    g_assert_cmpint(sensor_read(sensor), ==, INT64_MIN);
    desk_machine_write(f->desk, HWMON "/hwmon5/name", "ina219\n");
    desk_machine_write(f->desk, HWMON "/hwmon5/curr1_input", "10\n");
    g_assert_cmpint(sensor_read(sensor), ==, 10);
    desk_machine_remove(f->desk, HWMON "/hwmon5");
    g_assert_cmpint(sensor_read(sensor), ==, INT64_MIN);
    desk_machine_write(f->desk, HWMON "/hwmon9/name", "ina219\n");
    desk_machine_write(f->desk, HWMON "/hwmon9/curr1_input", "11\n");
    g_assert_cmpint(sensor_read(sensor), ==, 11);
    g_assert_true(g_str_has_suffix(sensor_file(sensor), "hwmon9/curr1_input"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add("/sensors/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("a device is found by its name", test_a_device_is_found_by_its_name);
    ADD("an input is found by its label", test_an_input_is_found_by_its_label);
    ADD("two devices of one name are unknown until a path tells",
        test_two_devices_of_one_name_are_unknown_until_a_path_tells);
    ADD("an ADC counts in millivolt", test_an_adc_counts_in_millivolt);
    ADD("a value is moved and scaled", test_a_value_is_moved_and_scaled);
    ADD("what is missing or no number is unknown", test_what_is_missing_or_no_number_is_unknown);
    ADD("a sensor that comes late or moves is found again",
        test_a_sensor_that_comes_late_or_moves_is_found_again);
    return g_test_run();
}
