"""Signal and SIM bytes, from a ModemManager on a bus of the station's own to the panel's API."""

import shutil
import tempfile

import pytest
from commune import Commune
from conftest import BUILD
from desk import Desk, wait_for
from modem import Bus


@pytest.fixture
def bus():
    place = tempfile.mkdtemp(prefix="loa-bus-")
    made = Bus(place)
    yield made
    made.close()
    shutil.rmtree(place)


def test_a_station_speaks_of_its_modem_while_there_is_one(tmp_path, bus):
    with Desk(BUILD, tmp_path) as desk:
        desk.start_controller()
        commune = Commune(desk)
        commune.found()
        commune.log_in()
        desk.station_settings[1] = {"environment": {"DBUS_SYSTEM_BUS_ADDRESS": bus.address}}
        desk.start_station(1, device="null", mixer="")
        commune.pair(1, "Trạm 1")
        commune.wait_online(1)
        identity = commune.memory["stations"]["1"]

        def says(check):
            station = commune.admin.get(f"/api/stations/{identity}")
            faults = {fault["code"] for fault in station["faults"]}
            return station if check(station["modem"], faults) else None

        nothing = wait_for(lambda: says(lambda modem, faults: True), 10, 0.1)
        assert nothing["modem"] is None and nothing["data"]["month_bytes"] > 0

        bus.plug_in()
        weak = wait_for(lambda: says(lambda modem, faults: modem and modem["rx_bytes"] and "weak_signal" in faults), 15, 0.1)
        assert weak["modem"] == {"signal_percent": 15, "technology": "lte", "operator": "Viettel", "state": "connected",
                                 "rx_bytes": 7000, "tx_bytes": 200}
        (fault,) = [fault for fault in weak["faults"] if fault["code"] == "weak_signal"]
        assert fault["text"].startswith("Weak signal") and "antenna" in fault["next_step"]

        bus.say("signal 71")
        good = wait_for(lambda: says(lambda modem, faults: "weak_signal" not in faults), 15, 0.1)
        assert good["modem"]["signal_percent"] == 71

        bus.pull_out()
        assert wait_for(lambda: says(lambda modem, faults: modem is None), 15, 0.1)
