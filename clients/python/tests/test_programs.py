"""Durable programs: what is recorded is not done again."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import signal
import unittest
from typing import Any

from support import EngineTest, kill

from fermata import Engine, FermataError, RunFailed


class Programs(EngineTest):
    async def run_program(self, program: Any, input: Any = None, handlers: Any = (), **options: Any) -> Any:
        engine = self.engine(allow_commands=True)
        for handler in handlers:
            engine.handler(handler)
        engine.workflow("program")(program)
        await self.enter(engine)
        return await engine.run("program", input, **options)

    async def test_a_program_leaves_what_it_returns(self) -> None:
        async def program(ctx, input):
            doubled = await ctx.step("double", lambda: input * 2)

            async def add():
                return doubled + 1

            return await ctx.step("add", add)

        self.assertEqual(await self.run_program(program, 20), 41)

    async def test_what_is_recorded_is_not_done_again_after_a_kill(self) -> None:
        engine = self.engine()
        done: list[str] = []

        @engine.workflow
        async def release(ctx, input):
            await ctx.step("build", lambda: done.append("build"))
            decision = await ctx.approval("Ship it?")
            await ctx.step("ship", lambda: done.append("ship"))
            return [decision.status, bool(decision), decision.approver]

        await self.enter(engine)
        asked = asyncio.Event()
        run = engine.run(release, on_approval_requested=lambda _: asked.set())
        await asked.wait()
        kill(engine.pid)
        while True:
            try:
                await run.approve(approver="ops")
                break
            except FermataError as error:
                if error.kind != "engine.lost":
                    raise
        self.assertEqual(await run, ["approved", True, "ops"])
        self.assertEqual(done, ["build", "ship"])

    async def test_a_service_that_is_told_to_stop_fails_no_program(self) -> None:
        restarted = asyncio.Event()
        engine = self.engine(on_restart=lambda _: restarted.set())
        executions: list[str] = []
        caught: list[Exception] = []

        @engine.workflow
        async def hold(ctx, input):
            executions.append(ctx.execution_id)
            try:
                return await ctx.signal("go")
            except Exception as error:
                caught.append(error)

        await self.enter(engine)
        run = engine.run(hold)
        async for event in run.events():
            if event.type == "step/started" and event.data["path"] == "go":
                break
        os.kill(engine.pid, signal.SIGTERM)
        await restarted.wait()
        await run.signal("go", 1)
        self.assertEqual(await run, 1)
        self.assertEqual((len(executions), caught), (2, []))

    async def test_another_process_goes_on_where_the_first_one_stopped(self) -> None:
        done: list[str] = []

        def declare(engine: Engine) -> None:
            @engine.workflow("count")
            async def count(ctx, input):
                for number in range(3):
                    await ctx.step("count", lambda number=number: done.append(f"count {number}"))
                    if number == 1:
                        await ctx.signal("go")
                return len(done)

        first = self.engine()
        declare(first)
        await self.enter(first)
        run = first.run("count", run_id="counted")
        async for event in run.events():
            if event.type == "step/started" and event.data["path"] == "go":
                break
        await first.close()
        second = self.engine()
        declare(second)
        await self.enter(second)
        again = second.run("count", run_id="counted")
        await again.signal("go")
        self.assertEqual(await again, 3)
        self.assertEqual(done, ["count 0", "count 1", "count 2"])
        self.assertEqual([step["path"] for step in await again.steps()][-4:], ["count", "count#2", "go", "count#3"])

    async def test_the_service_performs_every_kind_of_step(self) -> None:
        async def work(ctx, input):
            return {"seen": input}

        async def program(ctx, input):
            called = await ctx.call("work", {"text": "${1 + 1}"})
            said = await ctx.agent("scripted/echo", "Say ${this}")
            ran = await ctx.command("printf", "%s", "a ${b}")
            name = await ctx.input("Name?", schema={"type": "string"})
            await ctx.sleep(0.001)
            payload = await ctx.signal("go")
            both = await ctx.perform(
                "both",
                {"parallel": {"a": {"call": "work", "with": "${run.id}"}, "b": {"call": "work", "with": 2}}},
            )
            return [called, said["text"], ran["stdout"], name, payload, both["a"]["seen"] == ctx.run_id, both["b"]]

        engine = self.engine(allow_commands=True)
        engine.handler(work)
        engine.workflow(program)
        await self.enter(engine)
        run = engine.run(program, on_input_requested=lambda _: "Ada")
        await run.signal("go", 7)
        self.assertEqual(
            await run,
            [{"seen": {"text": "${1 + 1}"}}, "Say ${this}", "a ${b}", "Ada", 7, True, {"seen": 2}],
        )

    async def test_a_program_has_children(self) -> None:
        engine = self.engine()

        @engine.workflow
        async def parent(ctx, input):
            return await asyncio.gather(*(ctx.child("child", number) for number in range(3)))

        @engine.workflow
        async def child(ctx, input):
            return await ctx.step("square", lambda: input * input)

        await self.enter(engine)
        run = engine.run(parent)
        self.assertEqual(await run, [0, 1, 4])
        self.assertEqual(len(await engine.runs(parent=run.id)), 3)

    async def test_steps_go_on_at_once(self) -> None:
        there = [asyncio.Event(), asyncio.Event()]

        async def program(ctx, input):
            async def meet(number):
                there[number].set()
                await there[1 - number].wait()
                return number

            return await asyncio.gather(*(ctx.step("meet", lambda n=n: meet(n)) for n in range(2)))

        self.assertEqual(await self.run_program(program), [0, 1])

    async def test_a_step_is_tried_again_as_it_says_under_one_key(self) -> None:
        attempts = []

        async def program(ctx, input):
            async def fetch(attempt):
                attempts.append((attempt.number, attempt.idempotency_key))
                if attempt.number < 3:
                    raise OSError("The line is down")
                return "fetched"

            return await ctx.step("fetch", fetch, retry={"attempts": 3, "delayMs": 1})

        self.assertEqual(await self.run_program(program), "fetched")
        self.assertEqual([number for number, _ in attempts], [1, 2, 3])
        self.assertEqual(len({key for _, key in attempts}), 1)

    async def test_a_step_that_failed_is_raised_with_its_kind_and_can_be_caught(self) -> None:
        async def program(ctx, input):
            def fail():
                raise FermataError("disk.full", "No room.")

            try:
                await ctx.step("store", fail)
            except FermataError as error:
                return [error.kind, error.message]

        self.assertEqual(await self.run_program(program), ["disk.full", "No room."])

    async def test_a_failed_call_is_raised_with_the_kind_of_its_handler(self) -> None:
        async def work(ctx, input):
            raise FermataError("disk.full", "No room.")

        async def program(ctx, input):
            await ctx.call("work")

        with self.assertRaises(RunFailed) as caught:
            await self.run_program(program, handlers=[work])
        self.assertEqual(caught.exception.kind, "disk.full")

    async def test_a_step_times_out(self) -> None:
        cut_off = asyncio.Event()

        async def program(ctx, input):
            async def hang():
                try:
                    await asyncio.Event().wait()
                finally:
                    cut_off.set()

            await ctx.step("hang", hang, timeout_ms=1)

        with self.assertRaises(RunFailed) as caught:
            await self.run_program(program)
        self.assertEqual(caught.exception.kind, "step.timedOut")
        self.assertTrue(cut_off.is_set())

    async def test_a_step_speaks_while_it_runs(self) -> None:
        said = []

        async def program(ctx, input):
            async def talk(attempt):
                await attempt.text_delta("Hello")
                await attempt.log("said")

            await ctx.step("talk", talk)

        await self.run_program(program, on_text_delta=lambda delta: said.append((delta.path, delta.text)))
        self.assertEqual(said, [("talk", "Hello")])

    async def test_a_changed_program_is_told_so(self) -> None:
        first = self.engine()

        @first.workflow("shape")
        async def old(ctx, input):
            await ctx.step("a", lambda: 1)
            await ctx.signal("go")

        await self.enter(first)
        run = first.run("shape", run_id="shaped")
        async for event in run.events():
            if event.type == "step/started" and event.data["path"] == "go":
                break
        await first.close()
        second = self.engine()

        @second.workflow("shape")
        async def new(ctx, input):
            await ctx.step("b", lambda: 1)

        with self.assertLogs("fermata", "ERROR"):
            await self.enter(second)
            async for event in second.attach("shaped").events():
                if event.type == "step/failed" and event.data["error"]["kind"] == "workflow.changed":
                    break
            else:
                self.fail("Nothing was told.")

    async def test_a_cancelled_run_cancels_the_task_of_its_program(self) -> None:
        engine = self.engine()
        begun, ended = asyncio.Event(), asyncio.Event()

        @engine.workflow
        async def program(ctx, input):
            begun.set()
            try:
                await ctx.signal("never")
            finally:
                ended.set()

        await self.enter(engine)
        run = engine.run(program)
        await begun.wait()
        await run.cancel()
        await ended.wait()

    async def test_a_plain_program_runs_in_a_thread(self) -> None:
        def program(ctx, input):
            with concurrent.futures.ThreadPoolExecutor() as pool:
                parts = list(pool.map(lambda number: ctx.step(f"part {number}", lambda: number * number), range(3)))
            decision = ctx.approval("Go on?")
            keyed = ctx.step("keyed", lambda attempt: [attempt.number, bool(attempt.idempotency_key)])
            return [parts, decision.status, keyed]

        output = await self.run_program(program, on_approval_requested=lambda _: True)
        self.assertEqual(output, [[0, 1, 4], "approved", [1, True]])


if __name__ == "__main__":
    unittest.main()
