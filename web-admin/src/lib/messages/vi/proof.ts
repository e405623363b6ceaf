// Proof: log, reports, coverage, evidence.
import type { Legacy, Outcome, Step } from '../../api/types'
import { duration } from './shared'

export const proof = {
  log: {
    title: 'Nhật ký phát', filters: 'Lọc', class: 'Mức', more: 'Xem thêm', csv: 'Tải CSV', xlsx: 'Tải Excel', from: 'Từ ngày', to: 'Đến ngày', outcome: 'Kết quả', station: 'Trạm', any: 'Tất cả', anyStation: 'Mọi trạm',
    all: 'Xem tất cả', oneBroadcast: 'Chỉ đang xem một lịch phát.', noneYet: 'Chưa có lượt phát nào.',
    none: (from: string, to: string) => `Không có lượt phát nào từ ${from} đến ${to}.`,
    summary: (c: Record<Outcome, number>, total: number) => {
      const due = total - c.cancelled
      if (due === 0) return 'Đã hủy'
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
  paper: {
    committee: (area: string) => `Ủy ban nhân dân ${area}`, radio: 'Đài truyền thanh', report: 'Báo cáo', number: (sign: string) => (sign ? `Số: ......../${sign}-........` : 'Số: ........'),
    dated: (place: string, day: string, month: string, year: string) => `${place}, ngày ${day} tháng ${Number(month) < 3 ? month : Number(month)} năm ${year}`,
    signedHow: '(Ký, ghi rõ họ tên)', head: 'Thủ trưởng đơn vị', headHow: '(Ký, ghi rõ họ tên, đóng dấu)',
  },
  reports: {
    title: 'Báo cáo tháng', month: 'Tháng', before: 'Tháng trước', after: 'Tháng sau', stillOpen: 'Tháng chưa hết, số liệu còn thay đổi.',
    nation: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', motto: 'Độc lập - Tự do - Hạnh phúc', heading: (m: string, y: string) => `Hoạt động truyền thanh tháng ${Number(m) < 3 ? m : Number(m)} năm ${y}`,
    signed: 'Người lập báo cáo', made: (time: string) => `Lập lúc ${time}`,
    success: 'Phát thành công', aired: 'Thời lượng đã phát', due: 'Lượt đến giờ', uptime: 'Trạm hoạt động', late: 'Bắt đầu chậm', drops: 'Lần mất kết nối', stations: 'Số trạm',
    played: 'Đã phát', partial: 'Một phần', missed: 'Không phát được', silent: 'Chưa có tin', minutes: (ms: number) => `${Math.round(ms / 60000).toLocaleString('vi')}\u00a0phút`,
    was: (text: string) => `tháng trước ${text}`, days: 'Từng ngày', day: 'Ngày', areas: 'Theo đơn vị', area: 'Đơn vị', own: 'trạm trực thuộc',
    byClass: 'Theo mức', bySource: 'Theo nguồn', byLanguage: 'Theo ngôn ngữ', byAuthor: 'Theo người soạn', group: 'Nhóm', reasons: 'Vì sao không phát trọn', reason: 'Lý do', airings: 'Số lượt',
    faults: 'Lỗi đang có tại trạm', none: 'Không có lượt phát nào trong tháng này.', noFaults: 'Không trạm nào đang báo lỗi.', chart: 'Biểu đồ số lượt từng ngày; số liệu có trong bảng bên dưới.', table: 'Xem bảng số liệu từng ngày',
    sources: { speech: 'Máy đọc', audio: 'Tệp, ghi âm, tiếp âm', '': 'Chưa rõ' } as Record<string, string>,
  },
  coverage: {
    title: 'Độ phủ', heading: 'Độ phủ truyền thanh', what: 'Xã, phường có đài truyền thanh và có đài số.', station: 'Có đài truyền thanh', digital: 'Có đài số', target: (p: string) => `chỉ tiêu ${p}`, reached: 'đạt', notReached: 'chưa đạt',
    commune: 'Xã, phường', stations: 'Trạm số', legacy: 'Hệ thống cũ', kinds: { none: 'Không có', fm: 'Phát FM', wired: 'Có dây' } as Record<Legacy, string>,
    of: (n: number, all: number) => `${n}/${all} xã, phường`, yes: 'có', no: 'chưa', none: 'Chưa có xã, phường nào trong đơn vị này.',
  },
  evidence: {
    timeline: 'Diễn biến', measured: 'Trạm đã đo', author: 'Người soạn', approver: 'Người duyệt', planned: 'Giờ hẹn', started: 'Bắt đầu', ended: 'Kết thúc',
    grade: 'Mức bằng chứng', level: 'Mức tiếng / đỉnh', frames: 'Khung âm thanh ra loa', xruns: 'Lần đứt tiếng', mixer: 'Âm lượng máy', muted: 'đang tắt tiếng',
    trust: 'Độ tin cậy đồng hồ', none: 'Chưa có số đo từ trạm.', noReceipt: 'Chưa nhận biên nhận từ trạm.',
    more: (n: number) => `Trạm đã gửi nhiều hơn ${n} biên nhận này cho lượt phát. Máy chủ giữ đủ tất cả cho kiểm toán.`,
    receipt: (counter: number) => `Biên nhận số ${counter}, trạm đã ký.`,
    steps: {
      approved: 'Đã duyệt', ordered: 'Đã hẹn phát', signed: 'Đã ký lịch gửi trạm', fetched: 'Trạm đã nhận lịch', due: 'Giờ hẹn', started: 'Bắt đầu phát',
      ended: 'Phát xong', told: 'Trạm ký biên nhận', stored: 'Đã lưu biên nhận', closed: 'Đóng: không có biên nhận',
    } as Record<Step, string>,
    signatures: { good: 'chữ ký đúng', bad: 'chữ ký SAI', other_key: 'ký bằng khóa cũ của trạm' },
    proof: 'Bằng chứng đã ký', plan: (v: number, epoch: number) => `Lịch tại trạm bản ${epoch}.${v}, máy chủ đã ký.`, sha: 'SHA-256', counts: 'được tính', notCounted: 'không tính',
    clockError: (ms: number) => `đồng hồ sai không quá ${Math.round(ms)} ms`,
    conflict: 'Có nhiều biên nhận cho lượt này. Biên nhận đầu tiên báo đã phát được tính.',
    unreported: 'Sau 60 ngày không có tin từ trạm, máy chủ đã ký đóng lượt này. Biên nhận tới muộn vẫn được tính.',
    waitsFor: (state: string, missing: number) => (missing > 0 ? `Trạm còn thiếu ${missing} tệp.` : state === 'online' ? 'Trạm đã có đủ tệp.' : 'Trạm đã có đủ tệp nhưng đang mất kết nối.'),
    sounded: 'Đã nghe được gì', standsIn: (title: string) => `dự phòng: ${title}`,
    late: (ms: number) => (Math.abs(ms) < 1000 ? `lệch ${ms} ms` : `chậm ${duration(ms)}`),
    grades: {
      E0: 'chưa có', E1: 'trạm báo', E2: 'tiếng đã ra khỏi card âm thanh', E3: 'đo được ở tăng âm', E4: 'đã tự kiểm tra loa', E5: 'micrô tại chỗ nghe thấy',
    } as Record<string, string>,
  },
}
