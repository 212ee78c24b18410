#!/usr/bin/env python3
"""One-time code of a key (base32), some steps of 30 seconds later: KEY [STEPS], at TSUNAGI_NOW or now."""
import base64
import datetime
import hashlib
import hmac
import os
import struct
import sys
import time

now = os.environ.get("TSUNAGI_NOW")
at = datetime.datetime.fromisoformat(now).timestamp() if now else time.time()
step = int(at) // 30 + int(sys.argv[2] if len(sys.argv) > 2 else 0)
mac = hmac.new(base64.b32decode(sys.argv[1]), struct.pack(">Q", step), hashlib.sha1).digest()
start = mac[19] & 15
print("%06d" % ((struct.unpack(">I", mac[start:start + 4])[0] & 0x7FFFFFFF) % 10**6))
