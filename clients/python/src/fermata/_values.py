"""What is told of a run, and what people answer."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Tuple, TypedDict

from ._errors import RunFailed
from ._events import Event


class Progress(NamedTuple):
    current: int = 0
    #: 0 while nobody knows.
    total: int = 0
    message: Optional[str] = None


class TextDelta(NamedTuple):
    text: str
    #: The step that says it.
    path: str
    attempt: int
    #: In UTF-8 bytes, from the start of the attempt's text.
    offset: int
    is_thinking: bool = False


class LogEntry(NamedTuple):
    level: str
    message: str
    step: Optional[str] = None
    at: Optional[str] = None


@dataclass(frozen=True)
class Question:
    """An approval or an input that a person is asked for."""

    id: str
    run_id: str
    #: ``approval`` or ``input``.
    kind: str
    path: str
    #: The message of an approval, the prompt of an input.
    message: str
    #: All that the service tells of it: ``show``, ``schema``, ``approvers``, ``expiresAt``, …
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Approval:
    """What an observer answers an approval with, when True or False does not say enough."""

    approved: bool
    message: Optional[str] = None
    #: Who decides; the name of the user this program runs as, when it is not said.
    approver: Optional[str] = None


@dataclass(frozen=True)
class Answer:
    """What an observer answers an input with, when it is null or somebody's."""

    value: Any
    by: Optional[str] = None


class Observers(TypedDict, total=False):
    """Callbacks, plain or async, called one at a time in the order of the events.

    The two that are asked a question answer it by what they return, and are called beside the others. One that returns
    None leaves the question open; one that is async is cancelled when the question is answered elsewhere. One that
    raises ends the waiting with its exception; the run goes on.
    """

    on_event: Callable[[Event], Any]
    on_text_delta: Callable[[TextDelta], Any]
    on_status_change: Callable[[str], Any]
    on_progress: Callable[[Progress], Any]
    on_log: Callable[[LogEntry], Any]
    on_complete: Callable[[Any], Any]
    on_failed: Callable[[RunFailed], Any]
    on_approval_requested: Callable[[Question], Any]
    on_input_requested: Callable[[Question], Any]


def response_of(kind: str, target: Mapping[str, Any], answer: Any) -> Tuple[str, Dict[str, Any]]:
    if kind == "input":
        given = answer if isinstance(answer, Answer) else Answer(answer)
        return "execution/respondInput", {**target, "value": given.value, "by": given.by}
    vote = Approval(answer) if isinstance(answer, bool) else answer
    if not isinstance(vote, Approval):
        raise TypeError(f"An approval is answered with True, False or an Approval, not with {answer!r}.")
    return "execution/respondApproval", {
        **target,
        "decision": "approved" if vote.approved else "rejected",
        "message": vote.message,
        "approver": vote.approver or getpass.getuser(),
    }


def question_from(data: Mapping[str, Any]) -> Question:
    message = data.get("message") or data.get("prompt") or ""
    return Question(data["interactionId"], data["runId"], data["kind"], data["path"], message, data)


def progress_from(data: Mapping[str, Any]) -> Progress:
    return Progress(data.get("current", 0), data.get("total", 0), data.get("message"))


def log_entry_from(data: Mapping[str, Any]) -> LogEntry:
    return LogEntry(data.get("level", "info"), data.get("message", ""), data.get("step"), data.get("at"))
