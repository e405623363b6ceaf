"""A station's SIM and signal on its page and in the list, and the limit that a person sets there."""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("LOA_BUILD", ROOT / "build" / "dev"))
sys.path[:0] = [str(ROOT / "tools" / "demo"), str(ROOT / "tests" / "support")]

from commune import Commune  # noqa: E402
from desk import Desk  # noqa: E402
from paper_station import PaperStation  # noqa: E402


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
        done = subprocess.run(["node", str(ROOT / "tests/e2e/line.mjs"), json.dumps({
            "url": f"http://{desk.people}/", "login": "admin", "password": commune.memory["accounts"]["admin"], "station": station,
            "limit": "2500", "shot": os.environ.get("LOA_SHOTS") and f"{os.environ['LOA_SHOTS']}/line.png"})],
            capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert said["listed"] == "SIM tháng này: 1,9 GB · Sóng yếu"
        assert said["data-month"] == "1,9 GB trên 2 GB (93 %)" and said["data-forecast"] == "2,6 GB"
        assert said["signal"] == "yếu, 12 % · lte" and said["sim-bytes"] == "tải xuống 2,1 GB, gửi đi 31 MB"
        assert "Trạm loa đã dùng hơn 90 % dung lượng dữ liệu được phép." in said["faults"][0] and "ăng-ten" in said["faults"][1]
        assert said["wrong"] and not said["wide"]
        assert commune.admin.get(f"/api/stations/{station}")["data_month_mb"] == 2500
