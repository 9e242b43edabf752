"""The same without asyncio."""

from __future__ import annotations

import tempfile
import threading
import unittest
from pathlib import Path
from typing import Any

from support import calling, gated, kill, waiting

from fermata import FermataError, RunCancelled
from fermata.blocking import Engine


class Blocking(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def engine(self, **options: Any) -> Engine:
        return Engine(store=str(self.folder / "runs.db"), cwd=str(self.folder), **options)

    def test_a_run_gives_its_result(self) -> None:
        engine = self.engine()
        threads: list[str] = []

        @engine.handler
        def work(ctx, input):
            threads.append(threading.current_thread().name)
            ctx.log("at work")
            return input * 2

        with engine:
            run = engine.run(calling("work"), 21)
            self.assertEqual(run.result(), 42)
            self.assertEqual([entry.message for entry in run.logs()], ["at work"])
            self.assertEqual(run.status, "completed")
            self.assertEqual(len(engine.runs()), 1)
        self.assertEqual(threads, ["fermata work"])

    def test_observers_may_wait(self) -> None:
        answered = threading.Event()
        with self.engine() as engine:

            def approve(question):
                answered.wait()
                return True

            run = engine.run(gated(), on_approval_requested=approve, on_status_change=lambda _: answered.set())
            run.result()
            self.assertEqual(len(run.steps()), 3)

    def test_events_are_iterated(self) -> None:
        with self.engine() as engine:
            run = engine.run(gated(), on_approval_requested=lambda _: True)
            seqs = [event.seq for event in run.events() if event.seq and event.type != "run/progress"]
            self.assertEqual(seqs, list(range(1, run.seq + 1)))

    def test_a_wait_may_be_given_up(self) -> None:
        with self.engine() as engine:
            run = engine.run(waiting()).opened()
            with self.assertRaises(TimeoutError):
                run.result(timeout=0.001)
            run.signal("go", 1)
            self.assertEqual(run.result(), 1)
            other = engine.run(waiting()).opened()
            with self.assertRaises(TimeoutError):
                other.result(timeout=0.001, cancel_run=True)
            with self.assertRaises(RunCancelled):
                other.result()

    def test_a_run_goes_on_after_a_kill(self) -> None:
        restarted = threading.Event()
        with self.engine(on_restart=lambda _: restarted.set()) as engine:
            run = engine.run(waiting()).opened()
            kill(engine.pid)
            restarted.wait()
            run.signal("go", "on")
            self.assertEqual(run.result(), "on")

    def test_a_closed_engine_says_so(self) -> None:
        engine = self.engine()
        with engine:
            run = engine.run(waiting()).opened()
        with self.assertRaises(FermataError) as caught:
            run.result()
        self.assertEqual(caught.exception.kind, "engine.closed")

    def test_a_plain_program_is_durable(self) -> None:
        engine = self.engine()
        done: list[str] = []

        @engine.workflow
        def release(ctx, tag):
            ctx.step("build", lambda: done.append(f"build {tag}"))
            if ctx.approval("Ship?"):
                ctx.step("ship", lambda: done.append(f"ship {tag}"))
            return len(done)

        with engine:
            self.assertEqual(engine.run(release, "v1", on_approval_requested=lambda _: True).result(), 2)
        self.assertEqual(done, ["build v1", "ship v1"])


if __name__ == "__main__":
    unittest.main()
