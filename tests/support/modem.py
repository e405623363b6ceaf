"""A system bus of its own with a ModemManager on it that has one modem; run as a program it is that ModemManager.

Lines on its standard input change it: `signal PERCENT`, `bytes RX TX`. Only what a station asks for is there."""

import pathlib
import subprocess
import sys

SERVICE = "org.freedesktop.ModemManager1"
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"""


class Bus:
    """The bus, and the modem when it is plugged in. A socket's path must be short."""

    def __init__(self, place):
        self.socket = pathlib.Path(place) / "bus"
        config = pathlib.Path(place) / "bus.conf"
        config.write_text(CONFIG.format(socket=self.socket))
        self.address = f"unix:path={self.socket}"
        self._daemon = subprocess.Popen(["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"],
                                        stdout=subprocess.PIPE)
        self._daemon.stdout.readline()
        self._modem = None

    def plug_in(self):
        self._modem = subprocess.Popen([sys.executable, __file__, self.address], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True, bufsize=1)
        assert self._modem.stdout.readline() == "ready\n"

    def say(self, line):
        self._modem.stdin.write(line + "\n")

    def pull_out(self):
        if self._modem:
            self._modem.terminate()
            self._modem.wait()
            self._modem.stdin.close()
            self._modem.stdout.close()
        self._modem = None

    def close(self):
        self.pull_out()
        self._daemon.terminate()
        self._daemon.wait()
        self._daemon.stdout.close()


def serve(address):
    import dbus
    import dbus.service
    from dbus.mainloop.glib import DBusGMainLoop
    from gi.repository import GLib

    bus = dbus.bus.BusConnection(address, mainloop=DBusGMainLoop())
    root, modem_path, bearer_path = "/org/freedesktop/ModemManager1", SERVICE, SERVICE
    modem_path, bearer_path = f"{root}/Modem/0", f"{root}/Bearer/0"
    properties = "org.freedesktop.DBus.Properties"
    modem, gsm = f"{SERVICE}.Modem", f"{SERVICE}.Modem.Modem3gpp"
    facts = {modem: {"SignalQuality": dbus.Struct((dbus.UInt32(15), True)), "AccessTechnologies": dbus.UInt32(1 << 14),
                     "State": dbus.Int32(11), "Bearers": dbus.Array([dbus.ObjectPath(bearer_path)], signature="o")},
             gsm: {"OperatorName": "Viettel"}}
    stats = {"rx-bytes": dbus.UInt64(700), "tx-bytes": dbus.UInt64(20), "total-rx-bytes": dbus.UInt64(7000),
             "total-tx-bytes": dbus.UInt64(200)}

    class Root(dbus.service.Object):
        @dbus.service.method("org.freedesktop.DBus.ObjectManager", out_signature="a{oa{sa{sv}}}")
        def GetManagedObjects(self):
            return {dbus.ObjectPath(modem_path): facts}

    class Modem(dbus.service.Object):
        @dbus.service.method(properties, in_signature="s", out_signature="a{sv}")
        def GetAll(self, interface):
            return facts[interface]

        @dbus.service.signal(properties, signature="sa{sv}as")
        def PropertiesChanged(self, interface, changed, invalidated):
            pass

    class Bearer(dbus.service.Object):
        @dbus.service.method(properties, in_signature="ss", out_signature="v")
        def Get(self, interface, name):
            assert (interface, name) == (f"{SERVICE}.Bearer", "Stats")
            return dbus.Dictionary(stats, signature="sv")

    def on_line(source, _condition):
        words = source.readline().split()
        if not words:
            return False
        if words[0] == "signal":
            facts[modem]["SignalQuality"] = dbus.Struct((dbus.UInt32(int(words[1])), True))
            device.PropertiesChanged(modem, {"SignalQuality": facts[modem]["SignalQuality"]}, [])
        else:
            stats.update({"total-rx-bytes": dbus.UInt64(int(words[1])), "total-tx-bytes": dbus.UInt64(int(words[2]))})
        return True

    name = dbus.service.BusName(SERVICE, bus)
    kept = [name, Root(bus, root), Bearer(bus, bearer_path)]
    device = Modem(bus, modem_path)
    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, on_line)
    print("ready", flush=True)
    GLib.MainLoop().run()
    return kept


if __name__ == "__main__":
    serve(sys.argv[1])
