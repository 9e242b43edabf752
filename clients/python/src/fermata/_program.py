"""The context of a durable program: what it does in steps is done once."""

from __future__ import annotations

import asyncio
import inspect
import json
from typing import Any, Callable, Coroutine, Dict, List, Mapping, NamedTuple, Optional, Sequence, TypeVar

from ._attempt import Attempt, AttemptInfo, BlockingAttempt, in_thread, log
from ._connection import Connection
from ._errors import FermataError

T = TypeVar("T")
#: In seconds, between two tries while the store cannot be written.
_STORE_PAUSE = 0.5
#: What ends an execution here and not the run: it is not the program's to catch.
_GIVEN_UP = frozenset({"engine.lost", "execution.notFound", "server.shuttingDown", "workflow.changed"})


class Decision(NamedTuple):
    """What became of an approval. It is true when it was approved."""

    status: str
    approver: Optional[str] = None
    message: Optional[str] = None

    def __bool__(self) -> bool:
        return self.status == "approved"


class Program:
    """Given to an ``async`` program. Every await of it is recorded; after a crash what is recorded is not done again.

    A program must ask for the same steps in the same order each time it is run with the same input: what depends on the
    clock, on chance or on the world belongs into a `step`. Steps at once are started by ``asyncio.gather``.

    A step is known by its name: the second of a name is ``name#2``, and so on. Renaming one makes it another.
    """

    def __init__(self, connection: Connection, params: Mapping[str, Any]) -> None:
        self.run_id: str = params["runId"]
        self.execution_id: str = params["executionId"]
        self.workflow: str = params["workflow"]
        #: Whether the service has no use for this execution any more, and gets no answer.
        self.is_given_up = False
        self._connection = connection
        self._names: Dict[str, int] = {}

    async def step(
        self,
        name: str,
        body: Callable[..., Any],
        *,
        retry: Optional[Mapping[str, Any]] = None,
        timeout_ms: Optional[int] = None,
        on_interrupted: Optional[str] = None,
        input: Any = None,
    ) -> Any:
        """Calls ``body`` and records what it leaves, or gives what was recorded.

        ``body`` is a function, plain or async, of no argument or of one, the `Attempt`. Its output must be JSON. A
        failure is tried again as ``retry`` says, and then raised as `FermataError`, on replay too.
        """
        key = self._key(name)
        while True:
            begun = await self._request(
                "step/begin",
                {"key": key, "input": input, "retry": retry, "timeoutMs": timeout_ms, "onInterrupted": on_interrupted},
            )
            if "recorded" in begun:
                return begun["recorded"]
            if "failed" in begun:
                raise _failure(begun["failed"])
            info = AttemptInfo(self.run_id, self.execution_id, key, key, begun["attempt"], begun["idempotencyKey"])
            attempt = Attempt(self._connection, info)
            outcome = await self._outcome(body, attempt, timeout_ms)
            done = await self._request("step/complete", {"key": key, **outcome})
            if "failed" in done:
                raise _failure(done["failed"])
            if "retryAfterMs" not in done:
                if "error" in outcome:
                    raise _failure(outcome["error"])
                return outcome["output"]

    async def _outcome(self, body: Callable[..., Any], attempt: Attempt, timeout_ms: Optional[int]) -> Dict[str, Any]:
        """How a body ended: what it left as it will be on replay, where a tuple is a list, or its failure."""
        patience = None if timeout_ms is None else timeout_ms / 1000
        try:
            output = await asyncio.wait_for(_call(body, attempt), patience)
            return {"output": json.loads(json.dumps(output, allow_nan=False))}
        except asyncio.TimeoutError as error:
            if patience is None:
                return {"error": _described(error)}
            return {"error": {"kind": "step.timedOut", "message": f"It took longer than {timeout_ms} ms."}}
        except Exception as error:
            log.info("Step %s failed.", attempt.info.path, exc_info=error)
            return {"error": _described(error)}

    async def perform(self, name: str, step: Mapping[str, Any]) -> Any:
        """Has the service perform any step, written as in a document, and gives its result."""
        answer = await self._request("step/perform", {"key": self._key(name), "step": _without_none(step)})
        return answer.get("output")

    async def call(self, handler: str, input: Any = None, *, name: Optional[str] = None, **options: Any) -> Any:
        """A handler, of this program or another client. Options are a step's, such as ``retry`` and ``timeoutMs``."""
        return await self.perform(name or handler, {"call": handler, "with": _literal(input), **options})

    async def command(self, *argv: str, name: Optional[str] = None, **options: Any) -> Dict[str, Any]:
        """A local process: {exitCode, stdout, stderr}. Options are a step's, such as ``cwd``, ``env`` and ``stdin``."""
        return dict(await self.perform(name or argv[0], {"command": _literal(argv), **_literal(options)}))

    async def agent(self, agent: Any, prompt: str, *, name: str = "agent", **options: Any) -> Dict[str, Any]:
        """A model, by ``provider/model`` or as an object in place: {text, output, usage, toolCalls}."""
        if isinstance(agent, str):
            agent = {"model": agent}
        return dict(await self.perform(name, {"agent": agent, "prompt": _literal(prompt), **options}))

    async def child(self, workflow: str, input: Any = None, *, name: Optional[str] = None, **options: Any) -> Any:
        """A run of another workflow; its output."""
        return await self.perform(name or workflow, {"workflow": workflow, "with": _literal(input), **options})

    async def approval(
        self,
        message: str,
        *,
        name: str = "approval",
        show: Any = None,
        approvers: Optional[Sequence[str]] = None,
        required: Optional[int] = None,
        expires_after_ms: Optional[int] = None,
        on_expiry: Optional[str] = None,
    ) -> Decision:
        """Holds until people have decided, however long that takes."""
        result = await self.perform(
            name,
            {
                "approval": _without_none(
                    {
                        "message": _literal(message),
                        "show": _literal(show),
                        "approvers": _list(approvers),
                        "required": required,
                        "expiresAfterMs": expires_after_ms,
                        "onExpiry": on_expiry,
                    }
                )
            },
        )
        return Decision(result["status"], result.get("approver"), result.get("message"))

    async def input(
        self,
        prompt: str,
        *,
        name: str = "input",
        schema: Any = None,
        default: Any = None,
        expires_after_ms: Optional[int] = None,
    ) -> Any:
        """Holds until somebody has answered; the answer, which fits the JSON Schema."""
        return await self.perform(
            name,
            {
                "input": _without_none(
                    {
                        "prompt": _literal(prompt),
                        "schema": schema,
                        "default": _literal(default),
                        "expiresAfterMs": expires_after_ms,
                    }
                )
            },
        )

    async def sleep(self, seconds: float, *, name: str = "sleep") -> None:
        """Waits, also while no process of ours runs."""
        await self.perform(name, {"wait": {"durationMs": round(seconds * 1000)}})

    async def signal(self, signal: str, *, name: Optional[str] = None) -> Any:
        """Waits for a signal, or takes one that was kept; its payload."""
        result = await self.perform(name or signal, {"wait": {"signal": signal}})
        return result.get("payload")

    def _key(self, name: str) -> str:
        """What names the step in the journal: a path has its own use for slashes and brackets."""
        name = name.translate(str.maketrans("/[]", ".()"))
        self._names[name] = self._names.get(name, 0) + 1
        return name if self._names[name] == 1 else f"{name}#{self._names[name]}"

    async def _request(self, method: str, params: Mapping[str, Any]) -> Dict[str, Any]:
        given = _without_none({**params, "executionId": self.execution_id})
        while True:
            try:
                await self._connection.drain()
                return dict(await self._connection.request(method, given))
            except FermataError as error:
                if error.kind == "workflow.changed":
                    log.error("Run %s began with another program than %s: %s", self.run_id, self.workflow, error)
                if error.kind in _GIVEN_UP:
                    self.is_given_up = True
                    raise asyncio.CancelledError(str(error)) from error
                if error.kind != "store.unavailable":
                    raise
            await asyncio.sleep(_STORE_PAUSE)


class BlockingProgram:
    """Given to a plain program, which runs in a thread of its own: the same as `Program`, without await.

    Steps at once are started by threads, such as those of ``concurrent.futures``.
    """

    def __init__(self, inner: Program) -> None:
        self.run_id = inner.run_id
        self.execution_id = inner.execution_id
        self.workflow = inner.workflow
        self._inner = inner
        self._loop = asyncio.get_running_loop()

    def step(self, name: str, body: Callable[..., Any], **options: Any) -> Any:
        """``body`` is a plain function, of no argument or of one, the `BlockingAttempt`."""

        def call(attempt: Attempt) -> Any:
            return in_thread(body, BlockingAttempt(attempt)) if _takes_argument(body) else in_thread(body)

        return self._wait(self._inner.step(name, call, **options))

    def perform(self, name: str, step: Mapping[str, Any]) -> Any:
        return self._wait(self._inner.perform(name, step))

    def call(self, handler: str, input: Any = None, **options: Any) -> Any:
        return self._wait(self._inner.call(handler, input, **options))

    def command(self, *argv: str, **options: Any) -> Dict[str, Any]:
        return self._wait(self._inner.command(*argv, **options))

    def agent(self, agent: Any, prompt: str, **options: Any) -> Dict[str, Any]:
        return self._wait(self._inner.agent(agent, prompt, **options))

    def child(self, workflow: str, input: Any = None, **options: Any) -> Any:
        return self._wait(self._inner.child(workflow, input, **options))

    def approval(self, message: str, **options: Any) -> Decision:
        return self._wait(self._inner.approval(message, **options))

    def input(self, prompt: str, **options: Any) -> Any:
        return self._wait(self._inner.input(prompt, **options))

    def sleep(self, seconds: float, **options: Any) -> None:
        self._wait(self._inner.sleep(seconds, **options))

    def signal(self, signal: str, **options: Any) -> Any:
        return self._wait(self._inner.signal(signal, **options))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


async def _call(body: Callable[..., Any], attempt: Attempt) -> Any:
    result = body(attempt) if _takes_argument(body) else body()
    return await result if inspect.isawaitable(result) else result


def _takes_argument(body: Callable[..., Any]) -> bool:
    try:
        parameters = inspect.signature(body).parameters.values()
    except (TypeError, ValueError):
        return False
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return any(p.kind in positional and p.default is p.empty for p in parameters)


def _described(error: BaseException) -> Dict[str, Any]:
    if isinstance(error, FermataError):
        return {"kind": error.kind, "message": error.message, "retryable": error.retryable, "data": error.data or None}
    return {"kind": "step.failed", "message": f"{type(error).__name__}: {error}"}


def _failure(error: Mapping[str, Any]) -> FermataError:
    return FermataError(error["kind"], error["message"], retryable=bool(error.get("retryable")), data=error)


def _literal(value: Any) -> Any:
    """A value whose texts are not evaluated as templates: what a program says, it has put together itself."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, Mapping):
        return {name: _literal(member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_literal(element) for element in value]
    return value


def _list(values: Optional[Sequence[str]]) -> Optional[List[str]]:
    return None if values is None else list(values)


def _without_none(values: Mapping[str, Any]) -> Dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
