"""A run's events as they come, each once and in order, however slowly they are taken."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, AsyncIterator, Deque, Dict, Mapping, Optional, Tuple, Union

if TYPE_CHECKING:
    from ._run import Run

TEXT_TYPES = frozenset({"execution/textDelta", "execution/thinkingDelta"})
#: Told beside the journal's events, with the seq of the newest.
PROGRESS = "run/progress"
_COMMON = ("runId", "executionId", "seq", "at")


@dataclass(frozen=True)
class Event:
    """A fact in a run's journal, or a piece of text, which has no ``seq``."""

    type: str
    data: Mapping[str, Any]
    seq: Optional[int] = None
    at: Optional[str] = None
    execution_id: Optional[str] = None

    @property
    def attempt_key(self) -> Tuple[Any, Any]:
        return (self.data.get("path"), self.data.get("attempt"))

    @property
    def is_text(self) -> bool:
        return self.type in TEXT_TYPES

    @property
    def is_end(self) -> bool:
        """Whether it ends an attempt."""
        return self.type in ("step/completed", "step/failed")


def event_from_notification(method: str, params: Mapping[str, Any]) -> Event:
    data = {name: value for name, value in params.items() if name not in _COMMON}
    return Event(method, data, params.get("seq"), params.get("at"), params.get("executionId"))


def event_from_journal(entry: Mapping[str, Any]) -> Event:
    data = {name: value for name, value in entry["data"].items() if name not in _COMMON}
    return Event(entry["type"], data, entry["seq"], entry["at"], entry.get("executionId"))


class _Said:
    """Pieces of one attempt's text that nobody has taken yet: they are taken as one."""

    def __init__(self, first: Event) -> None:
        self._first = first
        self._pieces = [first.data["text"]]

    def takes(self, event: Event) -> bool:
        return event.type == self._first.type and event.attempt_key == self._first.attempt_key

    def add(self, event: Event) -> None:
        self._pieces.append(event.data["text"])

    def joined(self) -> Event:
        return replace(self._first, data={**self._first.data, "text": "".join(self._pieces)})


class EventStream(AsyncIterator[Event]):
    """What one reader has yet to take.

    The buffer is bounded. When it is full the stream lags: what comes is let go, and read from the journal
    (`run/events`) once there is room. So a slow reader costs no memory, delays no other, and misses no event. Pieces of
    text are joined; when an attempt ends while its reader lags, its text is let go: the journal has its result.
    """

    MAX_EVENTS = 1024
    MAX_BYTES = 4 << 20

    def __init__(self, run: Run, after_seq: int) -> None:
        self._run = run
        self._seq = after_seq
        self._buffer: Deque[Tuple[Union[Event, _Said], int]] = deque()
        self._bytes = 0
        self._lags = after_seq < run.seq
        #: By attempt, while the stream lags.
        self._said: Dict[Tuple[Any, Any], _Said] = {}
        self._closed = False
        self._error: Optional[BaseException] = None
        self._wake = asyncio.Event()

    def push(self, event: Event, size: int) -> None:
        """What has just arrived. ``size`` is what it took on the wire."""
        if event.is_text:
            self._push_text(event, size)
        elif event.type == PROGRESS or (event.seq or 0) > self._seq:
            self._push_fact(event, size)
        self.wake()

    def _push_fact(self, event: Event, size: int) -> None:
        if event.is_end:
            self._said.pop(event.attempt_key, None)
        self._lags = self._lags or not self._has_room(size) or (event.seq or 0) > self._seq + 1
        if not self._lags:
            self._append(event, size)
            self._seq = event.seq or self._seq

    def _push_text(self, event: Event, size: int) -> None:
        last = self._buffer[-1][0] if self._buffer else None
        self._lags = self._lags or not self._has_room(size)
        if self._lags:
            said = self._said.get(event.attempt_key)
            if said is None:
                self._said[event.attempt_key] = _Said(event)
            else:
                said.add(event)
        elif isinstance(last, _Said) and last.takes(event):
            last.add(event)
            self._buffer[-1] = (last, self._buffer[-1][1] + size)
            self._bytes += size
        else:
            self._append(_Said(event), size)

    def _has_room(self, size: int) -> bool:
        """Always for one, however large it is."""
        return not self._buffer or (len(self._buffer) < self.MAX_EVENTS and self._bytes + size <= self.MAX_BYTES)

    def _append(self, item: Union[Event, _Said], size: int) -> None:
        self._buffer.append((item, size))
        self._bytes += size

    def wake(self) -> None:
        self._wake.set()

    def close(self, error: Optional[BaseException] = None) -> None:
        self._closed = True
        self._error = error
        self.wake()

    async def aclose(self) -> None:
        self.close()
        self._run.forget(self)

    def __aiter__(self) -> EventStream:
        return self

    async def __anext__(self) -> Event:
        """The next event. The stream ends with the run."""
        while True:
            self._wake.clear()
            if self._buffer:
                item, size = self._buffer.popleft()
                self._bytes -= size
                return item.joined() if isinstance(item, _Said) else item
            if self._closed:
                raise self._error or StopAsyncIteration
            if self._lags:
                await self._catch_up()
            elif self._run.has_ended and self._seq >= self._run.seq:
                await self.aclose()
            else:
                await self._wake.wait()

    async def _catch_up(self) -> None:
        page = await self._run.request_again("run/events", {"afterSeq": self._seq, "limit": 256, "maxBytes": 1 << 20})
        for entry in page["events"]:
            event = event_from_journal(entry)
            said = self._said.pop(event.attempt_key, None) if event.is_end else None
            if said is not None:
                self._append(said.joined(), 0)
            self._append(event, 0)
            self._seq = entry["seq"]
        if self._seq >= max(page["lastSeq"], self._run.seq):
            for said in self._said.values():
                self._append(said, 0)
            self._said = {}
            self._lags = False
