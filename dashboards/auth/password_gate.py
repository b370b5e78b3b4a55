"""One password before everything, pages and websockets alike, where one is configured."""

import base64
import binascii
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from domain.language import SOURCE_LANGUAGE, msg

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class PasswordGate:
    """HTTP Basic (RFC 7617) around an ASGI application; any user name, one password."""

    def __init__(self, app: App, password: str, language: str = SOURCE_LANGUAGE) -> None:
        self._app = app
        self._refusal = msg("a password is needed").to(language).encode() + b"\n"
        self._password = password.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._let_in(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4401})
        else:
            headers = [
                (b"www-authenticate", b'Basic realm="heatwatch"'),
                (b"content-type", b"text/plain; charset=utf-8"),
            ]
            await send({"type": "http.response.start", "status": 401, "headers": headers})
            await send({"type": "http.response.body", "body": self._refusal})

    def _let_in(self, scope: Scope) -> bool:
        given = dict(scope["headers"]).get(b"authorization", b"")
        kind, _, token = given.partition(b" ")
        if kind.lower() != b"basic":
            return False
        try:
            _, _, password = base64.b64decode(token, validate=True).partition(b":")
        except binascii.Error:
            return False
        return secrets.compare_digest(password, self._password)
