"""A loopback IAM and STS for one AWS account: the MFA actions of the query protocol, for the real `aws` command.

    python3 iam.py      prints its port, serves 127.0.0.1, ends when its standard input ends

Known about the real service, and imitated here (AWS's API reference, botocore's model, public issues):
  * CreateVirtualMFADevice answers with the base64 of the seed's Base32 text (40 bytes = 64 characters) and the base64
    of a PNG, whose code says otpauth://totp/Amazon%20Web%20Services:DEVICE@ACCOUNT?secret=...&issuer=...;
  * the error codes, their HTTP status, and the texts of EntityAlreadyExists, InvalidAuthenticationCode and AccessDenied;
  * ListVirtualMFADevices leaves seed and picture out; a device in use cannot be deleted.
Assumed: the wording of the other errors, the PNG's size (a request of the tests sets it), and the windows and drift in
device.py. Not imitated: signatures, policies, delays until a change is visible everywhere.

Control requests of the tests, not part of the protocol:
  POST /clock?at=SECONDS   stop the clock there     POST /clock       let it run with the real time
  POST /future?steps=N     how far ahead the second code of a pair may be
  POST /picture?scale=N&border=N                    how the next QR pictures are drawn
  POST /unassign           take all devices from their users, without the `aws` command
  GET /state               its whole state, seeds included, as JSON
"""

import json
import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

from account import Account, Refusal
from wire import answer, complaint

ACTIONS = {
    "CreateVirtualMFADevice": ("iam", Account.create_virtual_mfa_device),
    "ListVirtualMFADevices": ("iam", Account.list_virtual_mfa_devices),
    "DeleteVirtualMFADevice": ("iam", Account.delete_virtual_mfa_device),
    "EnableMFADevice": ("iam", Account.enable_mfa_device),
    "ResyncMFADevice": ("iam", Account.resync_mfa_device),
    "DeactivateMFADevice": ("iam", Account.deactivate_mfa_device),
    "ListMFADevices": ("iam", Account.list_mfa_devices),
    "GetSessionToken": ("sts", Account.get_session_token),
    "GetCallerIdentity": ("sts", Account.get_caller_identity),
}


class Handler(BaseHTTPRequestHandler):
    account = Account()

    def do_GET(self):
        self.send(200, "application/json", json.dumps(self.account.state()).encode())

    def do_POST(self):
        url = urlsplit(self.path)
        if url.path != "/":
            self.account.control(url.path, dict(parse_qsl(url.query)))
            return self.send(200, "text/plain", b"")
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send(*self.act({**dict(parse_qsl(body, keep_blank_values=True)), **self.credentials()}))

    def act(self, ask):
        action = ask["Action"]
        service, method = ACTIONS[action]
        try:
            reply = 200, "text/xml", answer(service, action, method(self.account, ask))
            self.account.log.append([action, "ok"])
        except Refusal as refusal:
            reply = refusal.status, "text/xml", complaint(service, refusal)
            self.account.log.append([action, refusal.code])
        return reply

    def credentials(self):
        key = re.search("Credential=([A-Z0-9]+)/", self.headers.get("Authorization", ""))
        return {
            "AccessKeyId": key.group(1) if key else "",
            "SecurityToken": self.headers.get("X-Amz-Security-Token", ""),
        }

    def send(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def leave_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=leave_with_parent, daemon=True).start()
    server = HTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
