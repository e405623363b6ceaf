/* Numbers in Vietnamese words. Everything is appended to `out`, without spaces around it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define SPEECH_NUMBER_DIGITS 15 /* longer ones are read digit by digit */

/* `digits` are ASCII digits only: "105" -> "một trăm linh năm". Leading zeros do not count. */
void speech_number_say(GString *out, const char *digits);
/* "0912" -> "không chín một hai". */
void speech_number_say_digits(GString *out, const char *digits);
/* A number as people write it here: 1.234.567 and 3,5; 1,000,000; 4.0 as "bốn chấm không"; 05 as
 * "năm", 007 digit by digit. */
void speech_number_say_written(GString *out, const char *written);

/* XIV -> 14; 0 when it is no proper Roman numeral below 30. */
unsigned speech_number_from_roman(const char *roman);
/* "nhất", "hai", "ba", "tư", "năm" ... as after "thứ". */
void speech_number_say_ordinal(GString *out, unsigned number);
/* As after "tháng" and "quý": 4 is "tư". */
void speech_number_say_month(GString *out, unsigned number);
