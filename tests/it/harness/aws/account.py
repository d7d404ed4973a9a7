"""One AWS account: its users, their MFA devices and sessions, and the actions of IAM and STS on them."""

import io
import re
import secrets
import time
from base64 import b64encode

import segno

from device import FUTURE, STEP_SECONDS, Device

ACCOUNT = "123456789012"
USERS = ("alice", "bob")
CALLER = "alice"


class Refusal(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Account:
    """The account's devices, its sessions and its clock."""

    def __init__(self):
        self.devices = {}
        self.sessions = {}
        self.log = []
        self.stopped_at = None
        self.future = FUTURE
        self.picture = {"scale": 4, "border": 4}

    def now(self):
        return time.time() if self.stopped_at is None else self.stopped_at

    def step(self):
        return int(self.now()) // STEP_SECONDS

    # IAM

    def create_virtual_mfa_device(self, ask):
        name = ask["VirtualMFADeviceName"]
        serial = f"arn:aws:iam::{ACCOUNT}:mfa{ask.get('Path', '/')}{name}"
        if serial in self.devices:
            raise Refusal(409, "EntityAlreadyExists", "MFADevice entity at the same path and name already exists.")
        device = self.devices[serial] = Device(serial, f"{name}@{ACCOUNT}")
        return {
            "VirtualMFADevice": {
                "SerialNumber": serial,
                "Base32StringSeed": b64encode(device.base32.encode()).decode(),
                "QRCodePNG": b64encode(self.draw(device.uri)).decode(),
            }
        }

    def draw(self, uri):
        png = io.BytesIO()
        segno.make(uri, micro=False, error="l").save(png, kind="png", **self.picture)
        return png.getvalue()

    def list_virtual_mfa_devices(self, ask):
        wanted = ask.get("AssignmentStatus", "Any")
        shown = [
            device
            for device in self.devices.values()
            if wanted == "Any" or (wanted == "Assigned") == (device.user is not None)
        ]
        return {"IsTruncated": "false", "VirtualMFADevices": [self.describe(device) for device in shown]}

    def describe(self, device):
        if device.user is None:
            return {"SerialNumber": device.serial}
        return {
            "SerialNumber": device.serial,
            "EnableDate": iso(device.enabled_at),
            "User": {
                "Path": "/",
                "UserName": device.user,
                "UserId": user_id(device.user),
                "Arn": user_arn(device.user),
                "CreateDate": iso(0),
            },
        }

    def delete_virtual_mfa_device(self, ask):
        device = self.device(ask)
        if device.user is not None:
            raise Refusal(409, "DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.")
        del self.devices[device.serial]

    def enable_mfa_device(self, ask):
        user, device = self.user(ask), self.device(ask)
        first, second = six_digits(ask, "AuthenticationCode1"), six_digits(ask, "AuthenticationCode2")
        if device.user is not None:
            raise Refusal(409, "EntityAlreadyExists", "MFA Device is already in use.")
        self.synchronise(device, first, second)
        device.assign(user, self.now())

    def resync_mfa_device(self, ask):
        first, second = six_digits(ask, "AuthenticationCode1"), six_digits(ask, "AuthenticationCode2")
        self.synchronise(self.device_of_user(ask), first, second)

    def synchronise(self, device, first, second):
        if not device.synchronise(first, second, self.step(), self.future):
            raise Refusal(403, "InvalidAuthenticationCode", "Authentication code for device is not valid.")

    def deactivate_mfa_device(self, ask):
        self.device_of_user(ask).unassign()

    def list_mfa_devices(self, ask):
        user = self.user(ask)
        return {
            "IsTruncated": "false",
            "MFADevices": [
                {"UserName": user, "SerialNumber": device.serial, "EnableDate": iso(device.enabled_at)}
                for device in self.devices.values()
                if device.user == user
            ],
        }

    # STS

    def get_session_token(self, ask):
        if ask["AccessKeyId"] in self.sessions:
            raise Refusal(403, "AccessDenied", "Cannot call GetSessionToken with session credentials")
        if "SerialNumber" in ask or "TokenCode" in ask:
            self.check_token(ask)
        session = {
            "AccessKeyId": "ASIA" + secrets.token_hex(8).upper(),
            "SecretAccessKey": secrets.token_hex(20),
            "SessionToken": secrets.token_hex(32),
            "Expiration": iso(time.time() + int(ask.get("DurationSeconds", 43200))),
        }
        self.sessions[session["AccessKeyId"]] = session["SessionToken"]
        return {"Credentials": session}

    def check_token(self, ask):
        code, device = six_digits(ask, "TokenCode"), self.devices.get(ask.get("SerialNumber"))
        failed = "MultiFactorAuthentication failed"
        if device is None or device.user != CALLER:
            hint = "Please verify your MFA serial number is valid and associated with this user."
            raise Refusal(403, "AccessDenied", f"{failed}, unable to validate MFA code.  {hint}")
        if not device.log_in(code, self.step()):
            raise Refusal(403, "AccessDenied", f"{failed} with invalid MFA one time pass code.")

    def get_caller_identity(self, ask):
        key = ask["AccessKeyId"]
        if key.startswith("ASIA") and self.sessions.get(key) != ask["SecurityToken"]:
            raise Refusal(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
        return {"UserId": user_id(CALLER), "Account": ACCOUNT, "Arn": user_arn(CALLER)}

    # Parameters of requests

    def user(self, ask):
        name = ask["UserName"]
        if name not in USERS:
            raise Refusal(404, "NoSuchEntity", f"The user with name {name} cannot be found.")
        return name

    def device(self, ask):
        serial = ask["SerialNumber"]
        if serial not in self.devices:
            raise Refusal(404, "NoSuchEntity", f"VirtualMFADevice with serial number {serial} does not exist.")
        return self.devices[serial]

    def device_of_user(self, ask):
        user, device = self.user(ask), self.device(ask)
        if device.user != user:
            raise Refusal(404, "NoSuchEntity", "MFA Device invalid for user.")
        return device

    # Control requests of the tests

    def control(self, path, ask):
        if path == "/clock":
            self.stopped_at = int(ask["at"]) if "at" in ask else None
        elif path == "/future":
            self.future = int(ask["steps"])
        elif path == "/picture":
            self.picture = {key: int(value) for key, value in ask.items()}
        elif path == "/unassign":
            for device in self.devices.values():
                device.unassign()
        else:
            raise Refusal(404, "UnknownControl", path)

    def state(self):
        return {
            "step": self.step(),
            "devices": [
                {
                    "serial": device.serial,
                    "seed": device.base32,
                    "user": device.user,
                    "drift": device.drift,
                    "last_step": device.last_step,
                }
                for device in self.devices.values()
            ],
            "log": self.log,
        }


def six_digits(ask, field):
    value = ask.get(field, "")
    if not re.fullmatch("[0-9]{6}", value):
        rule = "Member must satisfy regular expression pattern: [\\d]{6}"
        where = field[0].lower() + field[1:]
        raise Refusal(
            400,
            "ValidationError",
            f"1 validation error detected: Value '{value}' at '{where}' failed to satisfy constraint: {rule}",
        )
    return value


def iso(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def user_id(name):
    return "AIDA" + name.upper().ljust(17, "0")


def user_arn(name):
    return f"arn:aws:iam::{ACCOUNT}:user/{name}"
