"""What the service asks of this program: handlers to perform, and programs to run."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Callable, Dict

from ._attempt import Attempt, AttemptInfo, BlockingAttempt, in_thread, log
from ._connection import Connection
from ._errors import EngineLost, FermataError, error_to_wire
from ._program import BlockingProgram, Program

Function = Callable[..., Any]


class _GivenUp(Exception):
    """The service has no use for an answer: it will ask again."""


class Host:
    """Performs the service's requests, each in a task, and answers each once."""

    def __init__(self) -> None:
        self.handlers: Dict[str, Function] = {}
        self.programs: Dict[str, Function] = {}
        self._tasks: Dict[Any, asyncio.Task[None]] = {}
        self._contexts: Dict[Any, Attempt] = {}

    def receive(self, connection: Connection, request_id: Any, method: str, params: Dict[str, Any]) -> None:
        task = asyncio.ensure_future(self._perform(connection, request_id, method, params))
        self._tasks[request_id] = task
        task.add_done_callback(lambda _: self._forget(request_id, task))

    def _forget(self, request_id: Any, task: asyncio.Task[None]) -> None:
        if self._tasks.get(request_id) is task:
            del self._tasks[request_id]
            self._contexts.pop(request_id, None)

    def cancel(self, request_id: Any) -> None:
        context = self._contexts.get(request_id)
        if context is not None:
            context.is_cancelled = True
        task = self._tasks.get(request_id)
        if task is not None:
            # After what arrived just before this, such as the reason for it.
            asyncio.get_running_loop().call_soon(task.cancel)

    def abandon(self) -> None:
        """Nobody is given an answer any more: the service asks again when it comes back."""
        for request_id in list(self._tasks):
            self.cancel(request_id)
        self._tasks.clear()
        self._contexts.clear()

    async def _perform(self, connection: Connection, request_id: Any, method: str, params: Dict[str, Any]) -> None:
        try:
            output = await self._output(connection, request_id, method, params)
            self._answer(connection, request_id, result={"output": output})
        except asyncio.CancelledError:
            self._refuse(connection, request_id, FermataError("step.cancelled", "It was called off.", code=-32800))
        except (EngineLost, _GivenUp):
            pass
        except Exception as error:
            if not isinstance(error, FermataError):
                log.warning("%s of %s failed.", method, params.get("handler") or params.get("workflow"), exc_info=error)
            self._refuse(connection, request_id, error)

    def _refuse(self, connection: Connection, request_id: Any, error: BaseException) -> None:
        self._answer(connection, request_id, error=error_to_wire(error, "handler.failed"))

    def _answer(self, connection: Connection, request_id: Any, **outcome: Any) -> None:
        if connection.is_alive and self._tasks.get(request_id) is asyncio.current_task():
            connection.answer(request_id, **outcome)

    async def _output(self, connection: Connection, request_id: Any, method: str, params: Dict[str, Any]) -> Any:
        if method == "step/execute":
            handler = self.handlers.get(params["handler"]) or self.handlers.get("*")
            if handler is not None:
                return await self._handle(connection, request_id, handler, params)
        elif method == "workflow/execute":
            program = self.programs.get(params["workflow"]) or self.programs.get("*")
            if program is not None:
                return await self._run(connection, program, params)
        raise FermataError("rpc.methodNotFound", f"Nobody hosts {method} here.", code=-32601)

    async def _handle(self, connection: Connection, request_id: Any, handler: Function, params: Dict[str, Any]) -> Any:
        info = AttemptInfo(
            run_id=params["runId"],
            execution_id=params["executionId"],
            path=params["path"],
            step=params["stepId"],
            number=params["attempt"],
            idempotency_key=params["idempotencyKey"],
            handler=params["handler"],
            deadline_at=params.get("deadlineAt"),
        )
        context = self._contexts[request_id] = Attempt(connection, info)
        if inspect.iscoroutinefunction(handler):
            return await handler(context, params.get("input"))
        return await in_thread(handler, BlockingAttempt(context), params.get("input"))

    async def _run(self, connection: Connection, program: Function, params: Dict[str, Any]) -> Any:
        context = Program(connection, params)
        try:
            if inspect.iscoroutinefunction(program):
                return await program(context, params.get("input"))
            return await in_thread(program, BlockingProgram(context), params.get("input"))
        finally:
            if context.is_given_up:
                raise _GivenUp
