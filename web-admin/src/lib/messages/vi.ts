// The source of all texts. Short, spoken Vietnamese; the officials' own words (docs/api.md names the codes).
import type { Outcome, When } from '../api/types'
import { joined } from '../pure/text'

const duration = (ms: number): string => {
  const s = Math.round(ms / 1000)
  if (s < 60) return `${s} giây`
  return s % 60 === 0 ? `${s / 60} phút` : `${Math.floor(s / 60)} phút ${s % 60} giây`
}

const LONG = ['Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy', 'Chủ Nhật']

const TITLES: Record<string, string> = {
  '': 'Trang chủ', schedule: 'Lịch phát', compose: 'Soạn bản tin', stations: 'Trạm loa', log: 'Nhật ký phát',
  approvals: 'Duyệt bản tin', sounds: 'Kho âm thanh', reports: 'Báo cáo', sources: 'Nguồn tiếp âm', coverage: 'Độ phủ', alerts: 'Cảnh báo khẩn cấp',
  areas: 'Đơn vị', groups: 'Nhóm', users: 'Người dùng và vai trò', pairing: 'Ghép trạm', policies: 'Quy định', holidays: 'Ngày lễ',
  settings: 'Cài đặt', audit: 'Nhật ký hệ thống', account: 'Tài khoản', help: 'Trợ giúp', more: 'Thêm',
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
    more: (n: number) => `Còn ${n} mục nữa`, further: 'Xem thêm',
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
    policy: 'Người quản trị phải đăng nhập hai bước',
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
  approvals: {
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
    clash: 'Trùng giờ', clashCount: (n: number) => `${n} lượt trùng giờ trong tuần này. Bấm vào từng lượt để xem trạm sẽ phát thế nào.`,
    silent: (why: string) => (why ? `Không phát: ${why}` : 'Không phát'), movedHere: 'đã dời', at: (station: string) => `Tại ${station}:`,
    change: 'Đổi giờ', check: 'Xem có trùng không', move: 'Lưu giờ mới', sameTime: 'Đây là giờ đang hẹn. Hãy chọn giờ khác.',
    scope: 'Đổi cho', scopes: { this: 'Chỉ lần này', following: 'Lần này và các lần sau', all: 'Tất cả các lần sắp tới' },
    leaveOut: { this: 'Bỏ lần này', following: 'Bỏ từ lần này trở đi', all: 'Bỏ tất cả lần sắp tới' },
    free: (n: number) => `Không trùng với lịch nào ở ${n} trạm.`, clashes: (n: number) => `Trùng với ${n} lượt phát khác:`, takeFree: (time: string, date: string) => `Lấy giờ trống gần nhất: ${time} ${date}`,
    fold: (from: string, to: string) => `${from}–${to} không có lịch, bấm để mở`,
  },
  station: {
    state: { online: 'Đang hoạt động', offline: 'Mất kết nối', never: 'Chưa kết nối lần nào', faulty: 'Có lỗi' },
    none: 'Chưa có trạm loa nào.', add: 'Ghép trạm mới', search: 'Tìm tên trạm, thôn (không cần dấu)',
    lastContact: (time: string, day: string) => `Liên lạc lần cuối ${day}${time}`,
    now: 'Hiện tại', readiness: 'Sẵn sàng', recent: 'Lượt phát gần đây', contact: 'Liên lạc', playing: 'Đang phát', notPlaying: 'không phát gì',
    level: 'Mức ra loa', volume: 'Âm lượng', amplifier: 'Tăng âm', clock: 'Đồng hồ', plan: 'Lịch tại trạm', media: 'Tệp âm thanh',
    receipts: 'Biên nhận chờ gửi', storage: 'Bộ nhớ trống', software: 'Phần mềm', model: 'Máy',
    amplifiers: { on: 'đang bật', off: 'đang tắt', unknown: 'chưa rõ' } as Record<string, string>,
    clockError: (ms: number, trust: number | null) => `sai không quá ${Math.round(ms)} ms${trust == null ? '' : ` (mức tin cậy ${trust})`}`,
    planIs: (version: number, current: boolean) => `bản số ${version}, ${current ? 'mới nhất' : 'chưa mới nhất'}`,
    mediaIs: (ready: number, missing: number) => (missing > 0 ? `có ${ready}, còn thiếu ${missing}` : `đủ ${ready} tệp`),
    since: (time: string) => `Từ ${time}`, nextStep: 'Nên làm',
    addWhat: 'Mã 8 ký tự nằm trên màn hình hoặc nhãn của trạm, và trạm tự đọc mã ra loa. Mã được cấp tại cột loa, không có ở đây.',
    code: 'Mã ghép', codeHint: 'Gõ liền, dấu gạch tự thêm.', codeShort: 'Mã có 8 ký tự.', name: 'Tên trạm', nameHint: 'Ví dụ: Nhà văn hoá thôn Thượng 2',
    nameNeeded: 'Hãy đặt tên trạm.', area: 'Thuộc đơn vị', accept: 'Ghép trạm', waiting: 'Trạm đang chờ ghép', noneWaiting: 'Không có trạm nào đang chờ.',
    edit: 'Sửa thông tin', volumeDb: 'Âm lượng (dB)', volumeHint: '0 là mức đầy; số âm là nhỏ hơn.',
    answering: (n: number, of: number) => `${n} trong ${of} trạm có liên lạc`,
    scan: 'Quét mã QR bằng máy ảnh', aim: 'Đưa nhãn của trạm vào giữa khung.', byHand: 'Gõ mã bằng tay', nameListed: 'Để trống nếu trạm đã có trong danh sách nhập: tên và đơn vị lấy từ danh sách.',
    camera: { denied: 'Trình duyệt chưa cho dùng máy ảnh. Hãy cho phép, hoặc gõ mã bằng tay.', missing: 'Máy này không có máy ảnh. Hãy gõ mã bằng tay.', insecure: 'Chỉ dùng được máy ảnh khi mở trang bằng https. Hãy gõ mã bằng tay.' },
    week: 'Bảy ngày qua', nothing: 'không có', daySum: (played: number, of: number) => `${played}/${of} lượt đã phát`,
    agenda: 'Trạm này sẽ phát gì?', agendaNone: 'Ngày này trạm không phát gì.', dayBefore: 'Ngày trước', dayAfter: 'Ngày sau', silent: 'Không phát',
    place: 'Vị trí (vĩ độ, kinh độ)', placeHint: 'Ví dụ: 20.9517, 106.0519', placeWrong: 'Ghi vĩ độ rồi kinh độ, như 20.9517, 106.0519.', here: 'Lấy vị trí của điện thoại này',
    replace: 'Thay thiết bị', replaceCode: 'Mã ghép của thiết bị mới', replaced: 'Đã thay thiết bị.',
    replaceWhat: 'Thiết bị mới nhận tên, lịch phát và nhật ký của trạm này. Thiết bị cũ chỉ còn được gửi biên nhận của những lượt đã phát trước đó.',
    retire: 'Ngừng dùng trạm', retireTitle: (name: string) => `Ngừng dùng ${name}?`,
    retireWhat: 'Trạm không nhận lịch nữa. Nhật ký của trạm vẫn được giữ.',
  },
  log: {
    title: 'Nhật ký phát', filters: 'Lọc', from: 'Từ ngày', to: 'Đến ngày', outcome: 'Kết quả', station: 'Trạm', any: 'Tất cả', anyStation: 'Mọi trạm',
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
      return parts.join(' · ')
    },
  },
  evidence: {
    timeline: 'Diễn biến', measured: 'Trạm đã đo', author: 'Người soạn', approver: 'Người duyệt', planned: 'Giờ hẹn', started: 'Bắt đầu', ended: 'Kết thúc',
    grade: 'Mức bằng chứng', level: 'Mức tiếng / đỉnh', frames: 'Khung âm thanh ra loa', xruns: 'Lần đứt tiếng', mixer: 'Âm lượng máy', muted: 'đang tắt tiếng',
    trust: 'Độ tin cậy đồng hồ', none: 'Chưa có số đo từ trạm.', noReceipt: 'Chưa nhận biên nhận từ trạm.',
    receipt: (counter: number) => `Biên nhận số ${counter}, trạm đã ký.`,
    late: (ms: number) => (Math.abs(ms) < 1000 ? `lệch ${ms} ms` : `chậm ${duration(ms)}`),
    grades: {
      E0: 'chưa có', E1: 'trạm báo', E2: 'âm thanh đã ra khỏi card', E3: 'đo được ở tăng âm', E4: 'đã tự kiểm tra loa', E5: 'micrô tại chỗ nghe thấy',
    } as Record<string, string>,
  },
  map: {
    title: 'Bản đồ', heading: 'Bản đồ trạm loa', zoomIn: 'Phóng to', zoomOut: 'Thu nhỏ', open: 'Mở trang của trạm', listed: 'Trạm cần xem trên bản đồ',
    nothing: 'Chưa có gì trên bản đồ. Ghi vị trí ở trang của từng trạm, hoặc nhập danh sách trạm kèm kinh độ, vĩ độ.',
    unplaced: (n: number) => `${n} trạm chưa có vị trí.`,
    kind: { good: 'Có liên lạc', fault: 'Có lỗi', gone: 'Mất kết nối', never: 'Chưa kết nối lần nào' },
  },
  imports: {
    short: 'Nhập danh sách', title: { stations: 'Nhập danh sách trạm', areas: 'Nhập danh sách đơn vị', outlines: 'Nhập ranh giới bản đồ' },
    what: {
      stations: 'Lưu bảng tính dạng CSV (UTF-8) với các cột dưới đây. Trạm đã ghép được sửa theo danh sách; trạm chưa ghép chờ sẵn tên và vị trí cho tới khi quét mã.',
      areas: 'Lưu bảng tính dạng CSV (UTF-8), cấp trên đứng trước cấp dưới. Đơn vị đã có thì giữ nguyên.',
      outlines: 'Tệp GeoJSON (WGS 84): mỗi ranh giới ghi tên đơn vị ở properties.name hoặc mã ở properties.id.',
    },
    sample: {
      stations: 'số máy;tên;đơn vị;vĩ độ;kinh độ;âm lượng\nLB-0090;Nhà văn hoá thôn Thượng;Thôn Thượng;20,9517;106,0519;-6',
      areas: 'tên;loại;thuộc\nXã Đông Hưng;Xã;Tỉnh Hưng Yên\nThôn Thượng;Thôn;Xã Đông Hưng',
    },
    choose: 'Chọn tệp', other: 'Chọn lại tệp', under: (area: string) => `Dòng để trống đơn vị sẽ thuộc ${area}.`,
    ready: 'Xem trước: chưa lưu gì', stored: 'Đã lưu danh sách', refused: (n: number) => `${n} dòng chưa đúng, chưa lưu gì`,
    counts: (r: { create: number; update: number; same: number; refused: number }) => `Thêm ${r.create} · sửa ${r.update} · giữ nguyên ${r.same} · chưa đúng ${r.refused}`,
    store: (n: number) => `Lưu ${n} dòng`, mend: 'Hãy sửa các dòng này trong bảng tính rồi chọn lại tệp.', row: (n: number) => `Dòng ${n}`,
    rowIs: { create: 'thêm', update: 'sửa', same: 'giữ nguyên', refused: 'chưa đúng' },
  },
  policy: {
    effective: (area: string) => `Đang áp dụng tại ${area}`, own: (area: string) => `Quy định riêng của ${area}`,
    tighten: 'Chỉ có thể chặt hơn cấp trên, không thể nới. Để trống là theo cấp trên.', empty: 'Để trống: không giới hạn thêm.',
    from: 'từ', until: 'đến', remove: 'Bỏ dòng này', addSpan: 'Thêm khoảng giờ', asAbove: 'Như cấp trên', everyDay: 'Mọi ngày',
    quiet: 'Giờ yên tĩnh', quietHint: 'Không phát gì, trừ khẩn cấp.', windows: 'Giờ được phát', windowsHint: 'Chỉ phát trong các khoảng này. Không ghi gì: cả ngày, trừ giờ yên tĩnh.',
    ceilings: 'Mức trần âm lượng', ceilingsHint: 'Trong khoảng giờ này không to hơn mức đã ghi.', gain: 'dB',
    session_min: 'Nhiều nhất mỗi buổi (phút)', day_min: 'Nhiều nhất mỗi ngày (phút)', live_max_min: 'Phát trực tiếp lâu nhất (phút)', approvers: 'Số người duyệt',
    mayPriority: 'Cho phép hẹn bản tin ưu tiên',
    say: {
      quiet: (list: string[]) => (list.length > 0 ? `Giờ yên tĩnh: ${list.join('; ')}. Không phát gì, trừ khẩn cấp.` : 'Giờ yên tĩnh: 22:00–04:45 (mặc định tại trạm), trừ khẩn cấp.'),
      windows: (list: string[]) => `Chỉ phát: ${list.join('; ')}.`,
      ceiling: (span: string, gain: number) => `${span}: âm lượng cao nhất ${gain} dB.`,
      session: (n: number) => `Mỗi buổi nhiều nhất ${n} phút.`, day: (n: number) => `Mỗi ngày nhiều nhất ${n} phút.`, live: (n: number) => `Phát trực tiếp lâu nhất ${n} phút.`,
      approvers: (n: number) => `Mỗi bản tin cần ${n} người duyệt.`, noPriority: 'Không được hẹn bản tin ưu tiên.', emergency: 'Cảnh báo khẩn cấp không bị giới hạn giờ.',
    },
  },
  groups: {
    what: 'Nhóm (liên xã) là một tập đơn vị và trạm có tên, để hẹn phát một lần cho tất cả. Đơn vị ngoài phạm vi của bạn phải đồng ý trước.',
    none: 'Chưa có nhóm nào.', add: 'Lập nhóm', name: 'Tên nhóm', nameHint: 'Ví dụ: Các xã ven sông', members: 'Thành viên', remove: 'Xoá nhóm',
    removeTitle: (name: string) => `Xoá nhóm ${name}?`, removeWhat: 'Các đơn vị và trạm vẫn còn; chỉ tên nhóm mất đi.', accept: 'Đồng ý', refuse: 'Từ chối', withdraw: 'Rút lại',
    state: { own: 'trong phạm vi', requested: 'chờ đồng ý', accepted: 'đã đồng ý', refused: 'đã từ chối', withdrawn: 'đã rút' },
  },
  holidays: {
    what: 'Lịch phát có thể nghỉ, hoặc chỉ phát, vào các ngày này.', year: 'Năm', edit: 'Sửa ngày lễ', name: 'Tên ngày', day: 'Ngày', month: 'Tháng', days: 'Mấy ngày', lunar: 'Theo âm lịch', add: 'Thêm ngày',
    remove: (name: string) => `Bỏ ${name}`,
    on: (day: number, month: number, lunar: boolean, days: number) => `${day}/${month}${lunar ? ' âm lịch' : ''}${days > 1 ? `, ${days} ngày` : ''}`,
  },
  settings: {
    organisation: 'Cơ quan', elsewhere: 'Cài đặt khác', atTheTop: 'Chỉ người quản trị của cấp cao nhất sửa được.',
    report_heading: 'Tên cơ quan trên báo cáo', report_place: 'Nơi lập báo cáo', support: 'Ai giúp khi có sự cố',
    hint: { report_heading: 'Như in ở đầu công văn, mỗi dòng một cấp.', report_place: 'Ví dụ: Hưng Yên', support: 'Tên và số điện thoại, hiện ở trang Trợ giúp.' },
  },
  audit: {
    csv: 'Tải bảng tính', search: 'Tìm', searchHint: 'Tên người, đơn vị, nội dung; không cần dấu.', kind: 'Về việc gì', system: 'Hệ thống',
    about: {
      login: 'Đăng nhập', session: 'Phiên làm việc', user: 'Người dùng', token: 'Mã truy cập', area: 'Đơn vị', group: 'Nhóm', station: 'Trạm loa', bulletin: 'Bản tin', programme: 'Chương trình',
      broadcast: 'Lịch phát', alert: 'Cảnh báo khẩn cấp', holidays: 'Ngày lễ', settings: 'Cài đặt',
    } as Record<string, string>,
    verbs: {
      'login.failed': 'đăng nhập sai', 'session.end': 'đăng xuất một máy', 'session.end_others': 'đăng xuất các máy khác', 'user.create': 'thêm người dùng', 'user.change': 'sửa người dùng', 'user.disable': 'khoá tài khoản',
      'user.enable': 'mở khoá tài khoản', 'user.reset_password': 'đặt lại mật khẩu', 'user.reset_totp': 'bỏ bước hai của người dùng', 'token.create': 'tạo mã truy cập', 'token.delete': 'xoá mã truy cập',
      'area.create': 'thêm đơn vị', 'area.change': 'sửa đơn vị', 'area.import': 'nhập danh sách đơn vị', 'area.outlines': 'nhập ranh giới', 'area.policy': 'đổi quy định', 'area.tune': 'đổi nhạc hiệu',
      'station.accept': 'ghép trạm', 'station.change': 'sửa trạm', 'station.import': 'nhập danh sách trạm', 'station.retire': 'ngừng dùng trạm', 'station.replace': 'thay máy của trạm', 'station.wrong_code': 'gõ sai mã ghép',
      'bulletin.create': 'soạn bản tin', 'bulletin.change': 'sửa bản tin', 'bulletin.submit': 'gửi duyệt', 'bulletin.approve': 'duyệt bản tin', 'bulletin.reject': 'trả lại bản tin', 'bulletin.withdraw': 'rút bản tin',
      'broadcast.create': 'hẹn phát', 'broadcast.change': 'đổi lịch phát', 'broadcast.delete': 'xoá lịch phát', 'group.create': 'lập nhóm', 'group.change': 'sửa nhóm', 'group.delete': 'xoá nhóm', 'group.accept': 'đồng ý vào nhóm',
      'group.refuse': 'từ chối vào nhóm', 'group.withdraw': 'rút khỏi nhóm', 'group.request': 'xin lại đồng ý', 'programme.create': 'lập chương trình', 'programme.change': 'sửa chương trình', 'programme.delete': 'xoá chương trình',
      'template.save': 'lưu mẫu chương trình', 'template.delete': 'xoá mẫu chương trình', 'holidays.change': 'sửa ngày lễ', 'settings.change': 'đổi cài đặt', 'access_policy.totp_on': 'bắt buộc đăng nhập hai bước', 'access_policy.totp_off': 'thôi bắt buộc đăng nhập hai bước',
      'alert.issue': 'phát khẩn cấp', 'alert.cancel': 'dừng khẩn cấp', 'airing.stop': 'dừng phát',
    } as Record<string, string>,
  },
  since: {
    title: (time: string) => `Chưa phát được từ ${time}`, seen: 'Đã xem', all: 'Xem tất cả',
    sum: (missed: number, partial: number, unknown: number) =>
      [missed && `${missed} lượt không phát được`, partial && `${partial} lượt phát một phần`, unknown && `${unknown} lượt chưa có tin`].filter(Boolean).join(' · '),
  },
  rule: {
    lunar: (days: number[], months: number[]) => `Ngày ${joined(days.map((d) => (d === -1 ? 'cuối tháng' : d === 15 ? 'rằm' : d <= 10 ? `mùng ${d}` : String(d))), ' và ')} âm lịch${months.length > 0 ? ` tháng ${months.join(', ')}` : ' hằng tháng'}`,
    days: (n: number) => (n === 1 ? 'Hằng ngày' : `${n} ngày một lần`),
    monthly: (days: number[], every: number) => `Ngày ${joined(days.map((d) => (d === -1 ? 'cuối tháng' : String(d))), ' và ')} ${every === 1 ? 'hằng tháng' : `${every} tháng một lần`}`,
    exceptHolidays: 'nghỉ ngày lễ', onlyHolidays: 'chỉ ngày lễ',
  },
  help: { search: 'Bạn cần làm gì? (không cần dấu)', none: 'Chưa có câu trả lời. Hãy thử chữ khác, hoặc hỏi người hỗ trợ.', go: 'Mở', support: 'Người hỗ trợ:', why: 'Vì sao không phát?' },
  sources: {
    what: 'Các đài mà loa có thể tiếp âm. Loa thử các địa chỉ theo thứ tự; địa chỉ nào hỏng thì chuyển sang địa chỉ kế tiếp.',
    none: 'Chưa có nguồn nào. Thêm đài tỉnh hoặc Đài Tiếng nói Việt Nam để tiếp âm.',
    add: 'Thêm nguồn tiếp âm', name: 'Tên đài', address: 'Địa chỉ luồng âm thanh', another: 'Thêm địa chỉ dự phòng',
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
    rights: 'Ai được làm gì', rightsWhat: 'Vai trò có hiệu lực ở đơn vị được giao và mọi đơn vị bên dưới.', may: 'Được', mayNot: 'Không', holders: (n: number) => (n === 0 ? 'chưa có ai' : `${n} người`),
    add: 'Thêm người dùng', name: 'Họ và tên', login: 'Tên đăng nhập', password: 'Mật khẩu đầu tiên', phone: 'Điện thoại (không bắt buộc)',
    role: 'Vai trò', area: 'Tại đơn vị', added: (name: string) => `Đã thêm ${name}.`,
    edit: 'Sửa', disabled: 'đã khoá', addRole: 'Thêm vai trò', removeRole: 'Bỏ vai trò này', reset: 'Đặt lại mật khẩu', disable: 'Khoá tài khoản', enable: 'Mở khoá',
    resetTitle: (name: string) => `Đặt lại mật khẩu của ${name}?`, resetWhat: 'Người này bị đăng xuất khỏi mọi máy, mã truy cập cũng bị xoá. Bạn sẽ thấy mật khẩu tạm để đưa cho họ.',
    disableTitle: (name: string) => `Khoá tài khoản của ${name}?`, disableWhat: 'Người này bị đăng xuất ngay và không vào được nữa. Việc đã làm vẫn ở trong nhật ký.',
    dropTotp: 'Bỏ bước hai', dropTotpTitle: (name: string) => `Bỏ đăng nhập hai bước của ${name}?`, dropTotpWhat: 'Dùng khi người này mất điện thoại và mã dự phòng. Hãy chắc chắn đúng là họ nhờ.',
    temporary: 'Mật khẩu tạm', temporaryWhat: (name: string) => `Hãy đưa mật khẩu này cho ${name}. Nó chỉ hiện một lần và phải đổi khi đăng nhập.`,
  },
}
