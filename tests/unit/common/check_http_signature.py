#!/usr/bin/python3
"""Signs the request of test_http_signature.c with an implementation that shares no code with ours
(python3-cryptography) and checks that the signature written down there is the same one."""
import base64
import hashlib
import pathlib
import re
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
keyid = hashlib.sha256(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()
digest = base64.b64encode(hashlib.sha256(b'{"a":1}').digest()).decode()
components = [("@method", "POST"), ("@path", "/station/v1/receipts"), ("@query", "?a=b&c"),
              ("content-digest", f"sha-256=:{digest}:")]
names = " ".join(f'"{name}"' for name, _ in components)
params = (f'({names});created=1795325400;nonce="0123456789abcdef0123456789abcdef";'
          f'keyid="{keyid}";alg="ed25519"')
base = "\n".join([f'"{n}": {v}' for n, v in components] + [f'"@signature-params": {params}'])
signature = f"loa=:{base64.b64encode(key.sign(base.encode())).decode()}:"

print(signature)
source = pathlib.Path(__file__).with_name("test_http_signature.c").read_text()
sys.exit(0 if signature in re.sub(r'"\s*"', "", source) else "not the signature in test_http_signature.c")
