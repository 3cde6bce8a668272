"""A mail server for tests: aiosmtpd on a free port, which writes down what it takes. Its arguments are a directory and
a mode; its first line of output is the port. In the directory `reply` is what it answers to a message, `refused` has
the recipients it does not take, and with `vanish` it takes a message and breaks off before it says so."""

import asyncio
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

directory = pathlib.Path(sys.argv[1])
mode = sys.argv[2]
port = int(sys.argv[3])


def told(name):
    path = directory / name
    return path.read_text() if path.exists() else ""


class Handler:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in told("refused").split():
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):
        reply = told("reply")
        if reply:
            return reply
        self.count += 1
        taken = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None or mode == "smtps",
            "user": session.auth_data or None,
            "message": envelope.original_content.decode("utf-8"),
        }
        path = directory / "mail" / f"{self.count:04}"
        path.with_suffix(".part").write_text(json.dumps(taken))
        path.with_suffix(".part").rename(path.with_suffix(".json"))
        if told("vanish"):
            server.transport.abort()
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    user, password = data.login.decode(), data.password.decode()
    taken = (user, password) == ("alice", "correct horse")
    return AuthResult(success=taken, handled=taken, auth_data=user)


def protocol():
    if mode == "plain":
        return SMTP(handler)
    if mode == "smtps":
        return SMTP(handler, authenticator=authenticate, auth_require_tls=False)
    return SMTP(handler, tls_context=context, require_starttls=True, authenticator=authenticate)


async def main():
    secured = context if mode == "smtps" else None
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", port, ssl=secured)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


handler = Handler()
context = None
if mode != "plain":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "certificate.pem", directory / "key.pem")
asyncio.run(main())
