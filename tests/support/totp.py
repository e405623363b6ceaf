"""Codes of the second step (RFC 6238), as a phone makes them."""

import base64
import hmac
import struct
import time


def code_of(secret, ahead=0):
    """`ahead` steps later than now."""
    step = int(time.time()) // 30 + ahead
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), "sha1").digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
