/* Grades are words and not colours, so that the report reads the same in a mail. */
#include "doctor_report.h"

#include <string.h>

static const char *const grades[] = {"ok", "warn", "fail"};

bool doctor_report_is_vietnamese(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);
        if (value && *value)
            return g_str_has_prefix(value, "vi");
    }
    return true;
}

static const char *in_language(const DoctorReport *self, const DoctorText *text)
{
    return self->vietnamese ? text->vi : text->en;
}

void doctor_report_say(DoctorReport *self, DoctorGrade grade, const DoctorText *what,
                       const char *detail, const DoctorText *advice)
{
    self->counts[grade]++;
    fprintf(self->out, "%-4s  %s%s%s\n", grades[grade], in_language(self, what), detail ? ": " : "",
            detail ? detail : "");
    if (grade == DOCTOR_OK || !advice)
        return;
    g_auto(GStrv) parts = g_strsplit(in_language(self, advice), "{}", -1);
    g_autofree char *text = g_strjoinv(detail ? detail : "", parts);
    fprintf(self->out, "      -> %s\n", text);
}
