"""The recorded sessions of the protocol, with `fermata conformance --stand-in` in the place of the service."""

from __future__ import annotations

import asyncio
import json
import unittest
from pathlib import Path
from typing import Any

from support import PATIENCE, ROOT

from fermata import FermataError
from fermata._connection import Connection, find_executable

FIXTURES = ROOT.parent.parent / "protocol" / "fixtures"


class Session:
    """The client's part of one session, line by line."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[tuple[Any, str, Any]] = asyncio.Queue()
        self.asked: dict[int, asyncio.Future[Any]] = {}
        #: The service's ids, by what the file calls them.
        self.names: dict[str, Any] = {}

    async def play(self, path: Path) -> int | None:
        self.connection = await Connection.open(
            [find_executable(None), "conformance", "--stand-in", str(path)],
            cwd=None,
            env=None,
            on_request=lambda request_id, method, params: self.told.put_nowait((request_id, method, params)),
            on_notification=lambda method, params, size: self.told.put_nowait((None, method, params)),
            on_lost=lambda connection: None,
        )
        for line in path.read_text().splitlines():
            message = json.loads(line)
            if "client" in message:
                await self.say(self.filled(message["client"]))
            else:
                await self.hear(message["service"])
        return await self.connection.close(PATIENCE)

    async def say(self, message: dict[str, Any]) -> None:
        if message.get("method") == "$/cancelRequest" and message["params"]["id"] in self.asked:
            # Who stops waiting takes the request back.
            self.asked[message["params"]["id"]].cancel()
            await asyncio.sleep(0)
        elif "method" not in message:
            self.connection.answer(message["id"], result=message.get("result"), error=message.get("error"))
        elif "id" in message:
            answer = self.connection.request(message["method"], message.get("params"))
            self.asked[message["id"]] = asyncio.ensure_future(answer)
            await asyncio.sleep(0)
        else:
            self.connection.notify(message["method"], message.get("params"))

    async def hear(self, message: dict[str, Any]) -> None:
        if "method" in message:
            request_id, method, params = await asyncio.wait_for(self.told.get(), PATIENCE)
            assert method == message["method"], (method, message)
            assert self.fits(message.get("id"), request_id), (message, request_id)
            assert self.fits(message.get("params", {}), params), (message, params)
            return
        asked = self.asked[message["id"]]
        if asked.cancelled():
            return
        try:
            result = await asyncio.wait_for(asked, PATIENCE)
        except FermataError as error:
            assert message["error"]["code"] == error.code, (message, error)
            assert message["error"].get("data", {}).get("kind", error.kind) == error.kind, (message, error)
        else:
            assert self.fits(message["result"], result), (message, result)

    def fits(self, pattern: Any, value: Any) -> bool:
        """Whether a value is what the file says, where it says it."""
        if isinstance(pattern, dict):
            if len(pattern) == 1 and next(iter(pattern)).startswith("$"):
                return bool(self.names.setdefault(pattern["$id"], value) == value) if "$id" in pattern else True
            return isinstance(value, dict) and all(
                key in value and self.fits(part, value[key]) for key, part in pattern.items()
            )
        if isinstance(pattern, list):
            return len(pattern) == len(value) and all(map(self.fits, pattern, value))
        return bool(pattern == value)

    def filled(self, pattern: Any) -> Any:
        """A message with the ids that the file has names for."""
        if isinstance(pattern, dict):
            if "$id" in pattern:
                return self.names.get(pattern["$id"])
            return {key: self.filled(part) for key, part in pattern.items()}
        return [self.filled(part) for part in pattern] if isinstance(pattern, list) else pattern


class FixtureTest(unittest.IsolatedAsyncioTestCase):
    async def test_every_recorded_session_is_kept_to(self) -> None:
        paths = sorted(FIXTURES.rglob("*.jsonl"))
        self.assertGreater(len(paths), 100)
        for path in paths:
            with self.subTest(str(path.relative_to(FIXTURES))):
                self.assertEqual(await asyncio.wait_for(Session().play(path), PATIENCE), 0)
