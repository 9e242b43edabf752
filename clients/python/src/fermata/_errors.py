"""What goes wrong, as exceptions."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

_KINDS = {
    -32700: "rpc.parseError",
    -32600: "rpc.invalidRequest",
    -32601: "rpc.methodNotFound",
    -32602: "rpc.invalidParams",
    -32603: "rpc.internalError",
    -32002: "rpc.notInitialized",
    -32800: "rpc.requestCancelled",
}


class FermataError(Exception):
    """A failure with a stable ``kind`` to switch on.

    The service's errors are raised as this, and a handler or a program raises one to say what its failure is and
    whether another attempt can help.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        retryable: bool = False,
        data: Optional[Mapping[str, Any]] = None,
        code: int = -32000,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.retryable = retryable
        #: What else is known, such as ``allowed`` of a ``run.invalidTransition``.
        self.data: Dict[str, Any] = dict(data or {})
        #: The JSON-RPC code.
        self.code = code

    def __str__(self) -> str:
        return f"{self.message} ({self.kind})"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.kind!r}, {self.message!r})"


class EngineLost(FermataError):
    """The process died before it answered, so nobody knows what became of the request."""

    def __init__(self, message: str) -> None:
        super().__init__("engine.lost", message, retryable=True)


class RunFailed(FermataError):
    """The run failed. ``step`` is the path of the step that did, where one did."""

    def __init__(self, run_id: str, error: Mapping[str, Any]) -> None:
        super().__init__(str(error.get("kind", "run.failed")), str(error.get("message", "The run failed.")), data=error)
        self.run_id = run_id
        self.step: Optional[str] = error.get("step")


class RunCancelled(FermataError):
    """The run was cancelled, by whomever."""

    def __init__(self, run_id: str, reason: Optional[str] = None) -> None:
        super().__init__("run.cancelled", reason or "The run was cancelled.")
        self.run_id = run_id
        self.reason = reason


def error_from_wire(error: Mapping[str, Any]) -> FermataError:
    data = error.get("data")
    data = data if isinstance(data, dict) else {}
    code = int(error.get("code", -32603))
    kind = str(data.get("kind") or _KINDS.get(code, "rpc.error"))
    return FermataError(
        kind, str(error.get("message", "")), retryable=bool(data.get("retryable", False)), data=data, code=code
    )


def error_to_wire(error: BaseException, kind: str) -> Dict[str, Any]:
    """What a handler's exception is on the wire; ``kind`` is what one without a kind of its own gets."""
    if isinstance(error, FermataError):
        data = {**error.data, "kind": error.kind, "retryable": error.retryable}
        return {"code": error.code, "message": error.message, "data": data}
    name = type(error).__name__
    return {"code": -32000, "message": f"{name}: {error}", "data": {"kind": kind, "exception": name}}
