"""One life of the executable: JSON-RPC over its standard streams, a message a line."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shutil
from typing import Any, Awaitable, Callable, Dict, List, Mapping, Optional, Sequence, cast

from ._errors import EngineLost, FermataError, error_from_wire

log = logging.getLogger("fermata")


def find_executable(given: Optional[str]) -> str:
    """The argument, else the environment variable ``FERMATA``, else ``fermata`` on the PATH."""
    wanted = given or os.environ.get("FERMATA") or "fermata"
    found = shutil.which(wanted)
    if found is None:
        raise FermataError(
            "engine.notFound",
            f"There is no executable {wanted!r}: pass executable=, set FERMATA, or put fermata on the PATH.",
        )
    return os.path.abspath(found)


class Connection(asyncio.SubprocessProtocol):
    """Sends requests and notifications, matches answers, and hands on what the service sends.

    It always reads: an answer never waits behind an event that nobody has taken.
    """

    def __init__(
        self,
        on_request: Callable[[Any, str, Dict[str, Any]], None],
        on_notification: Callable[[str, Dict[str, Any], int], None],
        on_lost: Callable[[Connection], None],
    ) -> None:
        self._on_request = on_request
        self._on_notification = on_notification
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._pending: Dict[int, asyncio.Future[Any]] = {}
        self._last_id = 0
        self._parts: List[bytes] = []
        self._writable = asyncio.Event()
        self._writable.set()
        self._exited = asyncio.Event()
        self._gone = asyncio.Event()
        self._transport: Optional[asyncio.SubprocessTransport] = None
        self._stdin: Optional[asyncio.WriteTransport] = None
        self._is_lost = False

    @classmethod
    async def open(
        cls,
        argv: Sequence[str],
        *,
        cwd: Optional[str],
        env: Optional[Mapping[str, str]],
        on_request: Callable[[Any, str, Dict[str, Any]], None],
        on_notification: Callable[[str, Dict[str, Any], int], None],
        on_lost: Callable[[Connection], None],
    ) -> Connection:
        """Starts the process, in a session of its own: a Ctrl-C is the client's affair, not the service's."""
        try:
            _, connection = await asyncio.get_running_loop().subprocess_exec(
                lambda: cls(on_request, on_notification, on_lost),
                *argv,
                stderr=None,
                cwd=cwd,
                env=env,
                start_new_session=True,
            )
        except OSError as error:
            raise FermataError("engine.notFound", f"{argv[0]} cannot be started: {error}") from error
        return connection

    @property
    def pid(self) -> int:
        assert self._transport is not None
        return self._transport.get_pid() or 0

    @property
    def is_alive(self) -> bool:
        return not self._is_lost

    # Out

    def request(self, method: str, params: Optional[Mapping[str, Any]] = None) -> Awaitable[Any]:
        """Sends now, so that requests leave in the order of the calls. Who stops waiting takes the request back."""
        self._last_id += 1
        request_id = self._last_id
        self._send({"id": request_id, "method": method, "params": params or {}})
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._pending[request_id] = answer
        return self._await(request_id, answer)

    async def _await(self, request_id: int, answer: asyncio.Future[Any]) -> Any:
        try:
            return await answer
        except asyncio.CancelledError:
            if self._pending.pop(request_id, None) is not None and self.is_alive:
                self._send({"method": "$/cancelRequest", "params": {"id": request_id}})
            raise

    def notify(self, method: str, params: Optional[Mapping[str, Any]] = None) -> None:
        self._send({"method": method, "params": params or {}})

    def answer(self, request_id: Any, *, result: Any = None, error: Optional[Mapping[str, Any]] = None) -> None:
        self._send({"id": request_id, "result": result} if error is None else {"id": request_id, "error": error})

    async def drain(self) -> None:
        """Waits while the service does not read: its back-pressure."""
        if self.is_alive:
            await self._writable.wait()

    async def gone(self) -> None:
        """Waits for the end of the process."""
        await self._gone.wait()

    def _send(self, message: Dict[str, Any]) -> None:
        if self._is_lost:
            raise self._loss()
        text = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        assert self._stdin is not None
        self._stdin.write(text.encode() + b"\n")

    # In

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.SubprocessTransport, transport)
        self._stdin = cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0))

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        *ends, rest = data.split(b"\n")
        for end in ends:
            self._parts.append(end)
            line = b"".join(self._parts)
            self._parts = []
            if line:
                self._receive(line)
        if rest:
            self._parts.append(rest)

    def _receive(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            return log.warning("The service said what is no message: %.200r", line)
        method = message.get("method")
        if method is None:
            self._settle(message)
        elif "id" in message:
            self._on_request(message["id"], method, message.get("params") or {})
        else:
            self._on_notification(method, message.get("params") or {}, len(line))

    def _settle(self, message: Dict[str, Any]) -> None:
        answer = self._pending.pop(message.get("id", 0), None)
        if answer is None or answer.done():
            return
        if "error" in message:
            answer.set_exception(error_from_wire(message["error"]))
        else:
            answer.set_result(message.get("result"))

    # The end

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def pipe_connection_lost(self, fd: int, exc: Optional[Exception]) -> None:
        if fd == 1:
            self._lose()

    def process_exited(self) -> None:
        self._exited.set()

    def _lose(self) -> None:
        if self._is_lost:
            return
        self._is_lost = True
        self._gone.set()
        self._writable.set()
        pending, self._pending = self._pending, {}
        for answer in pending.values():
            if not answer.done():
                answer.set_exception(self._loss())
        self._on_lost(self)

    @staticmethod
    def _loss() -> EngineLost:
        return EngineLost("The service ended before it answered.")

    async def close(self, patience: float) -> Optional[int]:
        """Closes stdin, on which the service ends by itself; one that does not is killed."""
        assert self._transport is not None and self._stdin is not None
        self._stdin.close()
        try:
            await asyncio.wait_for(self._exited.wait(), patience)
        except asyncio.TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._transport.kill()
            await self._exited.wait()
        code = self._transport.get_returncode()
        self._transport.close()
        return code
