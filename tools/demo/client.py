"""A small client of the panel's API (docs/api.md), with nothing but Python's own library.

Used by the demo, the integration tests and the benches. Every answer that is not 2xx raises Problem
with the parsed problem document.
"""

import base64
import http.client
import http.cookies
import json
import secrets
import urllib.parse


class Problem(Exception):
    """An RFC 9457 answer; `status` and `document` as the server sent them."""

    def __init__(self, status, document, where):
        self.status = status
        self.document = document
        super().__init__(f"{where}: {status} {document}")

    @property
    def slug(self):
        return str(self.document.get("type", "")).rsplit("/", 1)[-1].rsplit(":", 1)[-1]


class Client:
    def __init__(self, address, language="en", tls=None):
        """tls: an ssl.SSLContext for HTTPS."""
        self.address = address
        self.tls = tls
        self.language = language
        self.cookie = None
        self.timeout = 30

    def raw(self, method, path, body=None, headers=None):
        """One request; gives (status, headers, bytes) and judges nothing."""
        connection = (http.client.HTTPSConnection(self.address, timeout=self.timeout, context=self.tls) if self.tls
                      else http.client.HTTPConnection(self.address, timeout=self.timeout))
        sent = {"Accept-Language": self.language, "X-Loa": "1"}
        if self.cookie:
            sent["Cookie"] = self.cookie
        sent.update(headers or {})
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            content = answer.read()
            self._keep_cookie(answer)
            return answer.status, answer.headers, content
        finally:
            connection.close()

    def _keep_cookie(self, answer):
        for line in answer.headers.get_all("Set-Cookie") or []:
            for morsel in http.cookies.SimpleCookie(line).values():
                if morsel.key.endswith("loa_session"):
                    self.cookie = f"{morsel.key}={morsel.value}" if morsel.value else None

    def call(self, method, path, body=None, headers=None):
        """JSON in, JSON out."""
        sent = dict(headers or {})
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        status, _, content = self.raw(method, path, data, sent)
        document = _parse(content)
        if not 200 <= status < 300:
            raise Problem(status, document if isinstance(document, dict) else {"detail": str(document)},
                          f"{method} {path}")
        return document

    def get(self, path, **query):
        query = {key.rstrip("_"): value for key, value in query.items() if value is not None}
        return self.call("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def post(self, path, body=None, key=None):
        """An order carries an Idempotency-Key, so that a repeat never fires twice."""
        return self.call("POST", path, body or {}, {"Idempotency-Key": key or secrets.token_hex(16)})

    def delete(self, path):
        return self.call("DELETE", path)

    def log_in(self, login, password):
        return self.call("POST", "/api/session", {"login": login, "password": password})

    def upload(self, content, name, kind, piece=1 << 20):
        """tus 1.0 creation and PATCH in pieces; gives the upload id."""
        tus = {"Tus-Resumable": "1.0.0"}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}"
                            for key, value in (("filename", name), ("filetype", kind)))
        status, headers, body = self.raw("POST", "/api/uploads", b"",
                                         {**tus, "Upload-Length": str(len(content)), "Upload-Metadata": metadata})
        if status != 201:
            raise Problem(status, _parse(body) or {}, "POST /api/uploads")
        place = urllib.parse.urlparse(headers["Location"]).path
        for offset in range(0, len(content), piece):
            status, _, body = self.raw("PATCH", place, content[offset:offset + piece],
                                       {**tus, "Upload-Offset": str(offset),
                                        "Content-Type": "application/offset+octet-stream"})
            if status != 204:
                raise Problem(status, _parse(body) or {}, f"PATCH {place}")
        return place.rsplit("/", 1)[-1]


def _parse(content):
    try:
        return json.loads(content) if content else None
    except ValueError:
        return content.decode(errors="replace")
