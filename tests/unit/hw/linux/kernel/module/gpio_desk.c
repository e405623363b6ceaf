// SPDX-License-Identifier: GPL-2.0-or-later
/* A GPIO chip called "header" whose levels come from outside:
 *
 *   echo "5 0" > /sys/module/gpio_desk/parameters/drive
 *
 * Debian's kernel has neither gpio-sim nor gpio-mockup; this is what the board's test needs of them:
 * inputs that interrupt when they change, and outputs whose every change is told in the log. */
#include <linux/gpio/driver.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/module.h>

#define LINES 32

static struct gpio_chip chip;
static struct irq_chip interrupts;
static int first_irq;
static bool level[LINES], is_output[LINES];

static void do_nothing(struct irq_data *data)
{
}

static int take_any_type(struct irq_data *data, unsigned int type)
{
    return 0;
}

static int get_direction(struct gpio_chip *self, unsigned int line)
{
    return is_output[line] ? GPIO_LINE_DIRECTION_OUT : GPIO_LINE_DIRECTION_IN;
}

static int direction_input(struct gpio_chip *self, unsigned int line)
{
    is_output[line] = false;
    return 0;
}

static void set_level(struct gpio_chip *self, unsigned int line, int value)
{
    pr_info("gpio_desk: line %u is %d\n", line, value);
    level[line] = value;
}

static int direction_output(struct gpio_chip *self, unsigned int line, int value)
{
    is_output[line] = true;
    set_level(self, line, value);
    return 0;
}

static int get_level(struct gpio_chip *self, unsigned int line)
{
    return level[line];
}

static int to_irq(struct gpio_chip *self, unsigned int line)
{
    return first_irq + line;
}

static int drive(const char *text, const struct kernel_param *parameter)
{
    unsigned int line;
    int value;
    if (sscanf(text, "%u %d", &line, &value) != 2 || line >= LINES)
        return -EINVAL;
    if (level[line] == !!value)
        return 0;
    level[line] = !!value;
    generic_handle_irq_safe(first_irq + line);
    return 0;
}

static const struct kernel_param_ops drive_ops = {.set = drive};
module_param_cb(drive, &drive_ops, NULL, 0200);

static int __init start(void)
{
    int i;
    interrupts.name = "gpio_desk";
    interrupts.irq_ack = interrupts.irq_mask = interrupts.irq_unmask = do_nothing;
    interrupts.irq_set_type = take_any_type;
    first_irq = irq_alloc_descs(-1, 0, LINES, 0);
    if (first_irq < 0)
        return first_irq;
    for (i = 0; i < LINES; i++) {
        irq_set_chip_and_handler(first_irq + i, &interrupts, handle_simple_irq);
        irq_clear_status_flags(first_irq + i, IRQ_NOREQUEST);
    }
    chip = (struct gpio_chip){.label = "header",
                              .owner = THIS_MODULE,
                              .base = -1,
                              .ngpio = LINES,
                              .get_direction = get_direction,
                              .direction_input = direction_input,
                              .direction_output = direction_output,
                              .get = get_level,
                              .set = set_level,
                              .to_irq = to_irq};
    return gpiochip_add_data(&chip, NULL);
}
module_init(start);
MODULE_LICENSE("GPL");
