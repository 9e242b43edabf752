"""The same without asyncio: an event loop in a thread of its own, and calls that wait.

Handlers, programs and observers are plain functions here, and each call of one has a thread of its own.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
import threading
from typing import TYPE_CHECKING, Any, Callable, Coroutine, Dict, Iterator, List, Mapping, Optional, TypeVar

from . import _engine
from ._attempt import in_thread
from ._engine import RunOptions, Workflow
from ._errors import FermataError
from ._events import Event, EventStream
from ._run import Run as _Run
from ._values import LogEntry, Observers, Progress, Question

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["Engine", "Run"]
T = TypeVar("T")


class Engine:
    """`fermata.Engine` for programs without an event loop: ``with Engine() as engine``. It takes the same arguments."""

    def __init__(self, **options: Any) -> None:
        self._inner = _engine.Engine(**options)
        self._loop = asyncio.new_event_loop()
        self._thread: Optional[threading.Thread] = None
        self.handler = self._inner.handler
        self.workflow = self._inner.workflow

    def __enter__(self) -> Engine:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Starts the service. Runs that were left are gone on with at once."""
        if self._thread is not None:
            raise FermataError("engine.started", "The engine is started already.")
        self._thread = threading.Thread(target=self._loop.run_forever, name="fermata", daemon=True)
        self._thread.start()
        try:
            self._wait(self._inner.start())
        except BaseException:
            self._stop()
            raise

    def close(self) -> None:
        """Ends the service. Runs that are not done stay as they are, and go on when it is started again."""
        if self._thread is not None and self._thread.is_alive():
            self._wait(self._inner.close())
            self._stop()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join()
        self._loop.close()

    @property
    def pid(self) -> int:
        """The service's process."""
        return self._inner.pid

    @property
    def info(self) -> Dict[str, Any]:
        """What the service said of itself when it was started."""
        return self._inner.info

    def request(self, method: str, params: Optional[Mapping[str, Any]] = None) -> Any:
        """Sends any request of the protocol."""
        return self._wait(self._inner.request(method, params))

    def run(self, workflow: Workflow, input: Any = None, **options: Unpack[RunOptions]) -> Run:
        """Creates a run and starts it: ``output = engine.run("release", {"tag": "v1"}).result()``."""
        return self._make(lambda: self._inner.run(workflow, input, **_in_threads(options)))

    def attach(self, run_id: str, **observers: Unpack[Observers]) -> Run:
        """Follows a run that exists, from where it stands."""
        return self._make(lambda: self._inner.attach(run_id, **_in_threads(observers)))

    def runs(self, **filters: Any) -> List[Dict[str, Any]]:
        """Runs, newest first."""
        return self._wait(self._inner.runs(**filters))

    def register(self, document: Mapping[str, Any]) -> Dict[str, Any]:
        """Makes a document known by its name."""
        return self._wait(self._inner.register(document))

    def _make(self, make: Callable[[], _Run]) -> Run:
        async def made() -> _Run:
            return make()

        return Run(self._wait(made()), self._loop)

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return _wait(work, self._loop)


class Run:
    """`fermata.Run` for programs without an event loop."""

    def __init__(self, inner: _Run, loop: asyncio.AbstractEventLoop) -> None:
        self._inner = inner
        self._loop = loop
        self.id = inner.id

    def __repr__(self) -> str:
        return repr(self._inner)

    @property
    def status(self) -> str:
        return self._inner.status

    @property
    def is_paused(self) -> bool:
        return self._inner.is_paused

    @property
    def progress(self) -> Progress:
        return self._inner.progress

    @property
    def seq(self) -> int:
        return self._inner.seq

    def result(self, timeout: Optional[float] = None, *, cancel_run: bool = False) -> Any:
        """Waits for the run's output, at most ``timeout`` seconds: TimeoutError, and the run goes on.

        With ``cancel_run`` giving up the waiting, by the time or by Ctrl-C, cancels the run too.
        """
        return self._wait(self._inner.result(cancel_run=cancel_run), timeout)

    def opened(self) -> Run:
        """Waits until the run is known to the service: it then survives everything."""
        self._wait(self._inner.opened())
        return self

    def start(self) -> None:
        self._wait(self._inner.start())

    def pause(self) -> None:
        self._wait(self._inner.pause())

    def resume(self) -> None:
        self._wait(self._inner.resume())

    def cancel(self, reason: Optional[str] = None) -> None:
        self._wait(self._inner.cancel(reason))

    def retry(self) -> None:
        self._wait(self._inner.retry())

    def signal(self, name: str, payload: Any = None, *, idempotency_key: Optional[str] = None) -> None:
        self._wait(self._inner.signal(name, payload, idempotency_key=idempotency_key))

    def approve(self, message: Optional[str] = None, *, approver: Optional[str] = None) -> None:
        self._wait(self._inner.approve(message, approver=approver))

    def reject(self, message: Optional[str] = None, *, approver: Optional[str] = None) -> None:
        self._wait(self._inner.reject(message, approver=approver))

    def answer(self, value: Any, *, by: Optional[str] = None) -> None:
        self._wait(self._inner.answer(value, by=by))

    def respond(self, question: Question, answer: Any) -> None:
        self._wait(self._inner.respond(question, answer))

    def info(self) -> Dict[str, Any]:
        return self._wait(self._inner.info())

    def steps(self) -> List[Dict[str, Any]]:
        return self._wait(self._inner.steps())

    def questions(self) -> List[Question]:
        return self._wait(self._inner.questions())

    def logs(self) -> List[LogEntry]:
        return self._wait(self._inner.logs())

    def events(self, after_seq: int = 0) -> Iterator[Event]:
        """The run's events, from the first on, and its text as it comes, until the run has ended."""
        stream = self._wait(self._stream(after_seq))
        try:
            while True:
                event = self._wait(_next(stream))
                if event is None:
                    return
                yield event
        finally:
            self._wait(stream.aclose())

    async def _stream(self, after_seq: int) -> EventStream:
        return self._inner.events(after_seq)

    def _wait(self, work: Coroutine[Any, Any, T], timeout: Optional[float] = None) -> T:
        return _wait(work, self._loop, timeout)


def _wait(work: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop, timeout: Optional[float] = None) -> T:
    if loop.is_closed():
        work.close()
        raise FermataError("engine.closed", "The engine is closed; its runs are safe.")
    future = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return future.result(timeout)
    except concurrent.futures.TimeoutError:
        if future.done():
            raise
        future.cancel()
        raise TimeoutError(f"It took longer than {timeout} s.") from None
    except KeyboardInterrupt:
        future.cancel()
        raise


async def _next(stream: EventStream) -> Optional[Event]:
    try:
        return await stream.__anext__()
    except StopAsyncIteration:
        return None


def _in_threads(options: Any) -> Dict[str, Any]:
    """Observers may wait, for a person say: each call has a thread of its own, one after the other."""
    return {
        name: _in_thread(value) if name.startswith("on_") and value is not None else value
        for name, value in options.items()
    }


def _in_thread(observer: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(observer):
        return observer

    async def call(value: Any) -> Any:
        return await in_thread(observer, value)

    return call
