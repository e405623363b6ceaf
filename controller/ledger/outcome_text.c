/* Why an airing was not played as planned, for the person who asks "did it play?". */
#include "ledger/outcome_text.h"

#include "ledger/receipt_store.h"

typedef struct ReasonText {
    Reason reason;
    const char *vi;
    const char *en;
} ReasonText;

static const ReasonText texts[] = {
    {REASON_NO_POWER, "Trạm loa mất điện vào giờ phát.", "The station had no power at the time."},
    {REASON_RESTART, "Trạm loa khởi động lại vào giờ phát.",
     "The station was restarting at the time."},
    {REASON_NO_TIME, "Đồng hồ của trạm loa chưa đúng giờ.", "The station's clock was not sure."},
    {REASON_NO_MEDIA, "Trạm loa chưa tải được âm thanh.",
     "The station did not have the audio yet."},
    {REASON_BAD_MEDIA, "Tệp âm thanh bị hỏng.", "The audio file was damaged."},
    {REASON_DISPLACED, "Bị bản tin khác chèn.", "Another bulletin pre-empted it."},
    {REASON_EXPIRED, "Bản tin đã hết hiệu lực.", "The bulletin was no longer valid."},
    {REASON_DEVICE_FAULT, "Thiết bị âm thanh không phát được.", "The sound device did not work."},
    {REASON_POLICY, "Không được phát theo quy định của đơn vị.",
     "The rules of the area did not allow it."},
    {REASON_LOCAL_STOP, "Có người bấm nút dừng tại trạm loa.",
     "It was stopped with the button at the station."},
    {REASON_UNSUPPORTED, "Phần mềm của trạm loa không hỗ trợ nội dung này.",
     "The station's software does not know this kind."},
    {REASON_DATA_BUDGET, "Trạm loa đã dùng hết dung lượng dữ liệu được phép nên không tiếp âm.",
     "The station had used all the data it was allowed, so it did not relay."},
    {REASON_MUTED, "Trạm loa đang được tắt tiếng theo lệnh từ trung tâm.",
     "The station was muted by an order from the centre."},
    {REASON_LATE, "Đã quá giờ cho phép bắt đầu.", "It was too late to start."},
};

const char *outcome_text_reason(const char *reason, Language language)
{
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (reason && g_str_equal(reason_words[texts[i].reason], reason))
            return language == LANGUAGE_VI ? texts[i].vi : texts[i].en;
    if (g_strcmp0(reason, RECEIPT_STORE_LOST) == 0)
        return language == LANGUAGE_VI
                   ? "Biên nhận đã mất khi máy chủ được khôi phục từ bản sao lưu."
                   : "Its receipt was lost when the controller was restored from a backup.";
    return "";
}
