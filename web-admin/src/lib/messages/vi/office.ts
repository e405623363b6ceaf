// The office: policies, groups, holidays, settings, system log.
export const office = {
  policy: {
    effective: (area: string) => `Đang áp dụng tại ${area}`, own: (area: string) => `Quy định riêng của ${area}`,
    tighten: 'Chỉ có thể chặt hơn cấp trên, không thể nới. Để trống là theo cấp trên.', empty: 'Để trống: không giới hạn thêm.',
    from: 'từ', until: 'đến', remove: 'Bỏ dòng này', addSpan: 'Thêm khoảng giờ', asAbove: 'Như cấp trên', everyDay: 'Mọi ngày',
    quiet: 'Giờ yên tĩnh', quietHint: 'Không phát gì, trừ khẩn cấp.', windows: 'Giờ được phát', windowsHint: 'Chỉ phát trong các khoảng này. Không ghi gì: cả ngày, trừ giờ yên tĩnh.',
    ceilings: 'Mức trần âm lượng', ceilingsHint: 'Trong khoảng giờ này không to hơn mức đã ghi.', gain: 'dB',
    session_min: 'Nhiều nhất mỗi buổi (phút)', day_min: 'Nhiều nhất mỗi ngày (phút)', live_max_min: 'Phát trực tiếp lâu nhất (phút)', approvers: 'Số người duyệt',
    data_day_mb: 'Dung lượng SIM mỗi trạm mỗi ngày (MB)', data_month_mb: 'Dung lượng SIM mỗi trạm mỗi tháng (MB)',
    mayPriority: 'Cho phép hẹn bản tin ưu tiên',
    say: {
      quiet: (list: string[]) => (list.length > 0 ? `Giờ yên tĩnh: ${list.join('; ')}. Không phát gì, trừ khẩn cấp.` : 'Giờ yên tĩnh: 22:00–04:45 (mặc định tại trạm), trừ khẩn cấp.'),
      windows: (list: string[]) => `Chỉ phát: ${list.join('; ')}.`,
      ceiling: (span: string, gain: number) => `${span}: âm lượng cao nhất ${gain} dB.`,
      session: (n: number) => `Mỗi buổi nhiều nhất ${n} phút.`, day: (n: number) => `Mỗi ngày nhiều nhất ${n} phút.`, live: (n: number) => `Phát trực tiếp lâu nhất ${n} phút.`,
      dataDay: (n: number) => `Mỗi trạm dùng nhiều nhất ${n.toLocaleString('vi')} MB một ngày: hết mức thì ngừng tiếp âm, khẩn cấp vẫn phát.`, dataMonth: (n: number) => `Mỗi trạm dùng nhiều nhất ${n.toLocaleString('vi')} MB một tháng: hết mức thì ngừng tiếp âm, khẩn cấp vẫn phát.`,
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
}
