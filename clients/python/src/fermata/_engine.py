"""The engine: the executable as a subprocess, started again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections import deque
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Coroutine,
    Deque,
    Dict,
    List,
    Mapping,
    Optional,
    Sequence,
    Set,
    TypeVar,
    Union,
    overload,
)

from ._connection import Connection, find_executable
from ._errors import EngineLost, FermataError
from ._hosting import Function, Host
from ._run import Run, new_run_id
from ._values import Observers

if TYPE_CHECKING:
    from typing_extensions import Unpack

F = TypeVar("F", bound=Function)
T = TypeVar("T")

#: A workflow's name, a document, or a function that `Engine.workflow` has made one.
Workflow = Union[str, Mapping[str, Any], Function]


class RunOptions(Observers, total=False):
    """What `Engine.run` takes beside the workflow and its input."""

    #: A name of your own: asking again for the same run, after a crash too, gives that run.
    run_id: str
    version: str
    labels: Mapping[str, str]
    #: The directory the run works in.
    cwd: str
    #: False only creates it.
    start: bool
    timeout: Mapping[str, Any]
    retry: Mapping[str, Any]
    cancel: Mapping[str, Any]
    approvals: Mapping[str, Any]
    budget: Mapping[str, Any]


_WIRE = {"run_id": "runId", "version": "version", "labels": "labels", "cwd": "cwd", "start": "start"}
_RUN_OPTIONS = ("timeout", "retry", "cancel", "approvals", "budget")


class Engine:
    """Runs workflows, and hosts their handlers and programs.

    Everything may be declared before it is started with ``async with engine``; it then belongs to that event loop.
    """

    #: A service that dies this often within a minute is not started again.
    MAX_DEATHS = 5
    #: How long the service may take to end, in seconds.
    PATIENCE = 5.0

    def __init__(
        self,
        *,
        executable: Optional[str] = None,
        args: Sequence[str] = (),
        store: Optional[str] = None,
        namespace: Optional[str] = None,
        name: str = "python",
        allow_commands: bool = False,
        max_concurrent: int = 64,
        user: Optional[Mapping[str, Any]] = None,
        config: Optional[Mapping[str, Any]] = None,
        cwd: Optional[str] = None,
        env: Optional[Mapping[str, str]] = None,
        restart: bool = True,
        on_restart: Optional[Callable[[EngineLost], Any]] = None,
    ) -> None:
        """
        :param executable: else the environment variable ``FERMATA``, else ``fermata`` on the PATH
        :param store: the file where runs are kept; the service has a place of its own where none is named
        :param namespace: whose runs these are; ``name`` where it is not said
        :param allow_commands: whether workflows may run local commands
        :param max_concurrent: how many handlers run at once
        :param on_restart: called when the service has died and another has taken its place
        """
        self._executable = executable
        self._args = tuple(args)
        self._cwd, self._env = cwd, env
        self._restarts, self._on_restart = restart, on_restart
        self._host = Host()
        self._max_concurrent = max_concurrent
        self._hello: Dict[str, Any] = {
            "protocolVersion": "1.0",
            "clientInfo": {"name": name},
            "processId": os.getpid(),
            "namespace": namespace,
            "store": None if store is None else os.path.abspath(store),
            "user": user,
            "config": config,
        }
        self._allow_commands = allow_commands
        #: What the service said of itself when it was started.
        self.info: Dict[str, Any] = {}
        self._runs: Dict[str, List[Run]] = {}
        self._tasks: Set[asyncio.Task[Any]] = set()
        self._deaths: Deque[float] = deque(maxlen=self.MAX_DEATHS)
        self._connected: Optional[asyncio.Future[Connection]] = None
        self._connection: Optional[Connection] = None
        self._is_closing = False

    # Declaring

    @overload
    def handler(self, name: F) -> F: ...
    @overload
    def handler(self, name: Optional[str] = None) -> Callable[[F], F]: ...
    def handler(self, name: Any = None) -> Any:
        """Hosts a handler: ``@engine.handler`` or ``@engine.handler("git/clone")``; ``"*"`` takes whatever is called.

        It is called with an `Attempt` and the step's ``with``, and leaves what it returns. A plain function runs in a
        thread of its own, with a `BlockingAttempt`.
        """
        return self._declare(self._host.handlers, name)

    @overload
    def workflow(self, name: F) -> F: ...
    @overload
    def workflow(self, name: Optional[str] = None) -> Callable[[F], F]: ...
    def workflow(self, name: Any = None) -> Any:
        """Hosts a durable program: ``@engine.workflow`` or ``@engine.workflow("release")``.

        It is called with a `Program` and the run's input. After a crash it is called again, and what its steps left is
        not done again.
        """
        return self._declare(self._host.programs, name)

    def _declare(self, declared: Dict[str, Function], name: Any) -> Any:
        if self._connected is not None:
            raise FermataError("engine.started", "Declare handlers and workflows before the engine is started.")

        def declare(function: F, name: Optional[str] = None) -> F:
            declared[name or function.__name__] = function
            return function

        return declare(name) if callable(name) else lambda function: declare(function, name)

    # Its life

    async def __aenter__(self) -> Engine:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Starts the service. Runs that were left are gone on with at once."""
        if self._connected is not None:
            raise FermataError("engine.started", "The engine is started already.")
        self._connected = asyncio.get_running_loop().create_future()
        try:
            await self._connect()
        except BaseException:
            self._connected = None
            raise

    @property
    def pid(self) -> int:
        """The service's process."""
        return self._connection.pid if self._connection else 0

    async def close(self) -> None:
        """Ends the service. Runs that are not done stay as they are, and go on when it is started again."""
        if self._connected is None or self._is_closing:
            return
        self._is_closing = True
        self._host.abandon()
        connection = self._connection
        if connection is not None and connection.is_alive:
            shutdown = asyncio.ensure_future(connection.request("shutdown"))
            shutdown.add_done_callback(lambda done: done.cancelled() or done.exception())
            connection.notify("exit")
        self._give_up(FermataError("engine.closed", "The engine is closed; its runs are safe."))
        for task in list(self._tasks):
            if task is not asyncio.current_task():
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if connection is not None:
            await connection.close(self.PATIENCE)

    async def _connect(self) -> None:
        argv = [find_executable(self._executable), *self._args]
        connection = await Connection.open(
            argv,
            cwd=self._cwd,
            env=self._env,
            on_request=self._receive_request,
            on_notification=self._receive_notification,
            on_lost=self._has_lost,
        )
        self._connection = connection
        try:
            self.info = await connection.request(
                "initialize",
                {
                    **self._hello,
                    "capabilities": {
                        "steps": {"handlers": sorted(self._host.handlers), "maxConcurrent": self._max_concurrent},
                        "workflows": sorted(self._host.programs),
                        "commands": self._allow_commands,
                    },
                },
            )
        except BaseException:
            await connection.close(0)
            raise
        connection.notify("initialized")
        for runs in self._runs.values():
            for run in runs:
                run.has_restarted()
                self.spawn(self._resubscribe(connection, run))
        assert self._connected is not None
        self._connected.set_result(connection)

    async def _resubscribe(self, connection: Connection, run: Run) -> None:
        # It may not have been created yet, or the service is gone again, and this is done once more.
        with contextlib.suppress(FermataError):
            await connection.request("run/subscribe", {"runId": run.id, "afterSeq": run.seq})

    def _has_lost(self, connection: Connection) -> None:
        if self._is_closing or self._connected is None or not self._connected.done():
            return
        self._host.abandon()
        self._connected = asyncio.get_running_loop().create_future()
        self.spawn(self._restart())

    async def _restart(self) -> None:
        dead = self._connection
        assert dead is not None and self._connected is not None
        code = await dead.close(self.PATIENCE)
        lost = EngineLost(f"The service ended with code {code}.")
        self._deaths.append(time.monotonic())
        is_hopeless = len(self._deaths) == self.MAX_DEATHS and self._deaths[-1] - self._deaths[0] < 60
        try:
            if not self._restarts or is_hopeless:
                raise lost
            await self._connect()
        except Exception as error:
            self._give_up(error)
        else:
            if self._on_restart is not None:
                self._on_restart(lost)

    def _give_up(self, error: Exception) -> None:
        assert self._connected is not None
        if self._connected.done():
            self._connected = asyncio.get_running_loop().create_future()
        self._connected.set_exception(error)
        self._connected.exception()
        for runs in list(self._runs.values()):
            for run in list(runs):
                run.give_up(error)

    # Asking

    async def request(self, method: str, params: Optional[Mapping[str, Any]] = None) -> Any:
        """Sends any request of the protocol. When the service dies before it answers, that is `EngineLost`."""
        connection = await self._ready()
        await connection.drain()
        return await connection.request(method, params)

    async def request_again(self, method: str, params: Optional[Mapping[str, Any]] = None) -> Any:
        """The same for what may be asked twice: it is, when the service dies before it answers."""
        while True:
            connection = await self._ready()
            await connection.drain()
            try:
                return await connection.request(method, params)
            except FermataError as error:
                if error.kind not in ("engine.lost", "server.shuttingDown"):
                    raise
                await connection.gone()

    async def _ready(self) -> Connection:
        if self._connected is None:
            raise FermataError("engine.notStarted", "Start the engine first: async with engine.")
        return await asyncio.shield(self._connected)

    def run(self, workflow: Workflow, input: Any = None, **options: Unpack[RunOptions]) -> Run:
        """Creates a run and starts it: ``output = await engine.run("release", {"tag": "v1"})``.

        See `RunOptions` for the options, which are the run's own and the observers.
        """
        chosen = options.get("run_id")
        run_id = chosen or new_run_id()
        params: Dict[str, Any] = {"workflow": self._workflow(workflow), "input": input, "runId": run_id, "start": True}
        run_options: Dict[str, Any] = {}
        observers: Dict[str, Any] = {}
        for name, value in options.items():
            if name.startswith("on_"):
                observers[name] = value
            elif name in _RUN_OPTIONS:
                run_options[name] = value
            elif name in _WIRE:
                params[_WIRE[name]] = value
            else:
                raise TypeError(f"run() got an unexpected keyword argument {name!r}")
        if run_options:
            params["options"] = run_options
        run = self._handle(run_id, observers)
        run.open(run.create(params, is_new=chosen is None))
        return run

    def attach(self, run_id: str, **observers: Unpack[Observers]) -> Run:
        """Follows a run that exists, from where it stands. Its observers are asked what is open."""
        run = self._handle(run_id, observers)
        run.open(run.take_up())
        return run

    async def runs(self, **filters: Any) -> List[Dict[str, Any]]:
        """Runs, newest first: `run/list` with its filter, such as ``status=["awaiting"]``."""
        found: List[Dict[str, Any]] = []
        cursor: Optional[str] = None
        while True:
            page = await self.request("run/list", {"filter": filters, "cursor": cursor})
            found += page["runs"]
            cursor = page.get("nextCursor")
            if cursor is None:
                return found

    async def register(self, document: Mapping[str, Any]) -> Dict[str, Any]:
        """Makes a document known by its name: {name, version, warnings}."""
        return dict(await self.request_again("workflow/register", {"document": document}))

    def _workflow(self, workflow: Workflow) -> Union[str, Mapping[str, Any]]:
        if not callable(workflow):
            return workflow
        for name, program in self._host.programs.items():
            if program is workflow:
                return name
        raise FermataError("workflow.notFound", f"{workflow!r} is no workflow of this engine: declare it.")

    def _handle(self, run_id: str, observers: Mapping[str, Any]) -> Run:
        unknown = set(observers) - set(Observers.__annotations__)
        if unknown:
            raise TypeError(f"There is no observer {sorted(unknown)[0]}.")
        given: Any = {name: observer for name, observer in observers.items() if observer is not None}
        run = Run(self, run_id, given)
        self.follow(run)
        return run

    # Inside

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A task that the engine owns: it ends with it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def follow(self, run: Run) -> None:
        runs = self._runs.setdefault(run.id, [])
        if run not in runs:
            runs.append(run)

    def unfollow(self, run: Run) -> None:
        runs = self._runs.get(run.id, [])
        if run in runs:
            runs.remove(run)
        if not runs:
            self._runs.pop(run.id, None)

    def _receive_request(self, request_id: Any, method: str, params: Dict[str, Any]) -> None:
        assert self._connection is not None
        self._host.receive(self._connection, request_id, method, params)

    def _receive_notification(self, method: str, params: Dict[str, Any], size: int) -> None:
        if method == "$/cancelRequest":
            return self._host.cancel(params.get("id"))
        for run in list(self._runs.get(params.get("runId", ""), ())):
            run.receive(method, params, size)
