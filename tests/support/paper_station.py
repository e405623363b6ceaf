"""A station made of paper: the station link written a second time, in Python, from docs/protocol.md.

It shares no code with the player, so that a mistake made twice in C does not go unseen. It signs
requests (RFC 9421), makes receipts (DSSE) and can be told to do each of these wrongly.
"""

import base64
import hashlib
import http.client
import json
import secrets
import time

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ZEROS = "0" * 64
RECEIPT = "application/vnd.loa.receipt+json;v=1"


def b64(data):
    return base64.b64encode(data).decode()


def pae(kind, payload):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def open_envelope(envelope, public_keys):
    """The payload of an envelope that one of the raw public keys signed; raises otherwise."""
    payload = base64.b64decode(envelope["payload"], validate=True)
    for signature in envelope["signatures"]:
        raw = public_keys.get(signature["keyid"])
        if raw and hashlib.sha256(raw).hexdigest() == signature["keyid"]:
            Ed25519PublicKey.from_public_bytes(raw).verify(
                base64.b64decode(signature["sig"]), pae(envelope["payloadType"], payload))
            return payload
    raise ValueError("no signature by a known key")


def whole(airing, plan):
    """An airing with its content, which stands once in the plan however often it airs."""
    content = plan["contents"][airing["content"]]
    return {**content, **airing, "start_by_us": airing["start_us"] + content["tolerance_us"]}


class PaperStation:
    def __init__(self, address, prefix="/station/v1", tls=None):
        """tls: an ssl.SSLContext for HTTPS."""
        self.address = address
        self.tls = tls
        self.prefix = prefix
        self.key = Ed25519PrivateKey.generate()
        self.public = self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.keyid = hashlib.sha256(self.public).hexdigest()
        self.boot = secrets.token_hex(16)
        self.counter = 0
        self.in_force = {"epoch": 1, "version": 1}  # the plan fetched last
        self.previous = ZEROS
        self.id = None
        self.root = None
        self.serial = "P1"

    @property
    def code(self):
        bits = int.from_bytes(hashlib.sha256(b"loa pairing v1" + self.public).digest()[:5], "big")
        return "".join(CROCKFORD[(bits >> shift) & 31] for shift in range(35, -5, -5))

    # --- requests ---------------------------------------------------------------------------------

    def sign(self, method, path, query="?", body=None, created=None, nonce=None, key=None, keyid=None):
        """The three headers of a signed request."""
        headers = {}
        covered = ['"@method"', '"@path"', '"@query"']
        base = [f'"@method": {method}', f'"@path": {path}', f'"@query": {query}']
        if body is not None:
            headers["Content-Digest"] = "sha-256=:" + b64(hashlib.sha256(body).digest()) + ":"
            covered.append('"content-digest"')
            base.append(f'"content-digest": {headers["Content-Digest"]}')
        params = (f'({" ".join(covered)});created={int(created if created is not None else time.time())}'
                  f';nonce="{nonce or secrets.token_hex(16)}";keyid="{keyid or self.keyid}";alg="ed25519"')
        base.append(f'"@signature-params": {params}')
        signature = (key or self.key).sign("\n".join(base).encode())
        return {**headers, "Signature-Input": f"loa={params}", "Signature": f"loa=:{b64(signature)}:"}

    def send(self, method, path, document=None, headers=None, body=None, **how):
        """One signed request below the prefix; gives (status, headers, document or bytes)."""
        if document is not None:
            body = json.dumps(document).encode()
        path, _, query = (self.prefix + path).partition("?")
        sent = self.sign(method, path, "?" + query, body, **how)
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        connection = (http.client.HTTPSConnection(self.address, timeout=30, context=self.tls) if self.tls
                      else http.client.HTTPConnection(self.address, timeout=30))
        try:
            connection.request(method, path + ("?" + query if query else ""), body=body, headers=sent)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        try:
            return answer.status, answer.headers, json.loads(content) if content else None
        except ValueError:
            return answer.status, answer.headers, content

    # --- the link ---------------------------------------------------------------------------------

    def announce(self):
        return self.send("POST", "/enrolments", {"public_key": b64(self.public), "model": "paper", "serial": self.serial,
                                                 "software": "paper/1"})

    def poll(self):
        status, _, answer = self.send("GET", f"/enrolments/{self.keyid}")
        if status == 200:
            self.id, self.root = answer["station"], answer["root"]
        return status, answer

    def root_keys(self):
        """Raw public keys that the root grants plans to, by id. The root must sign itself."""
        document = json.loads(base64.b64decode(self.root["payload"]))
        raw = {keyid: base64.b64decode(key["public"]) for keyid, key in document["keys"].items()}
        granted = {role: {keyid for grant in document["grants"] if grant["role"] == role for keyid in grant["keyids"]}
                   for role in ("root", "plan")}
        open_envelope(self.root, {keyid: raw[keyid] for keyid in granted["root"]})
        return {keyid: raw[keyid] for keyid in granted["plan"]}

    def plan(self, etag=None):
        status, headers, envelope = self.send("GET", "/plan", headers={"If-None-Match": etag} if etag else None)
        if status != 200:
            return status, headers, None
        plan = json.loads(open_envelope(envelope, self.root_keys()))
        plan["airings"] = [whole(airing, plan) for airing in plan["airings"]]
        self.in_force = {"epoch": plan["epoch"], "version": plan["version"]}
        return status, headers, plan

    def receipt(self, airing, outcome="played", reason="", **changes):
        """An envelope for an airing of the plan; moves the chain on."""
        self.counter += 1
        document = {
            "type": "receipt", "kind": "airing", "station": self.id, "keyid": self.keyid, "counter": self.counter,
            "boot_id": self.boot, "airing": airing["id"], "broadcast": airing["broadcast"],
            "plan": self.in_force, "planned_us": airing["start_us"], "resolved_us": airing["start_us"],
            "outcome": outcome, "reason": reason, "late_by_ms": 0, "items": [], "gain_mdb": 0,
            "clock": {"trust": 2, "error_ms": 5},
            "evidence": {"grade": 2, "rms_dbfs": -20.0, "peak_dbfs": -3.0, "starved_frames": 0, "xruns": 0,
                         "mixer": {"db": 0.0, "muted": False}, "amplifier": "on", "fault": None},
            "volatile": False, "made_us": int(time.time() * 1e6), "previous": self.previous}
        document.update(changes)
        payload = json.dumps(document).encode()
        self.previous = hashlib.sha256(payload).hexdigest()
        return self.envelope(payload)

    def envelope(self, payload, kind=RECEIPT, key=None, keyid=None):
        signature = (key or self.key).sign(pae(kind, payload))
        return {"payloadType": kind, "payload": b64(payload),
                "signatures": [{"keyid": keyid or self.keyid, "sig": b64(signature)}]}

    def post_receipts(self, *envelopes):
        status, _, answer = self.send("POST", "/receipts", {"receipts": list(envelopes)})
        return status, answer
