"""What the tests share. They find the executable by the environment variable FERMATA."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from fermata import Engine  # noqa: E402

#: A test that takes longer hangs.
PATIENCE = 60


def gated(before: dict[str, Any] | None = None, after: dict[str, Any] | None = None) -> dict[str, Any]:
    """A step, an approval, a step."""
    return {
        "name": "gated",
        "flow": {
            "START": "before",
            "before": {**(before or {"set": {}}), "next": "gate"},
            "gate": {"approval": {"message": "Go on?"}, "next": "after"},
            "after": {**(after or {"set": {}}), "next": "END"},
        },
    }


def calling(handler: str, **members: Any) -> dict[str, Any]:
    return {"name": "calling", "flow": {"START": "it", "it": {"call": handler, "with": "${input}", **members}}}


def waiting(signal_name: str = "go") -> dict[str, Any]:
    return {
        "name": "waiting",
        "output": "${result.payload}",
        "flow": {"START": "hold", "hold": {"wait": {"signal": signal_name}}},
    }


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


class EngineTest(unittest.IsolatedAsyncioTestCase):
    """Each test has a folder and a store of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def engine(self, **options: Any) -> Engine:
        return Engine(**{"store": str(self.folder / "runs.db"), "cwd": str(self.folder), **options})

    async def started(self, **options: Any) -> Engine:
        engine = self.engine(**options)
        await self.enter(engine)
        return engine

    async def enter(self, engine: Engine) -> Engine:
        await engine.start()
        self.addAsyncCleanup(engine.close)
        return engine
