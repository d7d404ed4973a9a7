"""A virtual MFA device as the service sees it: the codes that it accepts, and when.

Python's own hmac computes the codes (RFC 4226, RFC 6238), never the program under test.

Documented by AWS: two consecutive codes synchronise a device; an old pair is accepted, and puts the device out of
sync; a code works once. Assumptions, because AWS does not publish them:
  * PAST: a pair may be 40 steps (20 minutes) old;
  * FUTURE: its second code may be one step ahead (a request of the tests sets it to 0: a service that accepts none);
  * the drift is recorded only when a pair is accepted; a login may be one step off it to either side;
  * "once" means that a step and all steps before it are used.
"""

import hmac
import secrets
import struct
from base64 import b32encode

STEP_SECONDS = 30
PAST = 40
FUTURE = 1
SKEW = 1
SEED_BYTES = 40


def code_at(seed, step):
    mac = hmac.digest(seed, struct.pack(">Q", step), "sha1")
    offset = mac[-1] & 15
    return f"{(int.from_bytes(mac[offset : offset + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


class Device:
    def __init__(self, serial, label):
        self.serial = serial
        self.label = label
        self.seed = secrets.token_bytes(SEED_BYTES)
        self.user = None
        self.enabled_at = None
        self.drift = 0
        self.last_step = -1

    @property
    def base32(self):
        return b32encode(self.seed).decode()

    @property
    def uri(self):
        return (
            f"otpauth://totp/Amazon%20Web%20Services:{self.label}"
            f"?secret={self.base32}&issuer=Amazon%20Web%20Services"
        )

    def synchronise(self, first, second, now, future):
        """Accept a pair: the earlier code and the one of the very next step, neither used before."""
        for step in range(now - PAST, now + future + 1):
            if self._fits(first, step - 1) and self._fits(second, step):
                self.last_step = step
                self.drift = step - now
                return True
        return False

    def log_in(self, code, now):
        """Accept one code near the expected step of this device."""
        expected = now + self.drift
        for step in range(expected - SKEW, expected + SKEW + 1):
            if self._fits(code, step):
                self.last_step = step
                return True
        return False

    def assign(self, user, seconds):
        self.user = user
        self.enabled_at = seconds

    def unassign(self):
        self.user = None
        self.enabled_at = None

    def _fits(self, code, step):
        return step > self.last_step and hmac.compare_digest(code, code_at(self.seed, step))
