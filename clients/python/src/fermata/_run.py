"""The handle of a run."""

from __future__ import annotations

import asyncio
import os
import time
import weakref
from typing import TYPE_CHECKING, Any, Dict, Generator, List, Mapping, Optional, Tuple

from ._errors import FermataError, RunCancelled, RunFailed
from ._events import PROGRESS, TEXT_TYPES, Event, EventStream, event_from_notification
from ._telling import Telling
from ._values import (
    Answer,
    Approval,
    LogEntry,
    Observers,
    Progress,
    Question,
    log_entry_from,
    progress_from,
    question_from,
    response_of,
)

if TYPE_CHECKING:
    from ._engine import Engine

TERMINAL = frozenset({"completed", "failed", "cancelled"})


def new_run_id() -> str:
    """A UUID of version 7: made here, so that asking twice for a run makes one."""
    value = (time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Run:
    """A run, followed. ``await run`` gives its output, or raises `RunFailed` or `RunCancelled`.

    It goes on, and the handle keeps working, when the service dies and is started again.
    """

    def __init__(self, engine: Engine, run_id: str, observers: Observers) -> None:
        self.id = run_id
        #: ``pending``, ``in-progress``, ``awaiting``, ``completed``, ``failed`` or ``cancelled``.
        self.status = "pending"
        self.is_paused = False
        self.progress = Progress()
        #: The newest event that has arrived.
        self.seq = 0
        self._engine = engine
        self._texts: Dict[Tuple[Any, Any, str], int] = {}
        #: Who leaves an `async for` leaves its stream to nobody.
        self._streams: weakref.WeakSet[EventStream] = weakref.WeakSet()
        self._outcome: Any = None
        self._error: Optional[BaseException] = None
        loop = asyncio.get_running_loop()
        #: Why nothing will come any more.
        self._broken: asyncio.Future[None] = loop.create_future()
        self._ended: asyncio.Future[None] = loop.create_future()
        self._opening: Optional[asyncio.Task[None]] = None
        self._telling = Telling(engine, self, observers)

    def __repr__(self) -> str:
        return f"<Run {self.id} {self.status}{' paused' if self.is_paused else ''}>"

    @property
    def has_ended(self) -> bool:
        return self.status in TERMINAL

    # Waiting

    def __await__(self) -> Generator[Any, None, Any]:
        return self.result().__await__()

    async def result(self, *, cancel_run: bool = False) -> Any:
        """Waits for the run's output, and for its observers to have heard everything.

        Cancelling the waiting cancels only that, and the run goes on; with ``cancel_run`` it cancels the run too.
        """
        try:
            await self.opened()
            await self._until(self._ended)
            if self._telling.task is not None:
                await self._until(self._telling.task)
        except asyncio.CancelledError:
            if cancel_run:
                self._engine.spawn(self.cancel("Nobody waits for it any more."))
            raise
        if self._error is not None:
            raise self._error
        return self._outcome

    async def _until(self, future: asyncio.Future[None]) -> None:
        """Until that is over, or an observer has raised, or the engine is gone for good."""
        if not future.done():
            await asyncio.wait({future, self._broken}, return_when=asyncio.FIRST_COMPLETED)
        if self._broken.done():
            self._broken.result()

    async def opened(self) -> Run:
        """Waits until the run is known to the service: it then survives everything."""
        opening = self._opening
        assert opening is not None
        if not opening.done():
            await asyncio.wait({opening, self._broken}, return_when=asyncio.FIRST_COMPLETED)
        if opening.done() and not opening.cancelled():
            opening.result()
        else:
            self._broken.result()
        return self

    # Moving it

    async def start(self) -> None:
        """Starts a run that was created with ``start=False``."""
        await self._move("run/start")

    async def pause(self) -> None:
        """Nothing new starts; what is under way finishes."""
        await self._move("run/pause")

    async def resume(self) -> None:
        await self._move("run/resume")

    async def cancel(self, reason: Optional[str] = None) -> None:
        """Ends the run, with its cleanup; a second time, at once."""
        await self._move("run/cancel", reason=reason)

    async def retry(self) -> None:
        """Lets a run that failed or was cancelled go on from where it stood."""
        await self.opened()
        self._engine.follow(self)
        await self._subscribe()
        await self._move("run/retry")

    async def signal(self, name: str, payload: Any = None, *, idempotency_key: Optional[str] = None) -> None:
        """Sends a signal, exactly once, also when the service dies meanwhile."""
        await self.opened()
        key = idempotency_key or new_run_id()
        params = {"runId": self.id, "name": name, "payload": payload, "idempotencyKey": key}
        await self._engine.request_again("execution/signal", params)

    async def approve(self, message: Optional[str] = None, *, approver: Optional[str] = None) -> None:
        """Approves the one approval that is open."""
        await self._answer("approval", Approval(True, message, approver))

    async def reject(self, message: Optional[str] = None, *, approver: Optional[str] = None) -> None:
        """Rejects the one approval that is open."""
        await self._answer("approval", Approval(False, message, approver))

    async def answer(self, value: Any, *, by: Optional[str] = None) -> None:
        """Answers the one input that is open."""
        await self._answer("input", Answer(value, by))

    async def respond(self, question: Question, answer: Any) -> None:
        """Answers one question of several, with what an observer would return."""
        await self._engine.request_again(*response_of(question.kind, {"interactionId": question.id}, answer))

    async def _answer(self, kind: str, answer: Any) -> None:
        info = await self.info()
        await self._request(*response_of(kind, {"executionId": info.get("executionId")}, answer))

    # Looking at it

    async def info(self) -> Dict[str, Any]:
        """All of `run/get`: state, input, output, what it waits for."""
        return dict(await self._request("run/get", {"runId": self.id}))

    async def steps(self) -> List[Dict[str, Any]]:
        return list((await self._request("run/steps", {"runId": self.id}))["steps"])

    async def questions(self) -> List[Question]:
        """What is open."""
        found = await self._request("execution/interactions", {"runId": self.id})
        return [question_from(entry) for entry in found["interactions"]]

    async def logs(self) -> List[LogEntry]:
        """All that was logged."""
        entries: List[LogEntry] = []
        after: Optional[int] = 0
        while after is not None:
            page = await self._request("run/logs", {"runId": self.id, "afterSeq": after})
            entries += [log_entry_from(entry) for entry in page["entries"]]
            after = page.get("nextAfterSeq")
        return entries

    def events(self, after_seq: int = 0) -> EventStream:
        """The run's events, from the first on, and its text as it comes, until the run has ended."""
        stream = EventStream(self, after_seq)
        self._streams.add(stream)
        return stream

    # Inside

    def open(self, opening: Any) -> None:
        self._opening = self._engine.spawn(opening)
        self._opening.add_done_callback(self._has_opened)

    def _has_opened(self, opening: asyncio.Task[None]) -> None:
        error = None if opening.cancelled() else opening.exception()
        if error is not None:
            self.give_up(error)

    async def create(self, params: Mapping[str, Any], *, is_new: bool) -> None:
        """Creates the run, or takes up the one that has this id and was asked for in the same words."""
        if is_new or not await self._exists():
            self._telling.begin()
            await self._engine.request_again("run/create", params)
            if not is_new:
                await self._subscribe()
        else:
            await self._engine.request_again("run/create", params)
            await self.take_up()

    async def take_up(self) -> None:
        """Takes the run as it stands, and follows it from there."""
        info = await self._engine.request_again("run/get", {"runId": self.id})
        self.seq = max(self.seq, info["seq"])
        self.status, self.is_paused = info["status"], info["isPaused"]
        self.progress = progress_from(info["progress"])
        self._telling.begin()
        if self.has_ended:
            return self._end(info)
        await self._subscribe()
        if self._telling.asks:
            found = await self._engine.request_again("execution/interactions", {"runId": self.id})
            for entry in found["interactions"]:
                self._telling.ask(question_from(entry))

    async def _exists(self) -> bool:
        try:
            await self._engine.request_again("run/get", {"runId": self.id})
        except FermataError as error:
            if error.kind != "run.notFound":
                raise
            return False
        return True

    async def _subscribe(self) -> None:
        await self._engine.request_again("run/subscribe", {"runId": self.id, "afterSeq": self.seq})

    async def request_again(self, method: str, params: Mapping[str, Any]) -> Any:
        await self.opened()
        return await self._engine.request_again(method, {"runId": self.id, **params})

    async def _request(self, method: str, params: Mapping[str, Any]) -> Any:
        await self.opened()
        return await self._engine.request(method, params)

    async def _move(self, method: str, **params: Any) -> None:
        moved = await self._request(method, {"runId": self.id, **params})
        if moved["seq"] >= self.seq:
            self.status, self.is_paused = moved["status"], moved["isPaused"]

    def receive(self, method: str, params: Dict[str, Any], size: int) -> None:
        """One notification of this run. What was told before is told to nobody again."""
        seq = params.get("seq")
        if method in TEXT_TYPES:
            return self._receive_text(method, params, size)
        if seq == self.seq + 1:
            self.seq = seq
            event = event_from_notification(method, params)
            self._apply(event)
        elif seq == self.seq and method == PROGRESS:
            self.progress = progress_from(params)
            event = event_from_notification(method, params)
        else:
            return
        for stream in list(self._streams):
            stream.push(event, size)

    def _receive_text(self, method: str, params: Dict[str, Any], size: int) -> None:
        text, offset = params["text"].encode(), params["offset"]
        key = (params.get("path"), params.get("attempt"), method)
        known = self._texts.get(key, 0)
        if offset + len(text) <= known:
            return
        if offset < known:
            params = {**params, "text": text[known - offset :].decode(), "offset": known}
        self._texts[key] = offset + len(text)
        event = event_from_notification(method, params)
        for stream in list(self._streams):
            stream.push(event, size)

    def _apply(self, event: Event) -> None:
        data = event.data
        if event.type == "run/statusChanged":
            self.status, self.is_paused = data["status"], data["isPaused"]
            if not self.has_ended and self._ended.done():
                self._begin_again()
        elif event.type in ("run/completed", "run/failed", "run/cancelled"):
            self._end(data)
        elif event.is_end:
            for method in TEXT_TYPES:
                self._texts.pop((*event.attempt_key, method), None)
            if "progress" in data:
                self.progress = progress_from(data["progress"])

    def _end(self, data: Mapping[str, Any]) -> None:
        self._outcome, self._error = data.get("output"), None
        if self.status == "failed":
            self._error = RunFailed(self.id, data.get("error") or {})
        elif self.status == "cancelled":
            self._error = RunCancelled(self.id, data.get("reason") or data.get("cancelReason"))
        if not self._ended.done():
            self._ended.set_result(None)
        self._engine.unfollow(self)
        for stream in list(self._streams):
            stream.wake()

    def _begin_again(self) -> None:
        """A retry: what waits from now on waits for the new end."""
        self._ended = asyncio.get_running_loop().create_future()
        self._telling.begin()

    def has_restarted(self) -> None:
        """Nobody knows how far the text of what was interrupted had come."""
        self._texts = {}

    def give_up(self, error: BaseException) -> None:
        """Nothing will come any more."""
        if not self._broken.done():
            self._broken.set_exception(error)
            self._broken.exception()
        self._engine.unfollow(self)
        for stream in list(self._streams):
            stream.close(error)
        self._telling.withdraw_all()

    def forget(self, stream: EventStream) -> None:
        self._streams.discard(stream)
