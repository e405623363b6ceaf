"""A commune of people and stations on a desk, doing their work through the panel's API.

The operator speaks and schedules, the leader approves, the administrator pairs stations and reads the
log. `memory` is a plain dictionary (accounts, areas, stations, bulletins) that a caller may keep.
"""

from desk import password, speak, wait_for

EVER = {"from_": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}
PEOPLE = (("leader", "Bà Lan (lãnh đạo xã)", "commune_leader"),
          ("operator", "Ông Minh (cán bộ truyền thanh)", "commune_operator"))
SPEECH = ("A lô, a lô. Đây là đài truyền thanh xã Phú Xuân. Kính mời bà con thôn Đông tới nhà văn hóa "
          "lúc mười chín giờ ba mươi tối nay để họp bàn việc làm đường. Xin cảm ơn bà con.")

# Degrees east and north, of places that do not exist.
PROVINCE = [[104.9, 20.4], [105.5, 20.3], [105.9, 20.6], [105.8, 21.0], [105.3, 21.1], [104.9, 20.8]]
COMMUNE = [[105.30, 20.79], [105.36, 20.78], [105.39, 20.82], [105.36, 20.86], [105.31, 20.85]]
VILLAGE = [[105.34, 20.81], [105.37, 20.81], [105.375, 20.83], [105.345, 20.84]]
PLACES = [[105.358, 20.822], [105.325, 20.805], [105.330, 20.840], [105.372, 20.845]]


class Commune:
    def __init__(self, desk, memory=None, say=lambda text: None):
        self.desk = desk
        self.memory = memory if memory is not None else {}
        self.say = say

    # --- people -----------------------------------------------------------------------------------

    def found(self):
        """First start of a controller: organisation, areas and accounts."""
        accounts = {login: password() for login in ("admin", "leader", "operator")}
        admin = self.desk.set_up("Tỉnh Hòa Bình", {
            "name": "Quản trị tỉnh", "login": "admin", "password": accounts["admin"]})
        province = admin.get("/api/areas")["items"][0]["id"]
        commune = admin.post("/api/areas", {"parent": province, "name": "Xã Phú Xuân", "kind": "commune"})["id"]
        village = admin.post("/api/areas", {"parent": commune, "name": "Thôn Đông", "kind": "village"})["id"]
        # People try this at any hour: the default quiet hours would refuse their orders at night.
        admin.call("PUT", f"/api/areas/{province}/policy", {"quiet": []})
        for login, name, role in PEOPLE:
            admin.post("/api/users", {"name": name, "login": login, "password": accounts[login],
                                      "grants": [{"role": role, "area": commune}]})
        self.memory.update(accounts=accounts, province=province, commune=commune, village=village, stations={})

    def log_in(self):
        self.admin, self.leader, self.operator = (self.person(login) for login in ("admin", "leader", "operator"))

    def person(self, login):
        client = self.desk.client()
        client.log_in(login, self.memory["accounts"][login])
        return client

    # --- stations ---------------------------------------------------------------------------------

    def pair(self, number, name, area=None):
        accepted = self.desk.accept_station(self.admin, number, area or self.memory["commune"], name)
        self.memory["stations"][str(number)] = accepted["id"]
        return accepted["id"]

    def draw_map(self):
        """Outlines of the made-up places and where the horns hang, so that the map has something to show."""
        outline = lambda area, corners: {
            "type": "Feature", "properties": {"id": self.memory[area]}, "geometry": {
                "type": "Polygon", "coordinates": [[*corners, corners[0]]]}}
        self.admin.post("/api/areas/geojson", {"type": "FeatureCollection", "features": [
            outline("province", PROVINCE), outline("commune", COMMUNE), outline("village", VILLAGE)]})
        for number, identity in self.memory["stations"].items():
            lon, lat = PLACES[(int(number) - 1) % len(PLACES)]
            self.admin.call("PATCH", f"/api/stations/{identity}", {"lat": lat, "lon": lon})

    def station_number(self, identity):
        return next(int(number) for number, known in self.memory["stations"].items() if known == identity)

    def online(self):
        return sum(station["state"] == "online" for station in self.admin.get("/api/stations", limit=100)["items"])

    def wait_online(self, count, timeout=60):
        wait_for(lambda: self.online() >= count, timeout)

    # --- content ----------------------------------------------------------------------------------

    def speak_bulletin(self, title, text=SPEECH, wav=None, approve=True):
        """Speech by espeak-ng, uploaded by the operator, approved by the leader; gives the bulletin."""
        wav = wav or self.desk.place / "source.wav"
        if not wav.exists():
            speak(text, wav)
        return self.upload_bulletin(title, wav, "audio/wav", approve)

    def upload_bulletin(self, title, path, kind, approve=True):
        upload = self.operator.upload(path.read_bytes(), path.name, kind)
        made = self.operator.post("/api/bulletins", {
            "area": self.memory["commune"], "title": title, "language": "vi", "upload": upload})
        bulletin = self.wait_audio(made["id"])
        if bulletin["audio"] == "failed":
            raise RuntimeError(f"the bulletin could not be read: {bulletin['audio_error']}")
        if approve:
            self.operator.post(f"/api/bulletins/{made['id']}/submit")
            self.leader.post(f"/api/bulletins/{made['id']}/approve")
        return self.operator.get(f"/api/bulletins/{made['id']}")

    def wait_audio(self, bulletin, timeout=60):
        def settled():
            state = self.operator.get(f"/api/bulletins/{bulletin}")
            return state if state["audio"] in ("ready", "failed") else None

        return wait_for(settled, timeout)

    # --- broadcasts -------------------------------------------------------------------------------

    def broadcast(self, bulletin, when=None, targets=None, **more):
        return self.operator.post("/api/broadcasts", {
            "bulletin": bulletin, "area": self.memory["commune"],
            "targets": targets or [{"kind": "area", "id": self.memory["commune"]}],
            "when": when or {"kind": "now"}, **more})

    def airings(self, broadcast):
        return self.admin.get("/api/airings", broadcast=broadcast, limit=200, **EVER)["items"]

    def wait_receipts(self, broadcast, timeout=180, each=lambda airing: None):
        """The airings of a broadcast once every station has sent its receipt."""
        def all_said():
            airings = self.airings(broadcast)
            for airing in airings:
                each(airing)
            return airings if airings and all(airing.get("receipt") for airing in airings) else None

        return wait_for(all_said, timeout)
