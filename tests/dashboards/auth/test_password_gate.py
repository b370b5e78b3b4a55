"""The password in front of everything: pages, websockets, and what may pass without."""

import asyncio
import base64
from collections.abc import MutableMapping
from typing import Any

import pytest

from dashboards.auth.password_gate import PasswordGate, Receive, Scope, Send

PASSWORD = "wärme:1"


async def inner(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "inside"})


def answers(kind: str, *headers: tuple[bytes, bytes]) -> list[MutableMapping[str, Any]]:
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {}

    asyncio.run(PasswordGate(inner, PASSWORD)({"type": kind, "headers": headers}, receive, send))
    return sent


def basic(password: str, kind: str = "Basic") -> tuple[bytes, bytes]:
    token = base64.b64encode(f"anybody:{password}".encode()).decode()
    return b"authorization", f"{kind} {token}".encode()


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_the_password_opens_for_any_name(kind: str) -> None:
    assert answers(kind, basic(PASSWORD)) == [{"type": "inside"}]
    assert answers(kind, basic(PASSWORD, "bASIC")) == [{"type": "inside"}]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [basic("wrong")],
        [basic("")],
        [basic(PASSWORD, "Bearer")],
        [(b"authorization", b"Basic not base64!")],
        [(b"authorization", b"Basic")],
    ],
    ids=["none", "wrong", "empty", "bearer", "no base64", "no token"],
)
def test_without_it_a_page_is_refused_and_a_websocket_closed(
    headers: list[tuple[bytes, bytes]],
) -> None:
    start, body = answers("http", *headers)
    assert start["status"] == 401
    assert start["headers"][0][0] == b"www-authenticate"
    assert body["body"] == b"a password is needed\n"
    assert answers("websocket", *headers) == [{"type": "websocket.close", "code": 4401}]


def test_starting_and_stopping_the_server_needs_none() -> None:
    assert answers("lifespan") == [{"type": "inside"}]
