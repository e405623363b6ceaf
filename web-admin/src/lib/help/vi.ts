// The answers of the help page, fetched only there. `words` are what people type when they look for it.

export interface Topic {
  id: string
  question: string
  words: string
  steps: string[]
  go?: string
}

export const vi: Topic[] = [
  { id: 'record', question: 'Làm sao thu một bản tin và hẹn giờ phát?', words: 'ghi âm micrô tệp gõ chữ đọc lịch hẹn', go: 'compose', steps: [
    'Bấm “Soạn”. Ghi âm bằng nút tròn, hoặc chọn tệp âm thanh, hoặc gõ chữ để máy đọc.',
    'Đặt tên bản tin và nghe thử bản sẽ phát.',
    'Chọn nơi phát (mặc định là tất cả trạm của bạn) và giờ phát.',
    'Đọc câu tóm tắt rồi bấm “Gửi duyệt” hoặc “Duyệt và hẹn phát”. Bản nháp tự lưu, mất mạng hay hết pin vẫn còn.'] },
  { id: 'now', question: 'Làm sao phát ngay?', words: 'phát liền gấp tức thì bây giờ', go: 'compose', steps: [
    'Bản tin đã phát hôm qua, hôm nay: ở Trang chủ, bấm “Phát lại” cạnh tên bản tin. Bản khác: mở Kho âm thanh, bấm “Phát lại ngay”.',
    'Bản tin mới: soạn như thường rồi chọn “Phát ngay” ở phần giờ phát.',
    'Bấm nhầm thì bấm “Hoàn tác” trong 10 giây. Mọi trạm bắt đầu cùng lúc sau khoảng 15 giây, nếu bản tin đã được duyệt.',
    'Xem kết quả từng trạm ở Trang chủ và Nhật ký.'] },
  { id: 'stop', question: 'Làm sao dừng bản tin đang phát?', words: 'tắt ngừng dừng loa đang kêu', go: '', steps: [
    'Mở Trang chủ. Ở khung “Đang phát”, bấm “Dừng phát” rồi xác nhận: chỉ hai lần bấm.',
    'Các trạm có kết nối dừng ngay. Trạm mất kết nối sẽ phát hết bản tin đã nhận.',
    'Tại cột loa, nút dừng của trạm luôn có hiệu lực.'] },
  { id: 'missed', question: 'Vì sao bản tin không phát?', words: 'không kêu không nghe lỗi mất điện mất sóng hỏng vì sao', go: 'log', steps: [
    'Trang chủ báo ngay những lượt chưa phát được từ lần xem trước: bấm vào một dòng. Hoặc mở Nhật ký và chọn ngày.',
    'Bấm vào trạm ghi “Không phát được”: lý do và diễn biến nằm ở đó.',
    '“Mất điện”, “Trạm chưa nhận được tệp”, “Hỏng thiết bị âm thanh” là việc tại cột loa: mở trang của trạm để xem nên làm gì.',
    '“Bị bản tin khác chèn” và “Ngoài giờ cho phép” là việc của lịch: đổi giờ, hoặc xem Quy định.',
    '“Chưa có tin” nghĩa là trạm chưa báo lại. Chưa ai biết đã phát hay chưa.'] },
  { id: 'repeat', question: 'Làm sao hẹn phát mùng 1, rằm, nghỉ ngày lễ, hoặc phát nhiều lượt?', words: 'lặp lại âm lịch rằm mùng một ngày lễ nghỉ tết mấy lượt quy tắc', go: 'compose', steps: [
    'Ở phần giờ phát của trang Soạn, chọn “Hằng tháng, mùng 1, rằm”, rồi bấm các ngày. Trang cho thấy ngay các ngày tới.',
    'Mở “Thêm tùy chọn” để nghỉ ngày lễ, đặt ngày kết thúc, phát nhiều lượt liền nhau, hoặc chọn cách phát khi bị chèn.',
    'Giờ trái với quy định hiện ngay cạnh ô giờ; bấm một lần để lấy giờ gần nhất phù hợp.'] },
  { id: 'change', question: 'Làm sao đổi giờ, đổi ngày của lịch đã hẹn?', words: 'sửa lịch dời giờ bỏ lần này nghỉ hôm nay chỉ lần này các lần sau', go: 'schedule', steps: [
    'Mở “Lịch phát”, bấm vào lượt phát rồi bấm nút đổi. Nhiều lượt sát giờ nhau gộp thành một ô: bấm vào ô để chọn từng lượt.',
    'Trên máy tính có thể dùng chuột kéo lượt phát sang giờ khác, hoặc chọn bằng phím Tab và Enter rồi gõ giờ mới. Chưa lưu thì chưa đổi gì.',
    'Chọn đổi gì (giờ phát, ngày phát, cách phát, bỏ phát) và cho lần này, các lần sau hay tất cả.',
    'Bấm “Xem có trùng không” trước khi lưu. Đổi giờ xong có nút “Hoàn tác”; đổi ngày và bỏ phát thì trang hỏi lại trước.',
    'Lượt đã bỏ riêng vẫn hiện trong tuần, gạch ngang. Bấm vào đó rồi bấm “Vẫn phát lần này” để phát lại như lịch.',
    'Nếu có lượt của ai đó sẽ không phát được, trang nói rõ lượt nào, ở đâu, lúc nào. Chọn giờ trống, sửa lại, hoặc “Vẫn lưu”; người hẹn lượt đó được báo ở “Việc cần xem”.',
    'Bấm vào lượt phát rồi mở “Các lần sắp tới” để thấy cả những ngày nghỉ lễ và lý do.'] },
  { id: 'validity', question: 'Làm sao để bản tin cũ không phát nhầm?', words: 'hiệu lực hết hạn cũ dịch bệnh ngày cuối rút ngắn kéo dài dự phòng', go: 'sounds', steps: [
    'Khi soạn: mở “Hiệu lực”, ghi ngày đầu, ngày cuối hoặc chỉ một trong hai. Ngoài những ngày đó, bản tin không phát, dù lịch vẫn còn.',
    'Bản tin đã duyệt: mở Kho âm thanh, bấm “Đổi hiệu lực”. Rút ngắn có tác dụng ngay; kéo dài thì phải duyệt lại.',
    'Thay đổi đang chờ duyệt mà không cần nữa: bấm “Bỏ thay đổi này”. Bản đã duyệt vẫn phát như cũ.',
    'Lượt phát nằm ngoài hiệu lực vẫn hiện trong Lịch phát, kèm lý do.'] },
  { id: 'returned', question: 'Bản tin bị trả lại thì làm gì?', words: 'trả lại không duyệt lý do sửa gửi lại bị từ chối', go: 'inbox', steps: [
    'Trang chủ và trang “Việc cần xem” ghi ai trả lại và lý do.',
    'Bấm “Sửa và gửi lại”: đổi tên, lời đọc hoặc thay âm thanh, rồi bấm “Gửi duyệt”. Lịch đã hẹn vẫn giữ, không cần hẹn lại.'] },
  { id: 'holidays', question: 'Làm sao sửa, xóa lịch ngày lễ?', words: 'ngày nghỉ lễ tết lễ hội năm nghỉ bù', go: 'holidays', steps: [
    'Ở “Ngày lễ”, bấm “Sửa ngày lễ”. Mở “Sửa riêng năm” để ghi đúng các ngày nghỉ của một năm, như trong công văn.',
    'Xóa lịch: khi còn lịch phát dùng, trang liệt kê để đổi trước. Xóa xong có nút “Hoàn tác”.'] },
  { id: 'first', question: 'Hai bản tin trùng giờ thì cái nào phát trước?', words: 'trùng lịch thứ tự tỉnh xã ưu tiên ai trước', go: 'schedule', steps: [
    'Khẩn cấp luôn trước, rồi tới ưu tiên, rồi thông thường. Cùng mức thì một bản phát đúng giờ, bản kia phát ngay sau.',
    'Xã tự đặt thứ tự: bấm “Ai phát trước” ở Lịch phát hoặc trong lượt phát bị trùng, xếp bằng nút lên xuống, rồi lưu cho ngày đó hay mọi ngày.'] },
  { id: 'programme', question: 'Làm sao ghép nhạc hiệu, tiếp âm và bản tin thành một buổi?', words: 'chương trình buổi sáng nhạc hiệu tiếng tày tiếng mông ghép mẫu', go: 'programmes', steps: [
    'Mở “Chương trình”, bấm “Lập chương trình”, thêm từng mục rồi xếp bằng nút lên xuống hoặc kéo. Tổng thời lượng hiện bên dưới.',
    'Bấm “Hẹn phát” để chọn nơi và giờ, hoặc “Lưu thành mẫu” để lần sau chỉ thay bản tin.'] },
  { id: 'calendar', question: 'Làm sao nhập lịch từ tệp hoặc đưa lịch sang điện thoại?', words: 'ics tệp lịch google outlook nhập xuất', go: 'schedule/calendar', steps: [
    'Ở “Lịch phát” bấm “Nhập, xuất lịch”. Tải tệp lịch để mở bằng chương trình lịch khác.',
    'Muốn dán bảng tin: bấm nút máy in ở “Lịch phát”. Lịch cả tuần nằm trên một tờ A4 ngang.',
    'Nhập: chọn tệp .ics, xem trang đọc được gì, chọn bản tin cho từng sự kiện, rồi bấm hẹn. Sự kiện không nhận đều có lý do.'] },
  { id: 'approve', question: 'Làm sao duyệt bản tin?', words: 'lãnh đạo phê duyệt trả lại nghe trước', go: 'approvals', steps: [
    'Mở “Duyệt bản tin”. Bấm nghe thử ngay trong danh sách.',
    'Bấm “Duyệt”, hoặc “Trả lại” và ghi lý do cho người soạn.',
    'Tên người duyệt đi cùng mọi lượt phát của bản tin.'] },
  { id: 'station', question: 'Làm sao thêm một trạm loa?', words: 'ghép trạm mã QR lắp mới danh sách bảng tính', go: 'pairing', steps: [
    'Đứng tại cột loa, mở “Ghép trạm”. Quét mã QR trên nhãn bằng máy ảnh, hoặc gõ mã 8 ký tự.',
    'Đặt tên trạm, chọn đơn vị rồi bấm “Ghép trạm”. Chờ trạm báo “Đang hoạt động”.',
    'Có nhiều trạm: nhập danh sách từ bảng tính trước. Khi quét mã, tên và vị trí tự có.'] },
  { id: 'volume', question: 'Làm sao chỉnh âm lượng?', words: 'to nhỏ tiếng ồn ban đêm', go: 'stations', steps: [
    'Mở trang của trạm, phần “Âm lượng và tắt tiếng”, kéo thanh rồi bấm “Đặt âm lượng”: 0 là mức đầy, số âm là nhỏ hơn. Giảm 10 dB thì nghe nhỏ đi khoảng một nửa.',
    'Muốn nhỏ hơn theo giờ, như ban đêm: đặt mức trần ở “Quy định”. Mức trần áp dụng cho mọi trạm của đơn vị.'] },
  { id: 'emergency', question: 'Khi khẩn cấp thì làm gì?', words: 'bão lũ cháy khẩn cấp cảnh báo phát khẩn cấp', go: 'alerts', steps: [
    'Bấm nút đỏ “Phát khẩn cấp” (trên điện thoại: “Khẩn cấp”) ở góc trên của mọi trang.',
    'Bấm vào nội dung đã chuẩn bị, rồi giữ nút đỏ 1,5 giây (không giữ được thì bấm hai lần). Loa phát ngay và chèn lên mọi chương trình.',
    'Theo dõi số trạm đã phát. Hết nguy hiểm thì bấm “Dừng cảnh báo”; nói sai thì bấm “Đính chính”.',
    'Nên diễn tập mỗi quý: chọn “Diễn tập”, màn hình đổi màu và loa nói rõ là diễn tập.'] },
  { id: 'report', question: 'Làm sao lập báo cáo tháng?', words: 'báo cáo thống kê in excel tháng', go: 'reports', steps: [
    'Mở “Báo cáo”, chọn tháng; chọn đơn vị ở đầu trang.',
    'Bấm “In” để có bản A4 có quốc hiệu, tên cơ quan, số, ngày và chỗ ký; hoặc “Tải Excel”.',
    'Bản in của xã mang tên Ủy ban nhân dân xã; tên cơ quan và nơi lập báo cáo của tỉnh thì đặt một lần ở “Cài đặt”.'] },
  { id: 'colleague', question: 'Làm sao thêm người mới hoặc bàn giao cho người khác?', words: 'tài khoản người dùng mật khẩu nghỉ việc quyền vai trò', go: 'users', steps: [
    'Người quản trị mở “Người dùng và vai trò”, điền phần “Thêm người dùng”, chọn vai trò và đơn vị.',
    'Chưa rõ chọn vai trò nào thì bấm “Ai được làm gì” ở đầu trang đó.',
    'Người nghỉ việc: mở tên người đó và bấm “Khóa tài khoản”. Việc đã làm vẫn ở trong nhật ký.',
    'Mỗi người một tài khoản: đừng dùng chung mật khẩu.'] },
  { id: 'offline', question: 'Mất mạng thì loa có phát không?', words: 'mất kết nối internet 4g sóng yếu', go: 'stations', steps: [
    'Có. Trạm giữ lịch và tệp đã nhận, và phát đúng giờ không cần mạng.',
    'Bản tin mới hoặc thay đổi chỉ tới trạm khi có mạng lại.',
    'Kết quả phát được gửi về sau, không mất.'] },
]
