"""A station's SIM and signal on its page and in the list, and what a person sets there: its limit, its volume, its silence."""

import json
import os
import pathlib
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta, timezone

SEEN_TO_WAIT = timedelta(seconds=1.5)
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("LOA_BUILD", ROOT / "build" / "dev"))
sys.path[:0] = [str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]

from commune import Commune  # noqa: E402
from desk import Desk  # noqa: E402
from paper_station import PaperStation  # noqa: E402


def obey(paper, admin, over):
    """A station that takes its orders, each so long after it came that who ordered can see that it waits."""
    told = set()
    while not over.wait(0.2):
        orders = admin.get(f"/api/stations/{paper.id}/orders")
        for what, order in orders.items():
            if order["state"] != "waiting" or (what, order["at"]) in told:
                continue
            if datetime.now(timezone.utc) - datetime.fromisoformat(order["at"]) < SEEN_TO_WAIT:
                continue
            told.add((what, order["at"]))
            now = int(time.time() * 1e6)
            paper.post_receipts(paper.receipt(
                {"id": f"{len(told):032x}", "broadcast": what, "start_us": now}, kind="order",
                repeat=len([one for one in told if one[0] == what]), plan={"epoch": 1, "version": 1}))


def test_what_a_sim_has_used_is_seen_and_limited(tmp_path):
    with Desk(BUILD, tmp_path, panel=ROOT / "web-admin" / "dist") as desk:
        desk.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        paper = PaperStation(desk.link)
        paper.announce()
        station = commune.admin.post(f"/api/enrolments/{paper.code}", {"area": commune.memory["commune"], "name": "Thôn Đông"})["id"]
        paper.poll()
        paper.send("POST", "/health", {
            "boot_id": paper.boot, "software": "paper/1", "protocol": 1, "full": True,
            "data": {"day": 20779, "day_bytes": 12_000_000, "month_bytes": 1_870_000_000, "day_limit": None, "month_limit": 2_000_000_000,
                     "month_kinds": {"relay": 1_800_000_000, "media": 70_000_000}, "forecast_bytes": 2_600_000_000, "state": "near"},
            "modem": {"signal_percent": 12, "technology": "lte", "operator": "Viettel", "state": "connected", "rx_bytes": 2_100_000_000, "tx_bytes": 31_000_000},
            "faults": [{"code": "data_budget", "since_us": 1}, {"code": "weak_signal", "since_us": 1}]})
        over = threading.Event()
        threading.Thread(target=obey, args=(paper, commune.admin, over), daemon=True).start()
        done = subprocess.run(["node", str(ROOT / "tests/e2e/line.mjs"), json.dumps({
            "url": f"http://{desk.people}/", "login": "admin", "password": commune.memory["accounts"]["admin"], "station": station,
            "limit": "2500", "renamed": "Thôn Đông Mới", "shot": os.environ.get("LOA_SHOTS") and f"{os.environ['LOA_SHOTS']}/line.png"})],
            capture_output=True, text=True, timeout=120)
        over.set()
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert said["listed"] == "SIM tháng này: 1,9 GB · Sóng yếu"
        assert said["data-month"] == "1,9 GB trên 2 GB (93%)" and said["data-forecast"] == "2,6 GB"
        assert said["signal"] == "yếu, 12% · lte" and said["sim-bytes"] == "tải xuống 2,1 GB, gửi đi 31 MB"
        assert "Trạm loa đã dùng hơn 90% dung lượng dữ liệu được phép." in said["faults"][0] and "ăng-ten" in said["faults"][1]
        assert "chưa xác nhận" in said["waits"] and said["unreasoned"] and said["chip"] == "Có lỗi"
        assert said["muted"].startswith("Đang tắt tiếng đến") and said["muted"].endswith(": Nhà có tang")
        assert (commune.admin.get(f"/api/stations/{station}")["volume_db"], said["wide"]) == (-12, False)
        assert said["wrong"] and not said["wide"]
        limited = commune.admin.get(f"/api/stations/{station}")
        assert (limited["data_month_mb"], limited["name"]) == (2500, "Thôn Đông Mới")
