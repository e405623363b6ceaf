// People: sign-in, accounts, users, roles, areas.
export const people = {
  login: {
    title: 'Đăng nhập Loa', name: 'Tên đăng nhập', password: 'Mật khẩu', show: 'Hiện mật khẩu', go: 'Đăng nhập',
    expired: 'Phiên làm việc đã hết. Hãy đăng nhập lại; bản nháp vẫn còn.',
  },
  setup: {
    title: 'Bắt đầu dùng Loa', what: 'Tạo đơn vị đầu tiên và người quản trị đầu tiên.', go: 'Tạo và đăng nhập',
    token: 'Mã cài đặt', organisation: 'Tên đơn vị', name: 'Họ và tên', login: 'Tên đăng nhập', password: 'Mật khẩu',
    hint: {
      token: 'Hiện trên màn hình máy chủ khi khởi động lần đầu.', organisation: 'Ví dụ: Tỉnh Hưng Yên', name: '', login: 'Chữ thường, không dấu.',
      password: 'Nên là một câu dài, dễ nhớ với riêng bạn.',
    },
  },
  account: {
    language: 'Ngôn ngữ', logOut: 'Đăng xuất', draft: 'Máy này còn giữ một bản tin chưa gửi. Nếu đăng xuất, bản nháp này sẽ bị xóa.',
    openDraft: 'Mở bản nháp', dropDraft: 'Xóa bản nháp và đăng xuất',
  },
  password: {
    title: 'Đổi mật khẩu', old: 'Mật khẩu hiện tại', new: 'Mật khẩu mới', go: 'Đổi mật khẩu', done: 'Đã đổi mật khẩu. Các máy khác đã bị đăng xuất.',
    first: 'Đặt mật khẩu của riêng bạn', firstWhat: 'Mật khẩu vừa dùng chỉ là mật khẩu tạm. Hãy đổi rồi làm việc tiếp.',
  },
  totp: {
    title: 'Đăng nhập hai bước', what: 'Sau mật khẩu, bạn nhập thêm mã hiện trên điện thoại. Người khác dù biết mật khẩu của bạn cũng không vào được.',
    begin: 'Bật đăng nhập hai bước', scan: 'Mở ứng dụng tạo mã trên điện thoại (như Google Authenticator) rồi quét mã QR này.', qr: 'Mã QR để quét bằng điện thoại',
    byHand: 'Không quét được thì gõ dãy này vào ứng dụng', code: 'Mã xác nhận', codeHint: '6 chữ số đang hiện trên điện thoại.', orRecovery: '6 chữ số trên điện thoại, hoặc một mã dự phòng.',
    confirm: 'Xác nhận và bật', codesWhat: 'Đã bật xong. Hãy in hoặc chép lại 10 mã dự phòng này để dùng khi mất điện thoại: mỗi mã dùng được một lần, và chỉ hiện lần này.',
    kept: 'Tôi đã cất mã', on: (left: number) => `Đang bật. Còn ${left} mã dự phòng.`, renew: 'Tạo mã dự phòng mới', off: 'Tắt',
    needed: 'Đơn vị yêu cầu người quản trị đăng nhập hai bước. Hãy bật một lần rồi làm việc tiếp.', back: 'Quay lại',
    policy: 'Người quản trị phải đăng nhập hai bước', policyAlerts: 'Chỉ người đăng nhập hai bước được phát khẩn cấp',
  },
  sessions: {
    title: 'Đang đăng nhập ở đâu', here: '(máy này)', unknown: 'Chưa rõ máy nào', seen: (time: string) => `Dùng lần cuối ${time}`,
    end: 'Đăng xuất máy đó', endOthers: 'Đăng xuất mọi máy khác',
  },
  barred: {
    what: 'Vai trò của bạn không mở được trang này.', needs: (what: string, roles: string) => `Trang này cần quyền “${what}”. Vai trò có quyền đó: ${roles}. Nếu cần, hãy nhờ người quản trị giao vai trò cho bạn.`,
  },
  roles: {
    intro: 'Vai trò giữ ở đơn vị nào thì có hiệu lực ở đơn vị đó và cấp dưới, không lên cấp trên, không sang đơn vị bên cạnh.',
    what: 'Việc', may: 'được', mayNot: 'không được', yours: 'vai trò của bạn',
  },
  areas: {
    search: 'Tìm đơn vị (không cần dấu)', add: 'Thêm đơn vị', name: 'Tên đơn vị', parent: 'Thuộc', kind: 'Loại', alone: 'Người soạn được tự duyệt', aloneShort: 'tự duyệt',
    edit: (name: string) => `Sửa ${name}`,
    kinds: { province: 'Tỉnh, thành phố', commune: 'Xã, đặc khu', ward: 'Phường', village: 'Thôn, tổ dân phố', group: 'Cụm' },
  },
  token: {
    title: 'Mã truy cập cho phần mềm', what: 'Để phần mềm khác đọc số liệu thay bạn. Mỗi mã dùng cho một việc; không bao giờ có quyền hơn bạn.',
    name: 'Dùng cho việc gì', nameHint: 'Ví dụ: Bảng tin điện tử của xã', lasts: 'Dùng trong', days: (n: number) => `${n} ngày`, endless: 'không thời hạn',
    all: 'Cho làm mọi việc bạn được làm, không chỉ xem', add: 'Tạo mã', none: 'Chưa có mã nào.', secret: 'Mã truy cập',
    made: (name: string) => `Đã tạo mã cho “${name}”. Hãy chép ngay: mã chỉ hiện một lần.`,
    reads: 'chỉ xem', acts: 'được thay đổi', unused: 'Chưa dùng lần nào', used: (time: string, date: string) => `Dùng lần cuối ${time} ngày ${date}`,
    until: (date: string) => `đến ${date}`, over: 'đã hết hạn', end: 'Xóa mã', endThis: (name: string) => `Xóa mã “${name}”`,
    endWhat: 'Phần mềm đang dùng mã này sẽ không vào được nữa.',
  },
  users: {
    holders: (n: number) => (n === 0 ? 'chưa có ai' : `${n} người`),
    add: 'Thêm người dùng', name: 'Họ và tên', login: 'Tên đăng nhập', password: 'Mật khẩu đầu tiên', phone: 'Điện thoại (không bắt buộc)',
    role: 'Vai trò', area: 'Tại đơn vị', added: (name: string) => `Đã thêm ${name}.`,
    edit: 'Sửa', disabled: 'đã khóa', addRole: 'Thêm vai trò', removeRole: 'Bỏ vai trò này', reset: 'Đặt lại mật khẩu', disable: 'Khóa tài khoản', enable: 'Mở khóa',
    resetTitle: (name: string) => `Đặt lại mật khẩu của ${name}?`, resetWhat: 'Người này bị đăng xuất khỏi mọi máy, mã truy cập cũng bị xóa. Bạn sẽ thấy mật khẩu tạm để đưa cho người này.',
    disableTitle: (name: string) => `Khóa tài khoản của ${name}?`, disableWhat: 'Người này bị đăng xuất ngay và không vào được nữa. Việc đã làm vẫn ở trong nhật ký.',
    dropTotp: 'Bỏ bước hai', dropTotpTitle: (name: string) => `Bỏ đăng nhập hai bước của ${name}?`, dropTotpWhat: 'Dùng khi người này mất điện thoại và mã dự phòng. Hãy hỏi lại cho chắc là chính người này nhờ.',
    temporary: 'Mật khẩu tạm', temporaryWhat: (name: string) => `Hãy đưa mật khẩu này cho ${name}. Mật khẩu chỉ hiện một lần và phải đổi khi đăng nhập.`,
  },
}
