/* A bulletin that outlives its matter is worse than none: an order of last month's epidemic must
 * not be heard today. So an end is given for a time to come, and lies behind the beginning. */
#include "content/validity.h"

#include "http/problem.h"

static int64_t read_one(JsonForm *form, const Json *body, const char *key, int64_t now_us)
{
    const int64_t at_us = json_form_time(form, key, false, now_us);
    const Json *said = json_peek(body, key);
    return said != NULL && json_is_nothing(said) ? 0 : at_us;
}

void validity_read(JsonForm *form, const Json *body, Bulletin *bulletin)
{
    bulletin->valid_from_us = read_one(form, body, "valid_from", bulletin->valid_from_us);
    bulletin->valid_until_us = read_one(form, body, "valid_until", bulletin->valid_until_us);
}

Reply *validity_judge(const Bulletin *bulletin, int64_t before_us, int64_t now_us)
{
    const int64_t until_us = bulletin->valid_until_us;
    g_autoptr(Problem) problem = problem_new(&problem_invalid);
    if (until_us != 0 && until_us <= bulletin->valid_from_us)
        problem_add(problem, "/valid_until",
                    "Hiệu lực kết thúc trước khi bắt đầu. Hãy sửa lại ngày.",
                    "The validity ends before it begins. Correct the day.");
    else if (until_us != 0 && until_us != before_us && until_us <= now_us)
        problem_add(problem, "/valid_until", "Ngày này đã qua. Hãy chọn ngày sắp tới.",
                    "This day has passed. Choose one to come.");
    else
        return NULL;
    return reply_problem_take(g_steal_pointer(&problem));
}
