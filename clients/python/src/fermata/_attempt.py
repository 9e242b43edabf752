"""The context of a body that this program runs: a handler's, or that of a program's step."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import threading
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Coroutine, Optional, TypeVar, cast

from ._connection import Connection
from ._errors import FermataError

T = TypeVar("T")
log = logging.getLogger("fermata")


@dataclass(frozen=True)
class AttemptInfo:
    """Which attempt of which step this is."""

    run_id: str
    execution_id: str
    #: The step's path, unique within the run.
    path: str
    step: str
    #: From 1.
    number: int
    #: The same for every attempt of this step: what is done under it is done once.
    idempotency_key: str
    handler: Optional[str] = None
    #: When the attempt times out, as RFC 3339.
    deadline_at: Optional[str] = None


class Attempt:
    """The context of an ``async`` body. When the attempt is not wanted any more, its task is cancelled."""

    def __init__(self, connection: Connection, info: AttemptInfo) -> None:
        self.info = info
        self.number = info.number
        self.idempotency_key = info.idempotency_key
        #: Whether nobody wants the outcome any more.
        self.is_cancelled = False
        self._connection = connection

    async def text_delta(self, text: str) -> None:
        """Says something: whoever follows the run reads it as it comes."""
        await self._tell("step/textDelta", text=text)

    async def log(self, message: str, level: str = "info") -> None:
        """Writes a line to the run's log: debug, info, warning or error."""
        await self._tell("step/log", message=message, level=level)

    async def progress(self, current: int, total: int = 0, message: Optional[str] = None) -> None:
        await self._tell("step/progress", current=current, total=total, message=message)

    async def heartbeat(self) -> None:
        """Says that the attempt is alive, for steps with a ``heartbeatTimeoutMs``."""
        await self._tell("step/heartbeat")

    async def _tell(self, method: str, **params: Any) -> None:
        await self._connection.drain()
        info = self.info
        which = {"runId": info.run_id, "executionId": info.execution_id, "path": info.path, "attempt": info.number}
        self._connection.notify(method, {**which, **params})


class BlockingAttempt:
    """The context of a plain body, which runs in a thread of its own."""

    def __init__(self, inner: Attempt) -> None:
        self.info = inner.info
        self.number = inner.number
        self.idempotency_key = inner.idempotency_key
        self._inner = inner
        self._loop = asyncio.get_running_loop()

    @property
    def is_cancelled(self) -> bool:
        """Whether nobody wants the outcome any more: a thread cannot be cancelled, so look now and then."""
        return self._inner.is_cancelled

    def text_delta(self, text: str) -> None:
        self._tell(self._inner.text_delta(text))

    def log(self, message: str, level: str = "info") -> None:
        self._tell(self._inner.log(message, level))

    def progress(self, current: int, total: int = 0, message: Optional[str] = None) -> None:
        self._tell(self._inner.progress(current, total, message))

    def heartbeat(self) -> None:
        self._tell(self._inner.heartbeat())

    def _tell(self, telling: Coroutine[Any, Any, None]) -> None:
        if self.is_cancelled:
            telling.close()
            raise FermataError("step.cancelled", "Nobody wants the outcome of this attempt any more.")
        asyncio.run_coroutine_threadsafe(telling, self._loop).result()


def in_thread(function: Callable[..., T], *arguments: Any) -> Awaitable[T]:
    """Calls it in a thread of its own, which does not keep the interpreter from ending."""
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()
    context = contextvars.copy_context()

    def settle(value: Any, error: Optional[BaseException]) -> None:
        if outcome.done():
            return
        if error is None:
            outcome.set_result(cast(T, value))
        else:
            outcome.set_exception(error)

    def work() -> None:
        value: Any = None
        failure: Optional[BaseException] = None
        try:
            value = context.run(function, *arguments)
        except BaseException as error:
            failure = error if not isinstance(error, StopIteration) else RuntimeError("StopIteration")
        try:
            loop.call_soon_threadsafe(settle, value, failure)
        except RuntimeError:
            log.debug("The event loop ended before %r did.", function)

    threading.Thread(target=work, name=f"fermata {getattr(function, '__name__', 'call')}", daemon=True).start()
    return outcome
