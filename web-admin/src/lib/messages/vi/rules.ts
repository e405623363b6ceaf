// The rules of a broadcast: options of "when", breaches, who goes first, changes of a series, programmes, calendar files.
import { joined } from '../../pure/text'

const AND = ' và '
const lunarName = (day: number) => (day === -1 ? 'Cuối tháng' : day === 15 ? 'Rằm' : day <= 10 ? `Mùng ${day}` : `Ngày ${day}`)

export const rules = {
  rules: {
    more: 'Thêm tuỳ chọn', calendarKind: 'Tính ngày theo', lunar: 'Âm lịch', solar: 'Dương lịch',
    monthDay: (day: number, lunar: boolean) => (lunar ? lunarName(day) : day === -1 ? 'Cuối tháng' : `Ngày ${day}`),
    lunarDay: (day: number, month: number, leap: boolean) => `${day === 15 ? 'rằm' : day <= 10 ? `mùng ${day}` : day} tháng ${month}${leap ? ' nhuận' : ''} âm lịch`,
    next: (days: string) => `Các ngày tới: ${days}`,
    otherDays: 'Thêm các ngày khác trong tháng', otherDaysHint: 'Ví dụ: 10, 20', months: 'Chỉ vào các tháng (không chọn: tháng nào cũng phát)', leap: 'Tháng nhuận cũng phát',
    everyLabel: 'Bao lâu phát một lần', every: (n: number, weeks: boolean) => (n === 1 ? (weeks ? 'Tuần nào cũng phát' : 'Ngày nào cũng phát') : `${n} ${weeks ? 'tuần' : 'ngày'} một lần`),
    holidays: 'Gặp ngày lễ', holiday: { ignore: 'Vẫn phát như thường', except: 'Nghỉ, không phát', only: 'Chỉ phát vào ngày lễ' }, calendar: 'Theo lịch ngày lễ',
    until: 'Phát đến hết ngày', untilHint: 'Ngày/tháng/năm. Để trống nếu không có ngày kết thúc.',
    count: 'Mỗi lần hẹn phát mấy lượt', times: (n: number) => `${n} lượt`, gap: 'Nghỉ giữa hai lượt', minutes: (n: number) => (n === 0 ? 'Không nghỉ' : n < 60 ? `${n} phút` : `${n / 60} giờ`),
    preempt: 'Nếu bị bản tin khác chèn', preempts: { resume: 'Phát tiếp phần còn lại', restart: 'Phát lại từ đầu', drop: 'Bỏ phần còn lại' },
    late: 'Nếu đến giờ mà trạm chưa phát được', lates: (n: number | null, usual: number) => (n === null ? `Chờ tối đa ${usual} phút (thường dùng)` : n === 0 ? 'Không chờ, bỏ lượt đó' : n < 60 ? `Chờ tối đa ${n} phút` : `Chờ tối đa ${n / 60} giờ`),
    need: { days: 'Hãy chọn ít nhất một ngày trong tháng.', start: 'Lịch này không còn lần phát nào. Hãy sửa ngày, tháng hoặc ngày cuối.' },
    say: {
      repeat: (n: number, gap: number) => `Phát ${n} lượt${gap > 0 ? `, cách nhau ${gap} phút` : ' liền nhau'}.`,
      preempt: { restart: 'Bị chèn thì phát lại từ đầu.', drop: 'Bị chèn thì bỏ phần còn lại.' } as Record<string, string>,
      late: (n: number) => (n === 0 ? 'Đến giờ không phát được thì bỏ lượt đó.' : `Phát trễ nhất ${n} phút.`),
      holidays: { except: 'Nghỉ ngày lễ.', only: 'Chỉ phát vào ngày lễ.' },
      months: (months: number[]) => `Chỉ tháng ${joined(months.map(String), AND)}.`, until: (day: string) => `Phát đến hết ngày ${day}.`,
    },
  },
  breach: {
    title: 'Giờ này trái với quy định', above: 'Giờ này trái với quy định. Xem phần giờ phát ở trên.',
    row: (area: string, why: string, n: number, of: number, first: string, limits: string) =>
      `${area}: ${why}${of > 1 ? ` ${n} trong ${of} lượt phát, lượt đầu ${first}.` : ''}${limits ? ` Quy định: ${limits.replace(/ min/g, ' phút')}.` : ''}`,
    take: (at: string) => `Chuyển sang ${at} (giờ gần nhất phù hợp)`, none: 'Không có giờ phù hợp trong vòng nửa ngày. Hãy chọn ngày khác, hoặc rút ngắn bản tin.',
    leaveOut: (names: string) => `Không phát ở ${names}; các nơi khác vẫn phát`, leftOut: 'Bỏ qua các đơn vị cấp dưới không cho phát giờ này',
  },
  precedence: {
    title: 'Ai phát trước', who: 'Cùng mức, cùng giờ: ai phát trước?', byRule: 'Theo quy tắc chung', thisOne: 'Bản tin này phát trước', other: (title: string) => `“${title}” phát trước`,
    what: 'Khi trùng giờ và cùng mức, lịch đứng trên phát đúng giờ, lịch đứng dưới phát ngay sau đó. Khẩn cấp và ưu tiên luôn đứng trước thông thường.',
    day: (day: string) => `Chỉ ngày ${day}`, every: 'Mọi ngày', forWhen: 'Áp dụng cho', save: 'Lưu thứ tự', drop: 'Bỏ thứ tự riêng', saved: 'Đã lưu thứ tự. Các trạm đang nhận lịch mới.',
    none: 'Đơn vị chưa đặt thứ tự: cấp trên trước cấp dưới, rồi lịch được hẹn trước.', own: 'Đơn vị đã đặt thứ tự này.',
    up: (title: string) => `Đưa “${title}” lên trước`, down: (title: string) => `Đưa “${title}” xuống sau`,
    stored: (title: string) => `Khi trùng giờ, “${title}” phát trước.`, notStored: (why: string) => `Đã hẹn phát, nhưng chưa lưu được ai phát trước: ${why}. Mở Lịch phát để đặt lại.`,
  },
  change: {
    what: 'Bạn muốn đổi gì', kinds: { time: 'Giờ phát', rule: 'Ngày phát', how: 'Cách phát', stop: 'Bỏ phát' },
    ruleOnly: 'Ngày phát chỉ đổi được cho lần này và các lần sau, hoặc cho tất cả.', custom: 'Lịch này lặp theo quy tắc riêng. Chọn ngày phát mới bên dưới để thay.',
    save: 'Lưu thay đổi', exceptions: 'Không phát vào các ngày', exceptionsHint: 'Ngày/tháng/năm, mỗi dòng một ngày.', exceptionsWrong: (text: string) => `Không hiểu ngày “${text}”. Ghi như 22/11/2026.`,
    gain: 'Âm lượng', late: 'Phát trễ nhất', keep: 'Giữ như cũ', same: 'Chưa có gì thay đổi.',
    confirm: { this: 'Bỏ lần phát này?', following: 'Bỏ từ lần này trở đi?', all: 'Bỏ tất cả các lần sắp tới?' },
    confirmText: (title: string, at: string) => `“${title}”, từ ${at}. Việc này không hoàn tác được; muốn phát lại phải hẹn mới.`,
    confirmThis: (title: string, at: string) => `“${title}” lúc ${at} sẽ không phát. Các lần khác giữ nguyên.`,
    confirmRule: { title: 'Đổi ngày phát?', text: (before: string, after: string, from: string) => `Từ ${from}: “${before}” đổi thành “${after}”. Các lần đã dời riêng sau ngày đó theo quy tắc mới.`, yes: 'Đổi ngày phát' },
    moved: (title: string, at: string) => `Đã đổi “${title}” sang ${at}.`, changed: (title: string) => `Đã đổi “${title}”.`, left: (title: string) => `Đã bỏ “${title}”.`, undo: 'Hoàn tác', undone: 'Đã đổi lại như cũ.',
    later: (from: string) => `từ ${from}`,
  },
  programmes: {
    what: 'Chương trình là các mục phát liền nhau như một lượt phát: nhạc hiệu, tiếp âm, bản tin, rồi bản tin đó bằng tiếng khác.',
    none: 'Chưa có chương trình nào. Bấm “Lập chương trình” để ghép nhạc hiệu, tiếp âm và bản tin.', add: 'Lập chương trình', edit: (title: string) => `Sửa ${title}`, title: 'Tên chương trình', titleHint: 'Ví dụ: Buổi sáng thứ Hai',
    items: (n: number) => `${n} mục`, total: (length: string) => `Tổng thời lượng: ${length}`, unknown: (n: number) => `${n} mục chưa rõ thời lượng`,
    list: 'Các mục, phát từ trên xuống', up: (name: string) => `Đưa ${name} lên`, down: (name: string) => `Đưa ${name} xuống`, drop: (name: string) => `Bỏ ${name}`, drag: 'Kéo để đổi chỗ',
    tune: 'Nhạc hiệu của đơn vị', noTune: 'Đơn vị chưa có nhạc hiệu; mục này sẽ được bỏ qua.', gain: 'Âm lượng', minutes: 'Tiếp âm bao nhiêu phút', source: 'Đài tiếp âm',
    addTune: 'Thêm nhạc hiệu', addBulletin: 'Thêm bản tin', addRelay: 'Thêm tiếp âm', pick: 'Chọn bản tin', find: 'Tìm bản tin', take: 'Thêm', noRelay: 'Chưa có trạm nào của đơn vị tiếp âm được trong chương trình.', noSource: 'Chưa có nguồn tiếp âm nào.',
    sameIn: (title: string) => `Cùng tên với “${title}”, tiếng khác:`, notApproved: 'chưa duyệt, sẽ bị bỏ qua', withdrawn: 'đã thu hồi, sẽ bị bỏ qua',
    save: 'Lưu chương trình', saved: 'Đã lưu. Lịch đang dùng chương trình này được lập lại.', need: 'Thêm ít nhất một bản tin hoặc tiếp âm.', needTitle: 'Hãy đặt tên chương trình.',
    remove: 'Xoá chương trình', removeTitle: (title: string) => `Xoá ${title}?`, removeWhat: 'Các bản tin trong chương trình vẫn còn. Không xoá được khi còn lịch phát dùng nó.',
    change: 'Sửa', slot: 'Mục nào thay bằng bản tin mới mỗi lần dùng mẫu', slotAtEnd: 'Không mục nào; thêm bản tin mới vào cuối',
    order: 'Hẹn phát', template: 'Lưu thành mẫu', templateSaved: 'Đã lưu thành mẫu. Mẫu có trong trang Soạn.', send: 'Hẹn phát chương trình', ordered: 'Đã hẹn phát chương trình.', waiting: 'Đã hẹn. Chương trình chờ duyệt các bản tin.',
  },
  calendars: {
    title: 'Tệp lịch (.ics)', open: 'Nhập, xuất lịch',
    exportTitle: 'Xuất lịch phát', exportWhat: (area: string) => `Tệp lịch của ${area} và các đơn vị bên trong, mở được bằng các chương trình lịch thông dụng.`, download: 'Tải tệp lịch',
    address: 'Địa chỉ để đăng ký theo dõi', addressHint: 'Chương trình lịch đọc địa chỉ này bằng mã truy cập (Tài khoản → Mã truy cập, quyền xem), gửi trong đầu mục Authorization.',
    importTitle: 'Nhập lịch', importWhat: 'Chọn tệp .ics. Bạn được xem trước những gì đọc được; chưa lưu gì cho đến khi bạn chọn bản tin và xác nhận.', choose: 'Chọn tệp lịch', other: 'Chọn tệp khác',
    tooLarge: 'Tệp lớn hơn 1 MB. Hãy tách thành tệp nhỏ hơn.',
    report: (accepted: number, refused: number, ignored: number) => `Đọc được ${accepted} sự kiện${refused > 0 ? `, không nhận ${refused}` : ''}${ignored > 0 ? `, bỏ qua ${ignored} mục khác (nhắc việc, công việc)` : ''}.`,
    stored: (n: number) => `Đã hẹn ${n} lịch phát.`, refused: 'Không nhận', oneOf: 'Một lần đã dời của chuỗi', sound: (title: string) => `Phát gì cho “${title}”`, nothing: 'Không nhập sự kiện này', forAll: 'Dùng cho mọi sự kiện chưa chọn',
    where: 'Phát ở đâu', take: (n: number) => `Hẹn ${n} lịch phát`, needSound: 'Chọn bản tin hoặc chương trình cho ít nhất một sự kiện.', noSound: 'Chưa có bản tin nào đã duyệt. Soạn và duyệt bản tin trước, rồi nhập lịch.',
    done: 'đã hẹn', back: 'Lịch phát',
  },
}
