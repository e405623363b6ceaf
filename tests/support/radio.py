"""A radio station on loopback: streams of a file as Icecast sends them (a burst, then real time), and ways to fail.

Paths: /live plays for ever, /silent without a sound, /page a web page; anything else is 404. `off()` hangs up on
everybody and answers 503 until `on()`."""

import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BYTES_A_SECOND = 8000  # 64 kbit/s


def tone(path, volume, frequency=500):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", f"aevalsrc=sin(2*PI*{frequency}*t):s=44100:d=20",
                    "-af", f"volume={volume}", "-b:a", "64k", "-f", "mp3", path], check=True)


class Radio:
    def __init__(self, folder, frequency=500):
        self._sounds = {}
        for name, volume in (("live", 0.5), ("silent", 0)):
            path = folder / f"{name}-{frequency}.mp3"
            tone(path, volume, frequency)
            self._sounds[f"/{name}"] = path.read_bytes()
        self._running = True
        self.listeners = 0
        radio = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                radio._answer(self)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, path="/live"):
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def off(self):
        self._running = False

    def on(self):
        self._running = True

    def close(self):
        self._running = False
        self._server.shutdown()

    def _answer(self, handler):
        sound = self._sounds.get(handler.path)
        if not self._running:
            handler.send_error(503)
        elif sound:
            self._stream(handler, sound)
        elif handler.path == "/page":
            handler.send_response(200)
            handler.send_header("Content-Type", "text/html")
            handler.end_headers()
            handler.wfile.write(b"<html><body>A page about a radio, which is no radio.</body></html>" * 20)
        else:
            handler.send_error(404)

    def _stream(self, handler, sound):
        handler.send_response(200)
        handler.send_header("Content-Type", "audio/mpeg")
        handler.end_headers()
        began, at, sent = time.monotonic(), 0, 0
        self.listeners += 1
        try:
            while self._running:
                # By the clock, not by the naps: those grow on a busy machine, and the listeners run dry.
                piece = int((1 + time.monotonic() - began) * BYTES_A_SECOND) - sent
                handler.wfile.write(sound[at:at + piece])
                piece = min(piece, len(sound) - at)
                at, sent = (at + piece) % len(sound), sent + piece
                time.sleep(0.1)
        except OSError:
            pass
        finally:
            self.listeners -= 1
