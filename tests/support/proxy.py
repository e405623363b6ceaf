"""The shipped nginx site before a controller on a desk, on ports of its own, with an authority made by `loa tls`.

Only addresses and paths are changed in the site; every other line is the one that is installed.
"""

import pathlib
import re
import ssl
import subprocess
import time

from desk import Process, free_port

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NAME = "loa.test"

MAIN = """daemon off;
{user}
worker_processes 1;
pid {place}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
    include {place}/loa;
}}
"""


class Proxy:
    def __init__(self, build, place, people, link):
        self.place = pathlib.Path(place)
        self.place.mkdir(parents=True, exist_ok=True)
        self.build = pathlib.Path(build)
        self.people, self.link = people, link
        self.address = f"127.0.0.1:{free_port()}"
        self.plain = f"127.0.0.1:{free_port()}"
        self.url = f"https://{self.address}"
        self.authority = self.place / "tls" / "ca.crt"
        self._process = None

    def start(self):
        self.make_certificate()
        self.tls = ssl.create_default_context(cafile=str(self.authority))
        (self.place / "loa").write_text(self.site())
        user = "user root;" if pathlib.Path("/proc/self").stat().st_uid == 0 else ""
        (self.place / "nginx.conf").write_text(MAIN.format(place=self.place, user=user))
        self._process = Process("nginx", ["/usr/sbin/nginx", "-c", str(self.place / "nginx.conf"), "-p", str(self.place)],
                                self.place / "nginx.log")
        self._wait()
        return self

    def make_certificate(self):
        subprocess.run([str(self.build / "tools" / "loa"), "tls", "make", NAME, "127.0.0.1", "--dir",
                        str(self.place / "tls")], check=True, capture_output=True)

    def site(self):
        text = (ROOT / "packaging/nginx/loa").read_text()
        port, plain = self.address.rsplit(":", 1)[1], self.plain.rsplit(":", 1)[1]
        for pattern, replacement in (
                (r"^ *listen \[::\].*\n", ""), (r"\b443 ssl", f"127.0.0.1:{port} ssl"), (r"listen 80 ", f"listen 127.0.0.1:{plain} "),
                (r"127\.0\.0\.1:8080", self.people), (r"127\.0\.0\.1:8081", self.link), (r"/etc/loa/tls", f"{self.place}/tls"),
                (r"/var/cache/loa-nginx", f"{self.place}/cache"), (r"/var/log/nginx", str(self.place)),
                (r"/var/lib/loa/acme", f"{self.place}/acme")):
            text, count = re.subn(pattern, replacement, text, flags=re.M)
            assert count, pattern
        return text

    def _wait(self, timeout=10):
        end = time.monotonic() + timeout
        while not (self.place / "nginx.pid").exists() or not (self.place / "nginx.pid").read_text().strip():
            if not self._process.running() or time.monotonic() > end:
                raise RuntimeError(f"nginx does not run; see {self.place}/nginx.log")
            time.sleep(0.02)

    def close(self):
        if self._process:
            self._process.stop()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()
