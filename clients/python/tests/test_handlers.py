"""Handlers that this program hosts."""

from __future__ import annotations

import asyncio
import threading
import unittest

from support import EngineTest, calling

from fermata import BlockingAttempt, FermataError, RunFailed


class Handlers(EngineTest):
    async def test_a_handler_is_told_which_attempt_it_is(self) -> None:
        engine = self.engine()
        attempts = []

        @engine.handler("git/clone")
        async def clone(ctx, input):
            attempts.append((ctx.number, ctx.idempotency_key, ctx.info))
            if ctx.number < 3:
                raise OSError("The line is down")
            return input

        await self.enter(engine)
        retry = {"attempts": 3, "delayMs": 1}
        with self.assertLogs("fermata", "WARNING"):
            output = await engine.run(calling("git/clone", retry=retry, timeoutMs=60_000), {"repo": "here"})
        self.assertEqual(output, {"repo": "here"})
        self.assertEqual([attempt[0] for attempt in attempts], [1, 2, 3])
        self.assertEqual(len({attempt[1] for attempt in attempts}), 1)
        info = attempts[0][2]
        self.assertEqual((info.path, info.step, info.handler), ("it", "it", "git/clone"))
        self.assertIsNotNone(info.deadline_at)

    async def test_an_error_that_no_retry_can_help_ends_the_attempts(self) -> None:
        engine = self.engine()
        attempts = []

        @engine.handler
        async def work(ctx, input):
            attempts.append(ctx.number)
            raise FermataError("input.bad", "Never.", retryable=False)

        await self.enter(engine)
        with self.assertRaises(RunFailed) as caught:
            await engine.run(calling("work", retry={"attempts": 5, "delayMs": 1}))
        self.assertEqual((caught.exception.kind, attempts), ("input.bad", [1]))

    async def test_an_unforeseen_exception_fails_the_step_with_its_text(self) -> None:
        engine = self.engine()

        @engine.handler
        async def work(ctx, input):
            return {}["missing"]

        await self.enter(engine)
        with self.assertLogs("fermata", "WARNING"), self.assertRaises(RunFailed) as caught:
            await engine.run(calling("work"))
        self.assertEqual((caught.exception.kind, caught.exception.message), ("handler.failed", "KeyError: 'missing'"))

    async def test_an_output_that_is_no_json_fails_the_step(self) -> None:
        engine = self.engine()

        @engine.handler
        async def work(ctx, input):
            return {1, 2}

        await self.enter(engine)
        with self.assertLogs("fermata", "WARNING"), self.assertRaisesRegex(RunFailed, "JSON serializable"):
            await engine.run(calling("work"))

    async def test_a_cancelled_run_cancels_the_task_of_its_handler(self) -> None:
        engine = self.engine()
        begun, ended = asyncio.Event(), asyncio.Event()

        @engine.handler
        async def work(ctx, input):
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        await self.enter(engine)
        run = engine.run(calling("work"))
        await begun.wait()
        await run.cancel()
        await ended.wait()

    async def test_a_plain_function_runs_in_a_thread_and_sees_that_it_is_cancelled(self) -> None:
        engine = self.engine()
        begun, go_on = asyncio.Event(), threading.Event()
        seen: asyncio.Future[tuple[bool, str]] = asyncio.get_running_loop().create_future()
        loop = asyncio.get_running_loop()

        @engine.handler
        def work(ctx: BlockingAttempt, input):
            ctx.text_delta("begun")
            loop.call_soon_threadsafe(begun.set)
            go_on.wait()
            try:
                ctx.text_delta("more")
            except FermataError as error:
                loop.call_soon_threadsafe(seen.set_result, (ctx.is_cancelled, error.kind))

        await self.enter(engine)
        run = engine.run(calling("work"))
        await begun.wait()
        await run.cancel()
        async for _ in run.events():
            pass
        await engine.request("health/check")
        go_on.set()
        self.assertEqual(await seen, (True, "step.cancelled"))

    async def test_one_handler_may_take_whatever_is_called(self) -> None:
        engine = self.engine()

        @engine.handler("*")
        async def anything(ctx, input):
            return ctx.info.handler

        await self.enter(engine)
        self.assertEqual(await engine.run(calling("some/thing")), "some/thing")

    async def test_no_more_handlers_run_at_once_than_was_said(self) -> None:
        engine = self.engine(max_concurrent=2)
        running, most = 0, 0
        two = asyncio.Event()

        @engine.handler
        async def work(ctx, input):
            nonlocal running, most
            running += 1
            most = max(most, running)
            if running == 2:
                two.set()
            await two.wait()
            running -= 1

        await self.enter(engine)
        document = {
            "name": "many",
            "flow": {"START": "all", "all": {"forEach": {"in": "${input}", "do": {"call": "work"}}}},
        }
        await engine.run(document, list(range(8)))
        self.assertEqual(most, 2)

    async def test_nothing_is_declared_after_the_start(self) -> None:
        engine = await self.started()
        with self.assertRaises(FermataError) as caught:
            engine.handler("late")
        self.assertEqual(caught.exception.kind, "engine.started")


if __name__ == "__main__":
    unittest.main()
