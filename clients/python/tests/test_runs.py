"""Handles, observers, questions, signals, errors."""

from __future__ import annotations

import asyncio
import unittest

from support import EngineTest, gated, waiting

from fermata import Answer, Approval, FermataError, LogEntry, RunCancelled, RunFailed, TextDelta

ECHO = {"name": "echo", "flow": {"START": "say", "say": {"agent": {"model": "scripted/echo"}, "prompt": "${input}"}}}


class Runs(EngineTest):
    async def test_awaiting_a_run_gives_its_output(self) -> None:
        engine = await self.started()
        document = {"name": "sum", "output": "${input.a + input.b}", "flow": {"START": "s", "s": {"set": {"x": 1}}}}
        self.assertEqual(await engine.run(document, {"a": 1, "b": 2}), 3)

    async def test_a_registered_workflow_runs_by_its_name(self) -> None:
        engine = await self.started()
        self.assertEqual((await engine.register(ECHO))["name"], "echo")
        run = engine.run("echo", "hello", labels={"team": "blue"})
        self.assertEqual((await run)["text"], "hello")
        self.assertEqual(run.status, "completed")
        self.assertEqual([found["runId"] for found in await engine.runs(labels={"team": "blue"})], [run.id])

    async def test_text_comes_whole_and_in_order_before_the_result(self) -> None:
        engine = await self.started()
        said: list[TextDelta] = []
        text = "Grüße, 世界 🎼 " * 50
        await engine.run(ECHO, text, on_text_delta=said.append)
        self.assertEqual("".join(delta.text for delta in said), text)
        self.assertEqual(said[0].offset, 0)

    async def test_events_are_each_there_once_and_in_order_from_wherever_one_begins(self) -> None:
        engine = await self.started()
        run = engine.run(ECHO, "a b c")
        live = [event.seq async for event in run.events() if event.seq and event.type != "run/progress"]
        self.assertEqual(live, list(range(1, run.seq + 1)))
        again = [event.seq async for event in run.events(after_seq=3)]
        self.assertEqual(again, list(range(4, run.seq + 1)))

    async def test_observers_hear_of_status_progress_logs_and_the_end(self) -> None:
        engine = self.engine()

        @engine.handler("work")
        async def work(ctx, input):
            await ctx.log("half", "warning")
            await ctx.progress(1, 2, "half")
            return 42

        await self.enter(engine)
        heard: list[object] = []
        run = engine.run(
            {"name": "w", "flow": {"START": "work", "work": {"call": "work"}}},
            on_status_change=lambda status: heard.append(status),
            on_progress=lambda progress: heard.append(tuple(progress)),
            on_log=lambda entry: heard.append((entry.level, entry.message, entry.step)),
            on_complete=lambda output: heard.append(output),
        )
        self.assertEqual(await run, 42)
        self.assertEqual(
            heard, ["in-progress", ("warning", "half", "work"), (1, 2, "half"), (1, 1, "work"), "completed", 42]
        )
        self.assertEqual([entry[:3] for entry in await run.logs()], [LogEntry("warning", "half", "work")[:3]])
        self.assertEqual(run.progress.current, 1)

    async def test_what_an_observer_returns_answers_the_question(self) -> None:
        engine = await self.started()
        document = {
            "name": "ask",
            "output": "${steps.name.result + ' ' + steps.gate.result.message}",
            "flow": {
                "START": "gate",
                "gate": {"approval": {"message": "Ship?", "approvers": ["ops"]}, "next": "name"},
                "name": {"input": {"prompt": "Name?", "schema": {"type": "string"}}},
            },
        }

        async def approve(question):
            self.assertEqual((question.kind, question.message, question.path), ("approval", "Ship?", "gate"))
            return Approval(True, "fine", approver="ops")

        output = await engine.run(document, on_approval_requested=approve, on_input_requested=lambda _: "Ada")
        self.assertEqual(output, "Ada fine")

    async def test_a_question_may_be_left_open_and_answered_with_null(self) -> None:
        engine = await self.started()
        document = {"name": "ask", "flow": {"START": "ask", "ask": {"input": {"prompt": "Well?"}}}}
        asked = asyncio.Event()
        run = engine.run(document, on_input_requested=lambda _: asked.set())
        await asked.wait()
        [question] = await run.questions()
        await run.respond(question, Answer(None))
        self.assertIsNone(await run)

    async def test_a_question_that_is_answered_elsewhere_is_withdrawn(self) -> None:
        engine = await self.started()
        asked, withdrawn = asyncio.Event(), asyncio.Event()

        async def think(question):
            asked.set()
            try:
                await asyncio.Event().wait()
            finally:
                withdrawn.set()

        run = engine.run(gated(), on_approval_requested=think)
        await asked.wait()
        await run.approve("as I say", approver="me")
        await run
        await withdrawn.wait()

    async def test_a_rejection_ends_the_flow_there(self) -> None:
        engine = await self.started()
        run = engine.run(gated(), on_approval_requested=lambda _: False)
        await run
        self.assertEqual([step["path"] for step in await run.steps()], ["before", "gate"])

    async def test_what_is_no_decision_decides_nothing(self) -> None:
        engine = await self.started()
        run = engine.run(gated(), on_approval_requested=lambda _: "no")
        with self.assertRaises(TypeError):
            await run
        self.assertEqual((await run.info())["status"], "awaiting")

    async def test_an_observer_that_raises_ends_the_waiting_and_not_the_run(self) -> None:
        engine = await self.started()

        def broken(question):
            raise ValueError("broken")

        run = engine.run(gated(), on_approval_requested=broken)
        with self.assertRaisesRegex(ValueError, "broken"):
            await run
        again = engine.attach(run.id, on_approval_requested=lambda _: True)
        await again
        self.assertEqual(again.status, "completed")

    async def test_a_run_is_paused_resumed_and_signalled(self) -> None:
        engine = await self.started()
        run = engine.run(waiting())
        await run.pause()
        self.assertTrue(run.is_paused)
        await run.resume()
        self.assertFalse(run.is_paused)
        await run.signal("go", {"to": "sea"})
        self.assertEqual(await run, {"to": "sea"})

    async def test_a_failure_is_raised_with_its_kind_and_retried_on_demand(self) -> None:
        engine = self.engine()
        calls: list[int] = []

        @engine.handler
        async def flaky(ctx, input):
            calls.append(ctx.number)
            if len(calls) == 1:
                raise FermataError("disk.full", "No room.", retryable=False, data={"free": 0})
            return "done"

        await self.enter(engine)
        failures: list[str] = []
        run = engine.run(
            {"name": "f", "flow": {"START": "it", "it": {"call": "flaky"}}},
            on_failed=lambda error: failures.append(error.kind),
        )
        with self.assertRaises(RunFailed) as caught:
            await run
        self.assertEqual((caught.exception.kind, caught.exception.step), ("disk.full", "it"))
        self.assertEqual(failures, ["disk.full"])
        await run.retry()
        self.assertEqual(await run, "done")
        self.assertEqual(calls, [1, 2])

    async def test_a_cancelled_run_raises_with_its_reason(self) -> None:
        engine = await self.started()
        run = engine.run(waiting())
        await run.cancel("not today")
        with self.assertRaises(RunCancelled) as caught:
            await run
        self.assertEqual(caught.exception.reason, "not today")

    async def test_an_error_has_kind_data_and_retryable(self) -> None:
        engine = await self.started()
        with self.assertRaises(FermataError) as caught:
            await engine.run("nobody/knows")
        self.assertEqual(caught.exception.kind, "workflow.notFound")
        run = await engine.run(waiting()).opened()
        with self.assertRaises(FermataError) as caught:
            await run.resume()
        self.assertEqual(caught.exception.kind, "run.invalidTransition")
        self.assertIn("run/pause", caught.exception.data["allowed"])
        self.assertFalse(caught.exception.retryable)
        with self.assertRaises(FermataError) as caught:
            await engine.request("no/such")
        self.assertEqual(caught.exception.kind, "rpc.methodNotFound")
        with self.assertRaises(FermataError) as caught:
            await engine.request("run/get", {})
        self.assertEqual((caught.exception.kind, caught.exception.data["pointer"]), ("rpc.invalidParams", "/runId"))

    async def test_the_same_run_id_is_the_same_run(self) -> None:
        engine = await self.started()
        first = engine.run(waiting(), run_id="once")
        await first.opened()
        second = engine.run(waiting(), run_id="once")
        await second.signal("go", 7)
        self.assertEqual(await asyncio.gather(first, second), [7, 7])
        with self.assertRaises(FermataError) as caught:
            await engine.run(waiting("other"), run_id="once")
        self.assertEqual(caught.exception.kind, "idempotency.conflict")

    async def test_a_run_can_be_created_now_and_started_later(self) -> None:
        engine = await self.started()
        run = await engine.run(ECHO, "x", start=False).opened()
        self.assertEqual(run.status, "pending")
        await run.start()
        self.assertEqual((await run)["text"], "x")

    async def test_options_of_a_run_reach_the_service(self) -> None:
        engine = await self.started()
        with self.assertRaises(RunFailed) as caught:
            await engine.run(waiting(), timeout={"ms": 1})
        self.assertEqual(caught.exception.kind, "run.timedOut")
        with self.assertRaises(TypeError):
            engine.run(waiting(), tiemout={"ms": 1})  # type: ignore[call-arg]


if __name__ == "__main__":
    unittest.main()
