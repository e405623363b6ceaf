/* The rules in words: a code for the wire, a sentence for people in Vietnamese and English. %s is
 * the title of whoever decided it. */
#include "timeline/timeline.h"

#include <string.h>

const char *const timeline_rule_words[] = {
    "nominal",
    "moved",
    "waited",
    "resumed",
    "restarted",
    "rejoined",
    "alert",
    "repeat",
    "continued",
    "complete",
    "rank",
    "alert_tie",
    "level",
    "turn",
    "live_held",
    "drop",
    "max_move",
    "move_validity",
    "move_hours",
    "expired",
    "quiet",
    "window",
    "session_minutes",
    "day_minutes",
    "cancelled",
    "local_stop",
    "ended",
    "off",
    "failed",
    "repeat_inside",
    "alert_limit",
    "unconfirmed",
    "not_known",
    "empty",
    "muted",
    NULL,
};
G_STATIC_ASSERT(G_N_ELEMENTS(timeline_rule_words) == TIMELINE_RULES + 1);

typedef struct Text {
    const char *words[TIMELINE_LANGUAGES];
} Text;

static const Text somebody = {{"lượt phát khác", "another airing"}};

static const Text texts[TIMELINE_RULES] = {
    [TIMELINE_RULE_NOMINAL] = {{"Phát đúng giờ đã hẹn.", "Plays at its own time."}},
    [TIMELINE_RULE_MOVED] = {{"Dời đến ngay sau “%s” vì trùng giờ.",
                              "Moved to directly after “%s”, which has the same time."}},
    [TIMELINE_RULE_WAITED] = {{"Phát muộn vì phải chờ.", "Plays late, because it had to wait."}},
    [TIMELINE_RULE_RESUMED] = {{"Phát tiếp phần còn lại.", "Goes on where it was interrupted."}},
    [TIMELINE_RULE_RESTARTED] = {{"Phát lại từ đầu sau khi bị ngắt.",
                                  "Plays again from the top after the interruption."}},
    [TIMELINE_RULE_REJOINED] = {{"Quay lại luồng tiếp âm.", "Joins the stream again."}},
    [TIMELINE_RULE_ALERT] = {{"Cảnh báo khẩn cấp, phát ngay.", "Emergency, plays at once."}},
    [TIMELINE_RULE_REPEAT] = {{"Cảnh báo khẩn cấp, phát nhắc lại.", "Emergency, repeated."}},
    [TIMELINE_RULE_CONTINUED] = {{"Phát tiếp liền mạch.", "Goes on without a gap."}},
    [TIMELINE_RULE_COMPLETE] = {{"Phát đến hết.", "Plays to its end."}},
    [TIMELINE_RULE_RANK] = {{"Nhường cho “%s” có mức ưu tiên cao hơn.",
                             "Gives way to “%s”, which has a higher rank."}},
    [TIMELINE_RULE_ALERT_TIE] = {{"Nhường cho cảnh báo “%s” nghiêm trọng hơn, cấp cao hơn hoặc mới "
                                  "hơn.",
                                  "Gives way to the alert “%s”, which is graver, of a higher level "
                                  "or newer."}},
    [TIMELINE_RULE_LEVEL] = {{"Nhường cho “%s” của cấp cao hơn hoặc được duyệt trước.",
                              "Gives way to “%s”, of a higher level or approved earlier."}},
    [TIMELINE_RULE_TURN] = {{"Chờ “%s” phát xong.", "Waits until “%s” is over."}},
    [TIMELINE_RULE_LIVE_HELD] = {{"“%s” đang phát trực tiếp và đến trước.",
                                  "“%s” is live and came first."}},
    [TIMELINE_RULE_DROP] = {{"Bị “%s” chèn và được đặt là không phát tiếp.",
                             "Displaced by “%s” and set not to go on."}},
    [TIMELINE_RULE_MAX_MOVE] = {{"Phải dời quá lâu sau “%s”.",
                                 "Would have to move too far behind “%s”."}},
    [TIMELINE_RULE_MOVE_VALIDITY] = {{"Dời sau “%s” thì hết hiệu lực.",
                                      "Moved behind “%s” it would be past its validity."}},
    [TIMELINE_RULE_MOVE_HOURS] = {{"Dời sau “%s” thì rơi vào giờ không được phát.",
                                   "Moved behind “%s” it would fall outside the allowed hours."}},
    [TIMELINE_RULE_EXPIRED] = {{"Bản tin đã hết hiệu lực.", "The bulletin is no longer valid."}},
    [TIMELINE_RULE_QUIET] = {{"Đang trong giờ yên tĩnh.", "Quiet hours."}},
    [TIMELINE_RULE_WINDOW] = {{"Ngoài khung giờ phát của đơn vị.",
                               "Outside the hours of the area."}},
    [TIMELINE_RULE_SESSION_MINUTES] = {{"Quá số phút cho phép của một buổi.",
                                        "More minutes than one session may have."}},
    [TIMELINE_RULE_DAY_MINUTES] = {{"Quá số phút cho phép trong ngày.",
                                    "More minutes than one day may have."}},
    [TIMELINE_RULE_CANCELLED] = {{"Đã bị hủy.", "Cancelled."}},
    [TIMELINE_RULE_LOCAL_STOP] = {{"Có người bấm nút dừng tại trạm.",
                                   "Stopped by the button at the station."}},
    [TIMELINE_RULE_ENDED] = {{"Kết thúc sớm hơn dự kiến.", "Ended sooner than planned."}},
    [TIMELINE_RULE_OFF] = {{"Trạm mất điện, khởi động lại hoặc chưa có giờ đúng.",
                            "The station was off, restarting or without the time."}},
    [TIMELINE_RULE_FAILED] = {{"Không phát được vì lỗi tệp hoặc thiết bị.",
                               "Could not sound: file or device failed."}},
    [TIMELINE_RULE_REPEAT_INSIDE] = {{"Bỏ một lần nhắc lại vì trùng với “%s”.",
                                      "One repeat is skipped: it falls inside “%s”."}},
    [TIMELINE_RULE_ALERT_LIMIT] = {{"Quá số cảnh báo cho phép trong một giờ.",
                                    "More alerts within an hour than allowed."}},
    [TIMELINE_RULE_UNCONFIRMED] = {{"Chờ máy chủ xác nhận vì trạm chưa chắc giờ đúng.",
                                    "Waits for the controller, because the station is not sure of "
                                    "the time."}},
    [TIMELINE_RULE_NOT_KNOWN] = {{"Trạm nhận lịch này sau giờ phát.",
                                  "The plan with it came after its time."}},
    [TIMELINE_RULE_EMPTY] = {{"Không có nội dung để phát.", "There is nothing in it to play."}},
    [TIMELINE_RULE_MUTED] = {{"Trạm loa đang được tắt tiếng theo lệnh từ trung tâm.",
                              "The station is muted by an order from the centre."}},
};

static const Text limits[TIMELINE_LIMITS] = {
    [TIMELINE_LIMIT_NONE] = {{"", ""}},
    [TIMELINE_LIMIT_START_BY] = {{"Đã quá giờ bắt đầu muộn nhất.",
                                  "The latest time to start had passed."}},
    [TIMELINE_LIMIT_VALIDITY] = {{"Bản tin hết hiệu lực trong lúc chờ.",
                                  "The bulletin ceased to be valid meanwhile."}},
    [TIMELINE_LIMIT_SLOT] = {{"Buổi tiếp âm đã kết thúc trong lúc chờ.",
                              "The stream was over meanwhile."}},
};

char *timeline_explain(TimelineRule rule, TimelineLanguage language, const char *other)
{
    g_return_val_if_fail(rule < TIMELINE_RULES && language < TIMELINE_LANGUAGES, NULL);
    const char *text = texts[rule].words[language];
    const char *place = strstr(text, "%s");
    if (!place)
        return g_strdup(text);
    if (!other)
        other = somebody.words[language];
    return g_strdup_printf("%.*s%s%s", (int)(place - text), text, other, place + strlen("%s"));
}

const char *timeline_explain_limit(TimelineLimit limit, TimelineLanguage language)
{
    g_return_val_if_fail(limit < TIMELINE_LIMITS && language < TIMELINE_LANGUAGES, NULL);
    return limits[limit].words[language];
}
