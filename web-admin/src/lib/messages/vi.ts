// The source of all texts. Short, spoken Vietnamese; the officials' own words (docs/api.md names the codes).
import type { Legacy, Outcome, Step, When } from '../api/types'
import { joined } from '../pure/text'

const duration = (ms: number): string => {
  const s = Math.round(ms / 1000)
  if (s < 60) return `${s} giây`
  return s % 60 === 0 ? `${s / 60} phút` : `${Math.floor(s / 60)} phút ${s % 60} giây`
}

const LONG = ['Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy', 'Chủ Nhật']

const LANGUAGES: Record<string, string> = {
  vi: 'Tiếng Việt', tyz: 'Tiếng Tày', nut: 'Tiếng Nùng', hmn: 'Tiếng Mông', ium: 'Tiếng Dao', 'mtq': 'Tiếng Mường', blt: 'Tiếng Thái', jra: 'Tiếng Gia Rai',
  rad: 'Tiếng Ê Đê', bdq: 'Tiếng Ba Na', km: 'Tiếng Khmer', cjm: 'Tiếng Chăm',
}

const TITLES: Record<string, string> = {
  '': 'Trang chủ', schedule: 'Lịch phát', compose: 'Soạn bản tin', stations: 'Trạm loa', log: 'Nhật ký phát',
  approvals: 'Duyệt bản tin', sounds: 'Kho âm thanh', reports: 'Báo cáo', sources: 'Nguồn tiếp sóng', coverage: 'Độ phủ', alerts: 'Cảnh báo khẩn cấp', 'alert-log': 'Cảnh báo đã phát',
  areas: 'Đơn vị', groups: 'Nhóm', users: 'Người dùng và vai trò', pairing: 'Ghép trạm', policies: 'Quy định', holidays: 'Ngày lễ',
  settings: 'Cài đặt', audit: 'Nhật ký hệ thống', account: 'Tài khoản', roles: 'Ai được làm gì', help: 'Trợ giúp', more: 'Thêm',
}
const TABS: Record<string, string> = { ...TITLES, compose: 'Soạn', log: 'Nhật ký' }

export const vi = {
  nav: {
    main: 'Mục chính', skip: 'Tới nội dung chính', unit: 'Đơn vị đang xem',
    title: (name: string) => TITLES[name] ?? TITLES[''],
    tab: (name: string) => TABS[name] ?? name,
    province: { '': 'Tổng quan', compose: 'Bản tin gửi xã', schedule: 'Lịch', log: 'Nhật ký và bằng chứng', approvals: 'Duyệt', alerts: 'Cảnh báo' } as Record<string, string>,
    more: 'Thêm', admin: 'Quản trị', alert: 'Phát khẩn cấp',
  },
  connection: { live: 'Đã kết nối', stale: 'Số liệu cũ', offline: 'Mất kết nối' },
  action: {
    again: 'Thử lại', close: 'Đóng', keep: 'Thôi, giữ nguyên', listen: 'Nghe thử', pause: 'Tạm dừng', print: 'In', save: 'Lưu', copy: 'Sao chép', copied: 'Đã sao chép',
  },
  state: {
    loading: 'Đang tải…', wait: 'Xin chờ…', saved: 'Đã lưu.', unknown: 'chưa rõ', nothingFound: 'Không tìm thấy gì.',
    more: (n: number) => `Còn ${n} mục nữa`,
    stale: (time: string) => `Số liệu từ lúc ${time}, chưa cập nhật được. Đang thử lại.`,
  },
  error: {
    offline: 'Không có mạng',
    offlineWhat: 'Chưa nối được tới máy chủ. Nội dung bạn nhập vẫn còn; hãy thử lại khi có mạng.',
    offlineStations: 'Mất kết nối tới máy chủ. Lịch đã hẹn vẫn phát tại trạm.',
    server: (status: number) => `Máy chủ trả lời lỗi ${status}`,
    serverWhat: 'Hãy thử lại. Nếu vẫn lỗi, báo cho người quản trị.',
    unexpected: 'Trang gặp lỗi',
    cannotPlay: 'Không nghe được đoạn này trên máy của bạn. Hãy thử lại.',
  },
  unit: {
    duration,
    minutes: (ms: number) => `${Math.max(1, Math.round(ms / 60_000))}′`,
    stations: (n: number) => `${n} trạm`,
  },
  day: {
    long: LONG,
    short: ['T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'CN'],
    near: ['Hôm nay', 'Ngày mai'],
    list: (days: number[]) => joined(days.map((n) => LONG[n]), ' và '),
  },
  outcome: {
    upcoming: 'Sắp phát', playing: 'Đang phát', played: 'Đã phát', partial: 'Phát một phần', missed: 'Không phát được',
    cancelled: 'Đã huỷ', unknown: 'Chưa có tin', unreported: 'Không có biên nhận',
  } as Record<Outcome, string>,
  reason: {
    no_power: 'Mất điện', restart: 'Trạm khởi động lại', no_time: 'Trạm chưa có giờ đúng', no_media: 'Trạm chưa nhận được tệp',
    bad_media: 'Tệp bị hỏng', displaced: 'Bị bản tin khác chèn', expired: 'Hết hiệu lực', device_fault: 'Hỏng thiết bị âm thanh',
    policy: 'Ngoài giờ cho phép', local_stop: 'Có người bấm dừng tại trạm', unsupported: 'Phần mềm trạm quá cũ', late: 'Quá giờ cho phép',
  } as Record<string, string>,
  class: { normal: 'Thông thường', priority: 'Ưu tiên', emergency: 'Khẩn cấp' },
  role: {
    administrator: 'Quản trị', editor: 'Biên tập tỉnh', auditor: 'Kiểm tra', commune_leader: 'Lãnh đạo xã',
    commune_operator: 'Cán bộ truyền thanh', village_head: 'Trưởng thôn', technician: 'Kỹ thuật', viewer: 'Chỉ xem',
  },
  login: {
    title: 'Đăng nhập Loa', name: 'Tên đăng nhập', password: 'Mật khẩu', show: 'Hiện mật khẩu', go: 'Đăng nhập',
    expired: 'Phiên làm việc đã hết. Hãy đăng nhập lại; bản nháp vẫn còn.',
  },
  setup: {
    title: 'Bắt đầu dùng Loa', what: 'Tạo đơn vị đầu tiên và người quản trị đầu tiên.', go: 'Tạo và đăng nhập',
    token: 'Mã cài đặt', organisation: 'Tên đơn vị', name: 'Họ và tên', login: 'Tên đăng nhập', password: 'Mật khẩu',
    hint: {
      token: 'In một lần trên màn hình máy chủ khi khởi động.', organisation: 'Ví dụ: Tỉnh Hưng Yên', name: '', login: 'Chữ thường, không dấu.',
      password: 'Nên là một câu dài, dễ nhớ với riêng bạn.',
    },
  },
  account: { language: 'Ngôn ngữ', logOut: 'Đăng xuất' },
  password: {
    title: 'Đổi mật khẩu', old: 'Mật khẩu hiện tại', new: 'Mật khẩu mới', go: 'Đổi mật khẩu', done: 'Đã đổi mật khẩu. Các máy khác đã bị đăng xuất.',
    first: 'Đặt mật khẩu của riêng bạn', firstWhat: 'Mật khẩu vừa dùng chỉ là tạm. Hãy đổi rồi làm việc tiếp.',
  },
  totp: {
    title: 'Đăng nhập hai bước', what: 'Sau mật khẩu, bạn nhập thêm mã hiện trên điện thoại. Người biết mật khẩu của bạn vẫn không vào được.',
    begin: 'Bật đăng nhập hai bước', scan: 'Mở ứng dụng tạo mã trên điện thoại (như Google Authenticator) rồi quét hình này.', qr: 'Hình vuông để quét bằng điện thoại',
    byHand: 'Không quét được thì gõ khoá này', code: 'Mã xác nhận', codeHint: '6 chữ số đang hiện trên điện thoại.', orRecovery: '6 chữ số trên điện thoại, hoặc một mã dự phòng.',
    confirm: 'Xác nhận và bật', codesWhat: 'Đã xong. Hãy in hoặc chép 10 mã dự phòng này: mỗi mã dùng một lần khi mất điện thoại, và chỉ hiện lần này.',
    kept: 'Tôi đã cất mã', on: (left: number) => `Đang bật. Còn ${left} mã dự phòng.`, renew: 'Tạo mã dự phòng mới', off: 'Tắt',
    needed: 'Đơn vị yêu cầu người quản trị đăng nhập hai bước. Hãy cài một lần rồi làm việc tiếp.', back: 'Quay lại',
    policy: 'Người quản trị phải đăng nhập hai bước', policyAlerts: 'Chỉ người đăng nhập hai bước được phát khẩn cấp',
  },
  sessions: {
    title: 'Đang đăng nhập ở đâu', here: '(máy này)', unknown: 'Máy không rõ', seen: (time: string) => `Dùng lần cuối ${time}`,
    end: 'Đăng xuất máy đó', endOthers: 'Đăng xuất mọi máy khác',
  },
  home: {
    clock: 'Giờ máy chủ', onAir: 'Đang phát', stations: 'Trạm loa', next: 'Sắp phát', week: 'Xem cả tuần', compose: 'Soạn bản tin',
    silence: 'Lúc này không có gì đang phát.', allWell: 'Không trạm nào cần xử lý.', nothingNext: 'Chưa hẹn bản tin nào.',
    stripAbout: (n: number) => `Dải giờ hôm nay: ${n} bản tin`,
    playing: (n: number, of: number) => `${n}/${of} trạm đang phát`,
    failed: (n: number) => `${n} trạm không phát được`,
    fine: (n: number, of: number) => `${n} trong ${of} trạm hoạt động tốt`,
    waiting: (n: number) => `${n} bản tin chờ duyệt`,
    notReady: (n: number) => `${n} trạm chưa có tệp`,
    noBackup: 'Chưa có bản sao lưu nào.', lateBackup: (hours: number) => `Bản sao lưu gần nhất đã ${hours} giờ trước.`,
    backupWhat: 'Nếu máy chủ hỏng, dữ liệu từ đó đến nay sẽ mất. Chạy “loa doctor” trên máy chủ để biết phải làm gì.',
  },
  alert: {
    what: 'Phát ngay, chèn lên mọi chương trình.', chooseWhat: 'Chọn nội dung cần phát ngay', other: 'Chọn nội dung khác',
    go: 'Giữ để phát khẩn cấp', drillGo: 'Giữ để bắt đầu diễn tập', again: 'Bấm lần nữa để phát',
    holdWhat: 'Giữ nút 1,5 giây. Không giữ được thì bấm hai lần.', againWhat: 'Bấm thêm một lần trong 5 giây để phát.',
    every: 'Phát lặp', rhythm: (minutes: number) => (minutes === 0 ? 'một lần' : `${minutes} phút một lần`), reason: 'Lý do (ghi vào nhật ký)',
    because: (reason: string) => `Lý do: ${reason}`,
    count: (n: number, of: number) => `${n}/${of} trạm đã phát`, sounding: (n: number) => `${n} trạm đang phát`, failed: (n: number) => `${n} trạm không phát được`,
    waiting: (n: number) => `${n} trạm chưa có tin`, plays: (n: number) => `${n} lượt phát tất cả`,
    stop: 'Dừng cảnh báo', correct: 'Đính chính', correctWith: (title: string) => `Đính chính “${title}”: chọn nội dung thay thế`,
    correctsWhat: (title: string) => `Cảnh báo “${title}” sẽ dừng ngay khi nội dung này phát, tại cùng những nơi đó.`,
    until: (time: string) => `Hết hạn lúc ${time}`, cancelledBy: (name: string, time: string) => `${name} dừng lúc ${time}`,
    states: { active: 'Đang có hiệu lực', cancelled: 'Đã dừng', expired: 'Đã hết hạn' },
    cutOff: (n: number) => `${n} trạm mất kết nối, vẫn tự phát lặp`, cutOffWhat: (time: string) => `Trạm chưa nhận được lệnh mới sẽ phát lặp tới ${time}.`,
    drillMode: 'Diễn tập', drillModeWhat: 'Chế độ diễn tập: loa sẽ nói rõ “đây là diễn tập” trước nội dung, phát một lần.', drillOf: (title: string) => `DIỄN TẬP: ${title}`,
    drillWhat: 'Diễn tập: phát một lần, có lời báo trước.', past: 'Đã qua', nonePast: 'Chưa có cảnh báo nào.',
    review: 'Xem xét lại', reviewReason: 'Nhận xét', reviewHint: 'Ra lệnh như vậy có đúng không, vì sao.', verdicts: { right: 'Đúng', wrong: 'Không đúng' },
    unreviewed: 'Chưa được xem xét.', noneReady: 'Chưa có tin khẩn nào sẵn sàng.', prepare: 'Chuẩn bị tin khẩn',
    clips: 'Tin khẩn chuẩn bị sẵn', clipsWhat: 'Trạm giữ sẵn các bản tin này, nên phát được ngay cả khi mất mạng.', noClips: 'Chưa có tin nào.',
    fromBulletin: 'Bản tin đã duyệt', choose: 'Chọn bản tin', clipTitle: 'Tên ngắn trên nút (không bắt buộc)', severity: 'Mức độ',
    severities: ['Nhẹ', 'Vừa', 'Nghiêm trọng', 'Rất nghiêm trọng', 'Thảm hoạ'], atPole: 'Nút bấm tại trạm', button: (n: number) => `nút số ${n}`, noButton: 'không gắn nút',
    addClip: 'Thêm tin khẩn', removeClip: (title: string) => `Bỏ tin khẩn “${title}”?`, removeClipWhat: 'Trạm sẽ không giữ sẵn bản tin này nữa, nút bấm gắn với nó cũng thôi dùng.', remove: 'Bỏ tin này',
    clipStates: { ready: 'sẵn sàng', working: 'đang tạo âm thanh', withdrawn: 'không dùng được' },
    stopNow: 'Dừng phát', stopTitle: (title: string) => `Dừng “${title}”?`, stopWhat: (n: number) => `Dừng ngay tại ${n} trạm đang phát.`, stopSent: 'Đã gửi lệnh dừng.',
  },
  compose: {
    language: 'Tiếng nói trong bản tin', gain: 'Âm lượng', gainOf: (db: number) => (db === 0 ? 'Bình thường' : `Nhỏ hơn ${-db} dB`),
    tune: (title: string) => `Mở đầu bằng nhạc hiệu “${title}”`, templates: 'Mẫu có sẵn', useTemplate: (title: string) => `Dùng mẫu ${title}`,
    templateOn: (title: string, items: string) => `Theo mẫu “${title}”: ${items}`, templateOff: 'Bỏ mẫu', slot: 'bản tin này',
    keepTemplate: 'Lưu cách phát này thành mẫu', templateName: 'Tên mẫu', templateHint: 'Ví dụ: Buổi sáng ngày thường', templateKept: 'Đã lưu mẫu.',
    verdict: {
      clear: (n: number) => `Không trùng lịch. ${n} trạm sẽ phát đúng giờ.`, none: 'Chưa có trạm nào ở nơi đã chọn.',
      asking: 'Đang xem có trùng lịch không…', own: 'Bản tin này', other: (title: string, at: string) => `“${title}” lúc ${at}`,
      moved: (at: string) => `dời đến ${at}`, cut: 'bị chèn hoặc bị cắt', missed: 'không phát được',
      row: (who: string, what: string, n: number, why: string) => `${who}: ${what} tại ${n} trạm. ${why}`,
      more: (n: number) => `và ${n} thay đổi khác`, free: (at: string) => `Chuyển sang ${at} (giờ trống gần nhất)`,
    },
    title: 'Soạn bản tin', content: 'Nội dung', name: 'Tên bản tin', where: 'Phát ở đâu', when: 'Phát lúc nào', check: 'Kiểm tra và gửi',
    record: 'Bấm để ghi âm', recordAgain: 'Ghi âm lại', stop: 'Dừng ghi', askingMic: 'Đang mở micrô…', file: 'Chọn tệp âm thanh',
    level: 'Mức tiếng', speak: 'Đang ghi. Nói đều, cách máy một gang tay.', tooLoud: 'Tiếng quá to, hãy lùi xa một chút.',
    tooQuiet: 'Tiếng quá nhỏ, hãy nói gần hơn.',
    mic: {
      denied: 'Trình duyệt chưa cho dùng micrô. Bấm biểu tượng ổ khoá cạnh địa chỉ để cho phép, hoặc chọn tệp.',
      missing: 'Máy này không có micrô. Bạn vẫn có thể chọn tệp âm thanh.',
      insecure: 'Chỉ ghi âm được khi mở trang bằng https. Bạn vẫn có thể chọn tệp âm thanh.',
      unsupported: 'Trình duyệt này không ghi âm được. Bạn vẫn có thể chọn tệp âm thanh.',
    },
    tooLarge: 'Tệp lớn hơn 256 MB. Hãy chọn tệp nhỏ hơn.',
    uploading: (percent: number) => `Đang gửi âm thanh: ${percent}%`,
    uploadStopped: 'Đứt mạng khi đang gửi âm thanh. Bấm thử lại để gửi tiếp phần còn lại.',
    uploaded: 'Đã gửi âm thanh. Đặt tên bản tin để nghe bản sẽ phát.',
    working: 'Đang chuẩn bị bản sẽ phát…', ready: 'Âm thanh đã sẵn sàng.', audioFailed: 'Không đọc được âm thanh này. Hãy ghi lại hoặc chọn tệp khác.',
    listenCanonical: 'Nghe bản sẽ phát', listenOwn: 'Nghe lại',
    type: 'Gõ chữ', textLabel: 'Nội dung để máy đọc', textHint: 'Viết như khi nói. Rời ô này, máy sẽ đọc thành tiếng để bạn nghe thử.',
    characters: (n: number, most: number) => `${n.toLocaleString('vi')}/${most.toLocaleString('vi')} ký tự`,
    textTooLong: (n: number) => `Dài quá ${n.toLocaleString('vi')} ký tự. Hãy bớt hoặc chia thành hai bản tin.`,
    reading: 'Máy đang đọc thành tiếng…', textNeedsTitle: 'Đặt tên bản tin để nghe bản sẽ phát.',
    titleLabel: 'Tên bản tin', titleHint: 'Ví dụ: Thông báo lịch tiêm phòng thôn Thượng',
    everywhere: (area: string) => `Tất cả trạm của ${area}`, some: 'Chọn thôn, trạm',
    kind: { now: 'Phát ngay', once: 'Hẹn ngày giờ', daily: 'Hằng ngày', weekly: 'Hằng tuần', rule: 'Lặp theo quy tắc riêng' },
    weekdays: 'Vào các ngày', weeklyOn: (days: string) => `${days} hằng tuần`,
    date: 'Ngày', dateHint: 'Ngày/tháng/năm', time: 'Giờ', timeHint: 'Từ 00:00 đến 23:59, ví dụ 17:30',
    priority: 'Ưu tiên (phải phát, kể cả khi trùng lịch)',
    say: {
      what: (title: string, length: string) => `Phát “${title}”${length ? ` (${length})` : ''}`,
      now: 'ngay bây giờ, sau khoảng 15 giây,',
      once: (time: string, day: string, date: string) => `lúc ${time}, ${day} ${date},`,
      daily: (time: string, date: string) => `hằng ngày lúc ${time}, từ ${date},`,
      weekly: (time: string, days: string, date: string) => `lúc ${time} ${days} hằng tuần, từ ${date},`,
      all: (n: number, area: string) => `tại tất cả ${n} trạm của ${area}`,
      some: (n: number) => `tại ${n} nơi đã chọn`,
      approval: 'Bản tin chỉ phát sau khi được duyệt.',
      incomplete: 'Điền tên và giờ phát để xem tóm tắt.',
    },
    need: {
      sound: 'Hãy ghi âm, chọn tệp hoặc gõ chữ.', text: 'Hãy gõ nội dung cần đọc.', otherText: 'Chưa đọc được bài này. Hãy sửa lại lời.', days: 'Hãy chọn ít nhất một ngày trong tuần.', otherSound: 'Âm thanh này không dùng được. Hãy ghi lại hoặc chọn tệp khác.',
      listen: 'Hãy bấm nghe thử trước khi duyệt.', title: 'Hãy đặt tên bản tin.', targets: 'Hãy chọn ít nhất một nơi.',
      date: 'Ghi ngày như 22/11/2026.', time: 'Ghi giờ như 17:30.', future: 'Giờ này đã qua. Hãy chọn giờ sau.',
      some: 'Còn thiếu vài mục, xem các dòng đỏ phía trên.',
    },
    waiting: 'Đang chờ âm thanh sẵn sàng…', sending: 'Đang gửi…', approveAndSend: 'Duyệt và hẹn phát', sendForApproval: 'Gửi duyệt',
    restored: 'Đã mở lại bản nháp lần trước.', discard: 'Bỏ bản nháp',
  },
  sent: {
    scheduled: 'Đã hẹn phát', waiting: 'Đã gửi duyệt', log: 'Xem nhật ký', again: 'Soạn bản tin khác',
    scheduledWhat: 'Các trạm đang nhận tệp. Kết quả từng trạm có trong nhật ký.',
    waitingWhat: 'Chưa phát cho tới khi có người duyệt.',
    start: (time: string, date: string) => `Phát lúc ${time} ngày ${date}`,
  },
  sounds: {
    search: 'Tìm theo tên, người soạn', none: 'Chưa có bản tin nào. Soạn bản tin đầu tiên.', nothing: 'Không tìm thấy bản tin nào.',
    state: { draft: 'Nháp', submitted: 'Chờ duyệt', approved: 'Đã duyệt', rejected: 'Bị trả lại', withdrawn: 'Đã thu hồi' } as Record<string, string>,
    onlyState: 'Lọc theo trạng thái', all: 'Tất cả', again: 'Phát lại ngay', againHint: (where: string) => `Phát ngay tại ${where}`,
    yesterday: 'Hôm qua đã phát', versions: 'Các phiên bản', version: (n: number) => `Bản ${n}`, airs: 'đang dùng để phát',
    act: { submit: 'gửi duyệt', approve: 'duyệt', reject: 'trả lại', withdraw: 'thu hồi' } as Record<string, string>,
    step: (act: string, by: string, at: string, scope: string) => `${at}: ${by} ${act} (${scope})`,
    withdraw: 'Thu hồi', withdrawAsk: (title: string) => `Thu hồi “${title}”?`, withdrawWhat: 'Bản tin ngừng phát ở mọi lịch, kể cả lần đang chờ. Nhật ký vẫn giữ.',
    tune: 'Dùng làm nhạc hiệu', tuneIs: 'Nhạc hiệu của đơn vị', tuneOff: 'Bỏ nhạc hiệu', approver: (name: string) => `Người duyệt: ${name}`,
    language: (tag: string) => LANGUAGES[tag] ?? tag,
  },
  undo: {
    button: (s: number) => `Hoàn tác (${s})`, busy: 'Đang hủy…', over: 'Hết thời gian hoàn tác. Dùng nút dừng ở trang chủ nếu cần.',
    nothing: 'Đã hủy. Chưa trạm nào nhận lệnh phát này.', waiting: (n: number, of: number) => `Đã hủy. ${n}/${of} trạm đã bỏ lệnh phát, đang chờ các trạm còn lại…`,
    done: (of: number) => `Đã hủy. Cả ${of} trạm đã bỏ lệnh phát.`, unsure: (n: number) => `${n} trạm chưa trả lời, có thể vẫn phát.`,
    played: (n: number) => `${n} trạm đã phát trước khi nhận lệnh hủy.`,
  },
  roles: {
    intro: 'Vai trò giữ ở đơn vị nào thì có hiệu lực ở đơn vị đó và cấp dưới, không lên cấp trên, không sang đơn vị bên cạnh.',
    what: 'Việc', may: 'được', mayNot: 'không được', yours: 'vai trò của bạn',
  },
  approvals: {
    wider: 'Đang phát. Có lịch phát muốn mở rộng hơn phạm vi đã duyệt:', covers: (area: string, priority: boolean) => `Duyệt cho: ${area}${priority ? ', mức ưu tiên' : ''}`,
    two: (given: number, needed: number) => `Cần ${needed} người duyệt, đã có ${given}.`, givenBy: (names: string) => `Đã duyệt: ${names}`,
    approveWider: 'Duyệt mở rộng', dropOrder: 'Bỏ lịch phát này', reviews: (n: number) => `${n} cảnh báo khẩn cấp chờ xem xét lại.`, acceptances: (n: number) => `${n} nhóm liên xã đang chờ đơn vị đồng ý.`,
    none: 'Không có bản tin nào chờ duyệt.', approve: 'Duyệt', return: 'Trả lại', sendBack: 'Trả lại cho người soạn',
    text: 'Xem lời đọc', reason: 'Lý do trả lại', reasonHint: 'Người soạn sẽ đọc dòng này.', own: 'Bạn soạn bản tin này, nên người khác phải duyệt.',
  },
  schedule: {
    add: 'Thêm lịch', before: 'Tuần trước', after: 'Tuần sau', none: 'Chưa có lịch phát nào. Bấm “Thêm lịch” để hẹn bản tin đầu tiên.',
    noneToday: 'Ngày này không có lịch phát.', remove: 'Xoá lịch', removeTitle: 'Xoá lịch phát này?',
    removeText: (title: string, time: string, kind: When['kind']) =>
      kind === 'daily' ? `“${title}” sẽ không phát lúc ${time} hằng ngày nữa.` : kind === 'rule' ? `“${title}” sẽ không lặp lại lúc ${time} nữa.` : `“${title}” lúc ${time} sẽ không phát. Phần đã bắt đầu thì không thu lại được.`,
    state: 'Trạng thái', nextStart: 'Lần phát tới', length: 'Thời lượng', author: 'Người hẹn',
    states: { waiting_approval: 'Chờ duyệt', active: 'Đã hẹn', ended: 'Đã xong', deleted: 'Đã xoá' },
    fold: (from: string, to: string) => `${from}–${to} không có lịch, bấm để mở`,
  },
  station: {
    state: { online: 'Đang hoạt động', offline: 'Mất kết nối', never: 'Chưa kết nối lần nào', faulty: 'Có lỗi' },
    none: 'Chưa có trạm loa nào.', add: 'Ghép trạm mới', search: 'Tìm tên trạm, thôn (không cần dấu)',
    lastContact: (time: string, day: string) => `Liên lạc lần cuối ${day}${time}`,
    now: 'Hiện tại', readiness: 'Sẵn sàng', recent: 'Lượt phát gần đây', contact: 'Liên lạc', playing: 'Đang phát', notPlaying: 'không phát gì',
    level: 'Mức ra loa', volume: 'Âm lượng', amplifier: 'Tăng âm', clock: 'Đồng hồ', plan: 'Lịch tại trạm', media: 'Tệp âm thanh',
    receipts: 'Biên nhận chờ gửi', storage: 'Bộ nhớ trống', software: 'Phần mềm', model: 'Máy',
    mains: 'Điện lưới', mainsIs: (on: boolean): string => (on ? 'có điện' : 'mất điện'), battery: 'Ắc quy', temperature: 'Nhiệt độ', current: 'Dòng tăng âm',
    amplifiers: { on: 'đang bật', off: 'đang tắt', unknown: 'chưa rõ' } as Record<string, string>,
    clockError: (ms: number, trust: number | null) => `sai không quá ${Math.round(ms)} ms${trust == null ? '' : ` (mức tin cậy ${trust})`}`,
    planIs: (version: number, current: boolean) => `bản số ${version}, ${current ? 'mới nhất' : 'chưa mới nhất'}`,
    mediaIs: (ready: number, missing: number) => (missing > 0 ? `có ${ready}, còn thiếu ${missing}` : `đủ ${ready} tệp`),
    since: (time: string) => `Từ ${time}`, nextStep: 'Nên làm',
    addWhat: 'Mã 8 ký tự nằm trên màn hình hoặc nhãn của trạm, và trạm tự đọc mã ra loa. Mã được cấp tại cột loa, không có ở đây.',
    code: 'Mã ghép', codeHint: 'Gõ liền, dấu gạch tự thêm.', codeShort: 'Mã có 8 ký tự.', name: 'Tên trạm', nameHint: 'Ví dụ: Nhà văn hoá thôn Thượng 2',
    nameNeeded: 'Hãy đặt tên trạm.', area: 'Thuộc đơn vị', accept: 'Ghép trạm', waiting: 'Trạm đang chờ ghép', noneWaiting: 'Không có trạm nào đang chờ.',
    edit: 'Sửa thông tin', volumeDb: 'Âm lượng (dB)', volumeHint: '0 là mức đầy; số âm là nhỏ hơn.',
    refusals: 'Trạm đã từ chối', refusalsWhat: 'Những gì trạm nhận được mà không tin. Vài lần sau khi đổi khoá là bình thường; nhiều lần thì báo người quản trị.',
    refusedTimes: (count: number, last: string) => `${count} lần, lần cuối ${last}`,
    refusedWhat: { plan: 'Lịch phát', root: 'Văn bản khoá gốc', time: 'Giờ', command: 'Lệnh', media: 'Tệp âm thanh', import: 'Thẻ nhớ USB', other: 'Khác' } as Record<string, string>,
    refusedWhy: {
      'too-large': 'quá lớn', 'no-envelope': 'không đọc được', 'wrong-type': 'sai loại', 'key-unknown': 'khoá lạ', 'bad-signature': 'chữ ký sai',
      'not-mine': 'của trạm khác', 'old-epoch': 'thuộc thời kỳ đã kết thúc', 'old-version': 'bản cũ', malformed: 'sai cấu trúc', unsupported: 'phần mềm chưa hỗ trợ',
      'wrong-version': 'sai thứ tự', 'wrong-hash': 'nội dung đã bị đổi', expired: 'đã hết hạn',
    } as Record<string, string>,
    replace: 'Thay thiết bị', replaceCode: 'Mã ghép của thiết bị mới', replaced: 'Đã thay thiết bị.',
    replaceWhat: 'Thiết bị mới nhận tên, lịch phát và nhật ký của trạm này. Thiết bị cũ chỉ còn được gửi biên nhận của những lượt đã phát trước đó.',
    retire: 'Ngừng dùng trạm', retireTitle: (name: string) => `Ngừng dùng ${name}?`,
    retireWhat: 'Trạm không nhận lịch nữa. Nhật ký của trạm vẫn được giữ.',
  },
  log: {
    title: 'Nhật ký phát', filters: 'Lọc', class: 'Mức', more: 'Xem thêm', csv: 'Tải CSV', xlsx: 'Tải Excel', from: 'Từ ngày', to: 'Đến ngày', outcome: 'Kết quả', station: 'Trạm', any: 'Tất cả', anyStation: 'Mọi trạm',
    all: 'Xem tất cả', oneBroadcast: 'Chỉ đang xem một lịch phát.', noneYet: 'Chưa có lượt phát nào.',
    none: (from: string, to: string) => `Không có lượt phát nào từ ${from} đến ${to}.`,
    summary: (c: Record<Outcome, number>, total: number) => {
      const due = total - c.cancelled
      if (due === 0) return 'Đã huỷ'
      if (c.upcoming === due) return `Sắp phát ở ${due} trạm`
      const parts = [`${c.played}/${due} trạm đã phát`]
      if (c.playing) parts.push(`${c.playing} đang phát`)
      if (c.partial) parts.push(`${c.partial} phát một phần`)
      if (c.missed) parts.push(`${c.missed} không phát được`)
      if (c.unknown) parts.push(`${c.unknown} chưa có tin`)
      if (c.unreported) parts.push(`${c.unreported} không có biên nhận`)
      return parts.join(' · ')
    },
  },
  reports: {
    title: 'Báo cáo tháng', month: 'Tháng', before: 'Tháng trước', after: 'Tháng sau', stillOpen: 'Tháng chưa hết, số liệu còn thay đổi.',
    nation: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', motto: 'Độc lập - Tự do - Hạnh phúc', heading: (m: string, y: string) => `BÁO CÁO HOẠT ĐỘNG TRUYỀN THANH THÁNG ${m}/${y}`,
    signed: 'Người lập báo cáo', made: (time: string) => `Lập lúc ${time}`,
    success: 'Phát thành công', aired: 'Thời lượng đã phát', due: 'Lượt đến giờ', uptime: 'Trạm hoạt động', late: 'Bắt đầu chậm', drops: 'Lần mất kết nối', stations: 'Số trạm',
    played: 'Đã phát', partial: 'Một phần', missed: 'Không phát được', silent: 'Không có tin', cancelled: 'Đã huỷ', upcoming: 'Sắp phát', minutes: (ms: number) => `${Math.round(ms / 60000).toLocaleString('vi')}\u00a0phút`,
    was: (text: string) => `tháng trước ${text}`, days: 'Từng ngày', day: 'Ngày', areas: 'Theo đơn vị', area: 'Đơn vị', own: 'trạm trực thuộc',
    byClass: 'Theo mức', bySource: 'Theo nguồn', byLanguage: 'Theo ngôn ngữ', byAuthor: 'Theo người soạn', group: 'Nhóm', reasons: 'Vì sao không phát trọn', reason: 'Lý do', airings: 'Số lượt',
    faults: 'Lỗi đang có tại trạm', none: 'Không có lượt phát nào trong tháng này.', noFaults: 'Không trạm nào đang báo lỗi.', chart: 'Biểu đồ số lượt từng ngày; số liệu có trong bảng bên dưới.', table: 'Xem bảng số liệu từng ngày',
    sources: { speech: 'Máy đọc', audio: 'Tệp, ghi âm', '': 'Không rõ' } as Record<string, string>,
    languages: { vi: 'Tiếng Việt', tyz: 'Tiếng Tày', nut: 'Tiếng Nùng', hmn: 'Tiếng Mông', '': 'Không rõ' } as Record<string, string>,
  },
  coverage: {
    title: 'Độ phủ', what: 'Xã, phường có đài truyền thanh và có đài số.', station: 'Có đài truyền thanh', digital: 'Có đài số', target: (p: string) => `chỉ tiêu ${p}`, reached: 'đạt', notReached: 'chưa đạt',
    commune: 'Xã, phường', stations: 'Trạm số', legacy: 'Hệ thống cũ', kinds: { none: 'Không có', fm: 'Phát FM', wired: 'Có dây' } as Record<Legacy, string>,
    of: (n: number, all: number) => `${n}/${all} xã, phường`, yes: 'có', no: 'chưa', none: 'Chưa có xã, phường nào trong đơn vị này.',
  },
  evidence: {
    timeline: 'Diễn biến', measured: 'Trạm đã đo', author: 'Người soạn', approver: 'Người duyệt', planned: 'Giờ hẹn', started: 'Bắt đầu', ended: 'Kết thúc',
    grade: 'Mức bằng chứng', level: 'Mức tiếng / đỉnh', frames: 'Khung âm thanh ra loa', xruns: 'Lần đứt tiếng', mixer: 'Âm lượng máy', muted: 'đang tắt tiếng',
    trust: 'Độ tin cậy đồng hồ', none: 'Chưa có số đo từ trạm.', noReceipt: 'Chưa nhận biên nhận từ trạm.',
    receipt: (counter: number) => `Biên nhận số ${counter}, trạm đã ký.`,
    steps: {
      approved: 'Đã duyệt', ordered: 'Đã hẹn phát', signed: 'Đã ký lịch gửi trạm', fetched: 'Trạm đã nhận lịch', due: 'Giờ hẹn', started: 'Bắt đầu phát',
      ended: 'Phát xong', told: 'Trạm ký biên nhận', stored: 'Đã lưu biên nhận', closed: 'Đóng: không có biên nhận',
    } as Record<Step, string>,
    signatures: { good: 'chữ ký đúng', bad: 'chữ ký SAI', other_key: 'ký bằng khoá cũ của trạm' },
    proof: 'Bằng chứng đã ký', plan: (v: number, epoch: number) => `Lịch ký số ${epoch}.${v}`, sha: 'SHA-256', counts: 'được tính', notCounted: 'không tính',
    clockError: (ms: number) => `đồng hồ sai không quá ${Math.round(ms)} ms`,
    conflict: 'Có nhiều biên nhận cho lượt này. Biên nhận đầu tiên báo đã phát được tính.',
    unreported: 'Sau 60 ngày không có tin từ trạm, máy chủ đã ký đóng lượt này. Biên nhận tới muộn vẫn được tính.',
    waitsFor: (state: string, missing: number) => (missing > 0 ? `Trạm còn thiếu ${missing} tệp.` : state === 'online' ? 'Trạm đã có đủ tệp.' : 'Trạm đã có đủ tệp nhưng đang mất kết nối.'),
    late: (ms: number) => (Math.abs(ms) < 1000 ? `lệch ${ms} ms` : `chậm ${duration(ms)}`),
    grades: {
      E0: 'chưa có', E1: 'trạm báo', E2: 'âm thanh đã ra khỏi card', E3: 'đo được ở tăng âm', E4: 'đã tự kiểm tra loa', E5: 'micrô tại chỗ nghe thấy',
    } as Record<string, string>,
  },
  sources: {
    what: 'Các đài mà loa có thể tiếp sóng. Loa thử các địa chỉ theo thứ tự; địa chỉ nào hỏng thì chuyển sang địa chỉ kế tiếp.',
    none: 'Chưa có nguồn nào. Thêm đài tỉnh hoặc Đài Tiếng nói Việt Nam để tiếp sóng.',
    add: 'Thêm nguồn tiếp sóng', name: 'Tên đài', address: 'Địa chỉ luồng âm thanh', another: 'Thêm địa chỉ dự phòng',
    hint: 'Địa chỉ của chính luồng âm thanh (MP3, AAC, Ogg hoặc HLS .m3u8), không phải trang web nghe đài.',
    try: 'Nghe thử 10 giây', listening: 'Đang nghe thử…', heard: (format: string) => `Nghe được (${format.toUpperCase()}). Hãy nghe lại rồi thêm vào danh sách.`,
    take: 'Thêm địa chỉ này', save: 'Lưu nguồn', hearFirst: 'Phải nghe thử ít nhất một địa chỉ trước khi lưu.',
    count: (n: number) => `${n} địa chỉ`, edit: (name: string) => `Sửa ${name}`, remove: (name: string) => `Xoá nguồn ${name}`,
    removeWhat: 'Không chọn được nguồn này nữa. Lịch đã hẹn với nguồn này vẫn phát.', removeDo: 'Xoá nguồn',
    earlier: (url: string) => `Thử ${url} trước`, drop: (url: string) => `Bỏ ${url}`,
  },
  areas: {
    search: 'Tìm đơn vị (không cần dấu)', add: 'Thêm đơn vị', name: 'Tên đơn vị', parent: 'Thuộc', kind: 'Loại', alone: 'Người soạn được tự duyệt', aloneShort: 'tự duyệt',
    edit: (name: string) => `Sửa ${name}`,
    kinds: { province: 'Tỉnh', commune: 'Xã', ward: 'Phường', village: 'Thôn', group: 'Cụm' },
  },
  token: {
    title: 'Mã truy cập cho phần mềm', what: 'Để phần mềm khác đọc số liệu thay bạn. Mỗi mã dùng cho một việc; không bao giờ có quyền hơn bạn.',
    name: 'Dùng cho việc gì', nameHint: 'Ví dụ: Bảng tin điện tử của xã', lasts: 'Dùng trong', days: (n: number) => `${n} ngày`, endless: 'không thời hạn',
    all: 'Cho làm mọi việc bạn được làm, không chỉ xem', add: 'Tạo mã', none: 'Chưa có mã nào.', secret: 'Mã truy cập',
    made: (name: string) => `Đã tạo mã cho “${name}”. Hãy chép ngay: mã chỉ hiện một lần.`,
    reads: 'chỉ xem', acts: 'được thay đổi', unused: 'Chưa dùng lần nào', used: (time: string, date: string) => `Dùng lần cuối ${time} ngày ${date}`,
    until: (date: string) => `đến ${date}`, over: 'đã hết hạn', end: 'Xoá mã', endThis: (name: string) => `Xoá mã “${name}”`,
    endWhat: 'Phần mềm đang dùng mã này sẽ không vào được nữa.',
  },
  users: {
    add: 'Thêm người dùng', name: 'Họ và tên', login: 'Tên đăng nhập', password: 'Mật khẩu đầu tiên', phone: 'Điện thoại (không bắt buộc)',
    role: 'Vai trò', area: 'Tại đơn vị', added: (name: string) => `Đã thêm ${name}.`,
    edit: 'Sửa', disabled: 'đã khoá', addRole: 'Thêm vai trò', removeRole: 'Bỏ vai trò này', reset: 'Đặt lại mật khẩu', disable: 'Khoá tài khoản', enable: 'Mở khoá',
    resetTitle: (name: string) => `Đặt lại mật khẩu của ${name}?`, resetWhat: 'Người này bị đăng xuất khỏi mọi máy, mã truy cập cũng bị xoá. Bạn sẽ thấy mật khẩu tạm để đưa cho họ.',
    disableTitle: (name: string) => `Khoá tài khoản của ${name}?`, disableWhat: 'Người này bị đăng xuất ngay và không vào được nữa. Việc đã làm vẫn ở trong nhật ký.',
    dropTotp: 'Bỏ bước hai', dropTotpTitle: (name: string) => `Bỏ đăng nhập hai bước của ${name}?`, dropTotpWhat: 'Dùng khi người này mất điện thoại và mã dự phòng. Hãy chắc chắn đúng là họ nhờ.',
    temporary: 'Mật khẩu tạm', temporaryWhat: (name: string) => `Hãy đưa mật khẩu này cho ${name}. Nó chỉ hiện một lần và phải đổi khi đăng nhập.`,
  },
}
