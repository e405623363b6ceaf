/* The catalogue of faults. Every sentence says what happened, every next step what to do, and
 * where: at the pole, at the desk, or by waiting. */
#include "fleet/fault_text.h"

#include "base/clock.h"

static const FaultText texts[] = {
    {"offline", 90, "Mất kết nối với trạm loa.", "There is no contact with the station.",
     "Kiểm tra nguồn điện và SIM tại cột loa. Lịch đã tải về vẫn được phát.",
     "Check mains and SIM at the pole. What was downloaded still plays."},
    {"cloned_key", 85,
     "Hai thiết bị cùng dùng một khóa: biên nhận của trạm loa không còn đáng tin.",
     "Two devices hold the same key: nothing that the station reports is evidence any more.",
     "Tìm và gỡ thiết bị sao chép, rồi thay trạm loa bằng một thiết bị có khóa riêng (Thay thiết "
     "bị).",
     "Find and remove the copy, then give the station a device with a key of its own (Replace)."},
    {"device_fault", 80, "Thiết bị âm thanh không hoạt động.", "The sound device does not work.",
     "Kiểm tra card âm thanh và dây nối tại cột loa, rồi khởi động lại trạm loa.",
     "Check the sound card and its cable at the pole, then restart the station."},
    {"amplifier", 75, "Tăng âm không phản hồi đúng.", "The amplifier does not answer as it should.",
     "Kiểm tra tăng âm và nguồn của nó tại cột loa.",
     "Check the amplifier and its power at the pole."},
    {"no_power", 70, "Mất điện lưới.", "Mains power is gone.",
     "Kiểm tra áp-tô-mát và đường điện tại cột loa.", "Check the breaker and mains at the pole."},
    {"tamper", 72, "Hộp thiết bị đang bị mở.", "The case of the station is open.",
     "Gọi người trông coi đến xem ngay; đóng và khóa hộp.",
     "Have somebody look at once; close and lock the case."},
    {"under_voltage", 68, "Nguồn cấp cho bo mạch quá yếu.", "The board's supply is too weak.",
     "Thay bộ nguồn hoặc dây nguồn của bo mạch tại cột loa.",
     "Replace the board's power supply or its cable at the pole."},
    {"heat", 58, "Thiết bị quá nóng.", "The station is too hot.",
     "Kiểm tra lỗ thông gió và che nắng cho hộp thiết bị.",
     "Check the vents and shade the case from the sun."},
    {"muted", 65, "Âm lượng trên thiết bị đang bị tắt.", "The device's volume is muted.",
     "Mở âm lượng trên thiết bị tại cột loa.", "Unmute the device at the pole."},
    {"no_time", 60, "Đồng hồ chưa đúng giờ nên trạm chưa phát theo lịch.",
     "The clock is not right, so nothing scheduled plays.",
     "Khi có mạng, chờ vài phút; nếu còn lỗi, kiểm tra pin đồng hồ.",
     "With a network, wait some minutes; if the fault stays, check the clock's battery."},
    {"clock", 60, "Đồng hồ chưa đúng giờ nên trạm chưa phát theo lịch.",
     "The clock is not right, so nothing scheduled plays.",
     "Khi có mạng, chờ vài phút; nếu còn lỗi, kiểm tra pin đồng hồ.",
     "With a network, wait some minutes; if the fault stays, check the clock's battery."},
    {"silent_horn", 78, "Tăng âm chạy nhưng không có dòng ra loa: loa không kêu.",
     "The amplifier runs, but no current goes to the horn: the horn is silent.",
     "Kiểm tra dây loa, cầu chì và củ loa tại cột loa.",
     "Check the horn's cable, the fuse and the driver at the pole."},
    {"storage_errors", 66, "Thẻ nhớ của trạm loa đọc ghi sai.",
     "The station's memory card returns errors.",
     "Thay thẻ nhớ sớm: trạm loa vẫn phát những gì còn đọc được.",
     "Replace the memory card soon: the station still plays what it can read."},
    {"journal", 60, "Không ghi được nhật ký trên bộ nhớ của trạm loa.",
     "The station cannot write its journal.", "Thay thẻ nhớ của trạm loa.",
     "Replace the station's memory card."},
    {"storage", 55, "Bộ nhớ của trạm loa sắp đầy hoặc bị lỗi.",
     "The station's storage is nearly full or broken.", "Kiểm tra hoặc thay thẻ nhớ của trạm loa.",
     "Check or replace the station's memory card."},
    {"no_media", 50, "Chưa tải đủ âm thanh của các bản tin sắp phát.",
     "Audio of coming bulletins is not there yet.",
     "Kiểm tra sóng 4G và dung lượng SIM; trạm loa sẽ tự tải tiếp.",
     "Check 4G signal and SIM data; the station goes on by itself."},
    {"bad_media", 50, "Tệp âm thanh bị hỏng.", "An audio file is damaged.",
     "Trạm loa sẽ tự tải lại; nếu còn lỗi, hãy gửi lại âm thanh của bản tin.",
     "The station fetches it again; if it stays, upload the bulletin again."},
    {"plan_refused", 50, "Trạm loa từ chối lịch phát vì chữ ký không đúng.",
     "The station refused a plan because its signature does not hold.",
     "Báo cho người quản trị hệ thống.", "Tell the administrator of the system."},
    {"data_spent", 48,
     "Trạm loa đã dùng hết dung lượng dữ liệu được phép: không tiếp âm, chỉ tải những gì cần trong "
     "ngày. Khẩn cấp vẫn phát.",
     "The station has used all the data it is allowed: it does not relay and fetches only what the "
     "day needs. Emergencies still sound.",
     "Tăng mức dung lượng của trạm loa hoặc đơn vị, nạp thêm cho SIM, hoặc bớt giờ tiếp âm.",
     "Allow the station or its area more, top up the SIM, or relay fewer hours."},
    {"data_budget", 30, "Trạm loa đã dùng hơn 90% dung lượng dữ liệu được phép.",
     "The station has used more than 90% of the data it is allowed.",
     "Xem phần Dung lượng SIM của trạm loa: hết mức này trạm sẽ ngừng tiếp âm.",
     "Look at the station's SIM data: at the limit it stops relaying."},
    {"weak_signal", 25, "Sóng yếu: trạm loa tải bản tin chậm hoặc gián đoạn.",
     "Weak signal: the station fetches bulletins slowly or not at all.",
     "Chỉnh hướng hoặc thay ăng-ten tại cột loa; nếu vẫn yếu, đổi SIM sang mạng khác.",
     "Turn or replace the antenna at the pole; if it stays weak, take a SIM of another network."},
    {"receipts_full", 45, "Biên nhận phát chờ gửi quá nhiều.", "Too many receipts wait to be sent.",
     "Kiểm tra kết nối của trạm loa.", "Check the station's connection."},
};

static const FaultText unknown = {"",
                                  40,
                                  "Trạm loa báo lỗi.",
                                  "The station reports a fault.",
                                  "Xem chi tiết của trạm loa và báo cho kỹ thuật viên.",
                                  "Look at the station's details and tell a technician."};

const FaultText *fault_text_find(const char *code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (code && g_str_equal(texts[i].code, code))
            return &texts[i];
    return &unknown;
}

Json *fault_text_json(const char *code, int64_t since_us, Language language)
{
    const FaultText *text = fault_text_find(code);
    g_autofree char *since = since_us > 0 ? clock_format_utc(since_us) : NULL;
    bool vi = language == LANGUAGE_VI;
    Json *fault = json_new_object();
    json_set_text(fault, "code", code);
    json_set_text(fault, "since", since);
    json_set_text(fault, "text", vi ? text->vi : text->en);
    json_set_text(fault, "next_step", vi ? text->next_vi : text->next_en);
    return fault;
}
