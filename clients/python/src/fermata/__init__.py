"""Durable workflows that hold where a person must decide: the client of Fermata.

Start with `Engine`. The same, without asyncio, is `fermata.blocking`.
"""

from ._attempt import Attempt, AttemptInfo, BlockingAttempt
from ._engine import Engine, RunOptions, Workflow
from ._errors import EngineLost, FermataError, RunCancelled, RunFailed
from ._events import Event, EventStream
from ._program import BlockingProgram, Decision, Program
from ._run import Run
from ._values import Answer, Approval, LogEntry, Observers, Progress, Question, TextDelta

__all__ = [
    "Answer",
    "Approval",
    "Attempt",
    "AttemptInfo",
    "BlockingAttempt",
    "BlockingProgram",
    "Decision",
    "Engine",
    "EngineLost",
    "Event",
    "EventStream",
    "FermataError",
    "LogEntry",
    "Observers",
    "Program",
    "Progress",
    "Question",
    "Run",
    "RunCancelled",
    "RunFailed",
    "RunOptions",
    "TextDelta",
    "Workflow",
]
__version__ = "0.1.0"
