// The frame: navigation, states, days, outcomes, home, help.
import type { Outcome } from '../../api/types'
import { joined } from '../../pure/text'
import { duration } from './shared'

const LONG = ['Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy', 'Chủ Nhật']

const TITLES: Record<string, string> = {
  '': 'Trang chủ', schedule: 'Lịch phát', compose: 'Soạn bản tin', stations: 'Trạm loa', log: 'Nhật ký phát',
  approvals: 'Duyệt bản tin', inbox: 'Việc cần xem', programmes: 'Chương trình', sounds: 'Kho âm thanh', reports: 'Báo cáo', sources: 'Nguồn tiếp âm', coverage: 'Độ phủ', alerts: 'Cảnh báo khẩn cấp', 'alert-log': 'Cảnh báo đã phát',
  areas: 'Đơn vị', groups: 'Nhóm', users: 'Người dùng và vai trò', pairing: 'Ghép trạm', policies: 'Quy định', holidays: 'Ngày lễ',
  settings: 'Cài đặt', audit: 'Nhật ký hệ thống', account: 'Tài khoản', roles: 'Ai được làm gì', help: 'Trợ giúp', more: 'Thêm',
}

const TABS: Record<string, string> = { ...TITLES, compose: 'Soạn', log: 'Nhật ký' }

export const shell = {
  nav: {
    main: 'Mục chính', skip: 'Tới nội dung chính', unit: 'Đơn vị đang xem',
    title: (name: string) => TITLES[name] ?? TITLES[''],
    tab: (name: string) => TABS[name] ?? name,
    province: { '': 'Tổng quan', compose: 'Bản tin gửi xã', schedule: 'Lịch', log: 'Nhật ký và bằng chứng', approvals: 'Duyệt', alerts: 'Cảnh báo' } as Record<string, string>,
    more: 'Thêm', admin: 'Quản trị', alert: 'Phát khẩn cấp', alertBrief: 'Khẩn cấp',
  },
  connection: { live: 'Đã kết nối', stale: 'Số liệu cũ', offline: 'Mất kết nối' },
  action: {
    again: 'Thử lại', close: 'Đóng', keep: 'Thôi, giữ nguyên', listen: 'Nghe thử', pause: 'Tạm dừng', print: 'In', save: 'Lưu', reload: 'Tải lại trang', copy: 'Sao chép', copied: 'Đã sao chép',
  },
  state: {
    loading: 'Đang tải…', wait: 'Xin chờ…', saved: 'Đã lưu.', unknown: 'chưa rõ', nothingFound: 'Không tìm thấy gì.',
    found: (shown: number, all: number) => (shown < all ? `Hiện ${shown} trong ${all}. Gõ thêm để thu hẹp.` : `${all} mục`), shown: (n: number, all: number) => `Đang hiện ${n} trong ${all} mục`,
    more: (n: number) => `Còn ${n} mục nữa`, further: 'Xem thêm', narrow: 'Còn nữa. Gõ thêm để thu hẹp.',
    stale: (time: string) => `Số liệu từ lúc ${time}, chưa cập nhật được. Đang thử lại.`,
  },
  error: {
    tooMany: (n: number) => `Danh sách dài hơn ${n} mục nên không hiện`, tooManyWhat: 'Hãy chọn một đơn vị nhỏ hơn rồi mở lại.',
    offline: 'Không có mạng',
    offlineWhat: 'Chưa nối được tới máy chủ. Nội dung bạn nhập vẫn còn; hãy thử lại khi có mạng.',
    refusedBefore: 'Lần gửi trước bị từ chối', refusedBeforeWhat: 'Hãy gửi lại để xem lý do bằng tiếng Việt.',
    newPanel: 'Máy chủ vừa có bản mới. Hãy tải lại trang.',
    away: 'Chưa rõ: từ lúc mở trang, máy chủ chưa trả lời. Khi có mạng, mục này tự hiện ra.',
    awayDraft: 'Trong lúc chờ, bạn vẫn soạn được bản tin; bản nháp nằm trên máy này.',
    offlineStations: 'Mất kết nối tới máy chủ. Lịch đã hẹn vẫn phát tại trạm.',
    server: (status: number) => `Máy chủ báo lỗi ${status}`,
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
    cancelled: 'Đã hủy', unknown: 'Chưa có tin', unreported: 'Không có biên nhận',
  } as Record<Outcome, string>,
  reason: {
    no_power: 'Mất điện', restart: 'Trạm khởi động lại', no_time: 'Trạm chưa có giờ đúng', no_media: 'Trạm chưa nhận được tệp',
    bad_media: 'Tệp bị hỏng', displaced: 'Bị bản tin khác chèn', expired: 'Hết hiệu lực', device_fault: 'Hỏng thiết bị âm thanh',
    policy: 'Ngoài giờ cho phép', local_stop: 'Có người bấm dừng tại trạm', unsupported: 'Phần mềm trạm quá cũ', late: 'Quá giờ cho phép', data_budget: 'Hết dung lượng SIM', muted: 'Trạm đang tắt tiếng',
  } as Record<string, string>,
  class: { normal: 'Thông thường', priority: 'Ưu tiên', emergency: 'Khẩn cấp' },
  role: {
    administrator: 'Quản trị', editor: 'Biên tập cấp tỉnh', auditor: 'Kiểm tra, giám sát', commune_leader: 'Lãnh đạo xã',
    commune_operator: 'Cán bộ truyền thanh xã', village_head: 'Trưởng thôn', technician: 'Kỹ thuật viên', viewer: 'Chỉ xem',
  },
  home: {
    clock: 'Giờ máy chủ', onAir: 'Đang phát', stations: 'Trạm loa', next: 'Sắp phát', week: 'Xem cả tuần', compose: 'Soạn bản tin',
    silence: 'Lúc này không có gì đang phát.', allWell: 'Không trạm nào cần xử lý.', nothingNext: 'Chưa hẹn bản tin nào.',
    stripAbout: (n: number) => `Dải giờ hôm nay: ${n} bản tin`,
    playing: (n: number, of: number) => `${n}/${of} trạm đang phát`,
    failed: (n: number) => `${n} trạm không phát được`,
    fine: (n: number, of: number) => `${n} trong ${of} trạm hoạt động tốt`,
    waiting: (n: number, more = false) => `${more ? 'Hơn ' : ''}${n} bản tin chờ duyệt`,
    notReady: (n: number) => `${n} trạm chưa có tệp`,
    noBackup: 'Chưa có bản sao lưu nào.', lateBackup: (hours: number) => `Bản sao lưu gần nhất cách đây ${hours} giờ.`,
    backupWhat: 'Nếu máy chủ hỏng, dữ liệu từ đó đến nay sẽ mất. Chạy “loa doctor” trên máy chủ để biết phải làm gì.',
  },
  undo: {
    button: (s: number) => `Hoàn tác (${s})`, busy: 'Đang hủy…', asking: 'Đã hủy. Đang hỏi các trạm…', unheard: 'Đã hủy, nhưng mất kết nối nên chưa biết trạm nào đã bỏ lệnh phát.', over: 'Đã hết thời gian hoàn tác. Cần dừng thì bấm “Dừng phát” ở Trang chủ.',
    nothing: 'Đã hủy. Chưa trạm nào nhận lệnh phát này.', waiting: (n: number, of: number) => `Đã hủy. ${n}/${of} trạm đã bỏ lệnh phát, đang chờ các trạm còn lại…`,
    done: (of: number) => `Đã hủy. ${of === 1 ? 'Trạm' : `Cả ${of} trạm`} đã bỏ lệnh phát.`, unsure: (n: number) => `${n} trạm chưa trả lời, có thể vẫn phát.`,
    played: (n: number) => `${n} trạm đã phát trước khi nhận lệnh hủy.`,
  },
  again: { title: 'Vừa phát, có thể phát lại', play: 'Phát lại' },
  since: {
    title: (time: string) => `Những lượt chưa phát được, từ ${time}`, seen: 'Đã xem', all: 'Xem tất cả',
    sum: (missed: number, partial: number, unknown: number) =>
      [missed && `${missed} lượt không phát được`, partial && `${partial} lượt phát một phần`, unknown && `${unknown} lượt chưa có tin`].filter(Boolean).join(' · '),
  },
  help: { search: 'Bạn cần làm gì? (không cần dấu)', none: 'Chưa có câu trả lời. Hãy thử chữ khác, hoặc hỏi người hỗ trợ.', go: 'Mở', support: 'Người hỗ trợ:', why: 'Vì sao không phát?' },
}
