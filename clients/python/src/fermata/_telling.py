"""Tells a run's observers what happens, and answers with what they return."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any, Dict, Optional

from ._errors import FermataError, RunFailed
from ._events import PROGRESS, Event, EventStream
from ._values import Observers, Question, TextDelta, log_entry_from, progress_from, question_from

if TYPE_CHECKING:
    from ._engine import Engine
    from ._run import Run

#: Somebody else was faster.
_TOO_LATE = frozenset({"interaction.alreadyResolved", "interaction.expired", "interaction.notFound"})


class Telling:
    """One observer is called at a time, but for those that are asked: a person takes long."""

    def __init__(self, engine: Engine, run: Run, observers: Observers) -> None:
        self._engine = engine
        self._run = run
        self._observers = observers
        self._questions: Dict[str, asyncio.Task[None]] = {}
        #: Done when the observers have heard the last.
        self.task: Optional[asyncio.Task[None]] = None

    @property
    def asks(self) -> bool:
        return "on_approval_requested" in self._observers or "on_input_requested" in self._observers

    def begin(self) -> None:
        """From the event that arrives next. After a retry the run has another end to tell of."""
        if self._observers and (self.task is None or self.task.done()):
            self.task = self._engine.spawn(self._tell(self._run.events(self._run.seq)))

    def ask(self, question: Question) -> None:
        name = f"on_{question.kind}_requested"
        if name in self._observers and question.id not in self._questions:
            self._questions[question.id] = self._engine.spawn(self._settle(name, question))

    def withdraw_all(self) -> None:
        for question_id in self._questions:
            self._withdraw(question_id)

    async def _tell(self, stream: EventStream) -> None:
        try:
            async for event in stream:
                await self._tell_one(event)
        except Exception as error:
            self._run.give_up(error)

    async def _tell_one(self, event: Event) -> None:
        data = event.data
        await self._call("on_event", event)
        if event.is_text:
            thinks = event.type == "execution/thinkingDelta"
            delta = TextDelta(data["text"], data["path"], data["attempt"], data["offset"], thinks)
            await self._call("on_text_delta", delta)
        elif event.type == "run/statusChanged":
            await self._call("on_status_change", data["status"])
        elif event.type == PROGRESS:
            await self._call("on_progress", progress_from(data))
        elif event.type == "execution/log":
            await self._call("on_log", log_entry_from({**data, "at": event.at}))
        elif event.type == "run/completed":
            await self._call("on_complete", data.get("output"))
        elif event.type == "run/failed":
            await self._call("on_failed", RunFailed(self._run.id, data.get("error") or {}))
        elif event.type in ("execution/approvalRequested", "execution/inputRequested"):
            self.ask(question_from({**data, "runId": self._run.id}))
        elif event.type == "execution/interactionResolved":
            self._withdraw(data["interactionId"])

    async def _call(self, name: str, value: Any) -> Any:
        observer: Any = self._observers.get(name)
        answer = None if observer is None else observer(value)
        return await answer if inspect.isawaitable(answer) else answer

    def _withdraw(self, question_id: str) -> None:
        task = self._questions.get(question_id)
        if task is not None:
            task.cancel()

    async def _settle(self, name: str, question: Question) -> None:
        try:
            answer = await self._call(name, question)
            if answer is not None:
                await self._run.respond(question, answer)
        except FermataError as error:
            if error.kind not in _TOO_LATE:
                self._run.give_up(error)
        except Exception as error:
            self._run.give_up(error)
