/* What the doctor found, said line by line. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

typedef enum { DOCTOR_OK, DOCTOR_WARN, DOCTOR_FAIL } DoctorGrade;

/* One thing that is looked at. `{}` in an advice stands for the detail. */
typedef struct DoctorText {
    const char *vi, *en;
} DoctorText;

typedef struct DoctorReport {
    FILE *out;
    bool vietnamese;
    unsigned counts[3]; /* by grade */
} DoctorReport;

/* Vietnamese unless the machine speaks something else: LC_ALL, LC_MESSAGES, LANG in this order. */
bool doctor_report_is_vietnamese(void);
/* `detail` may be NULL; `advice` is left out for DOCTOR_OK. */
void doctor_report_say(DoctorReport *self, DoctorGrade grade, const DoctorText *what,
                       const char *detail, const DoctorText *advice);
