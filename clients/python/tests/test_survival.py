"""What a client must survive: a dead service, a slow reader, a wait that is given up, much at once, much in one."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import textwrap
import unittest

from support import PATIENCE, ROOT, EngineTest, calling, gated, kill, waiting

from fermata import EngineLost, Event, EventStream, FermataError, RunCancelled


class Death(EngineTest):
    async def test_a_run_goes_on_when_the_service_is_killed_in_a_handler(self) -> None:
        restarts: list[EngineLost] = []
        engine = self.engine(on_restart=restarts.append)
        begun = asyncio.Event()
        attempts: list[tuple[int, str]] = []
        cut_off: list[int] = []

        @engine.handler
        async def work(ctx, input):
            attempts.append((ctx.number, ctx.idempotency_key))
            if ctx.number > 1:
                return {"attempt": ctx.number}
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                cut_off.append(ctx.number)

        await self.enter(engine)
        run = engine.run(calling("work"))
        events = run.events()
        await begun.wait()
        kill(engine.pid)
        self.assertEqual(await run, {"attempt": 2})
        self.assertEqual([number for number, _ in attempts], [1, 2])
        self.assertEqual(len({key for _, key in attempts}), 1)
        self.assertEqual(cut_off, [1])
        self.assertEqual([error.kind for error in restarts], ["engine.lost"])
        seqs = [event.seq async for event in events if event.seq and event.type != "run/progress"]
        self.assertEqual(seqs, list(range(1, run.seq + 1)))

    async def test_a_handle_works_on_after_a_kill_at_a_gate(self) -> None:
        engine = self.engine()
        asked = asyncio.Event()
        await self.enter(engine)
        run = engine.run(gated(), on_approval_requested=lambda _: asked.set())
        await asked.wait()
        kill(engine.pid)
        waiter = asyncio.ensure_future(run.result())
        while True:
            try:
                await run.approve("as before", approver="me")
                break
            except EngineLost:
                continue
        await waiter
        self.assertEqual(run.status, "completed")

    async def test_an_answer_is_given_once_though_the_service_dies_meanwhile(self) -> None:
        engine = self.engine()
        await self.enter(engine)
        asked = 0

        async def approve(question):
            nonlocal asked
            asked += 1
            kill(engine.pid)
            return True

        run = engine.run(gated(), on_approval_requested=approve)
        await run
        self.assertEqual((asked, run.status), (1, "completed"))

    async def test_a_run_is_created_once_though_the_service_dies_meanwhile(self) -> None:
        engine = await self.started()
        runs = [engine.run(waiting()) for _ in range(5)]
        kill(engine.pid)
        await asyncio.gather(*(run.opened() for run in runs))
        self.assertEqual({found["runId"] for found in await engine.runs()}, {run.id for run in runs})
        for run in runs:
            await run.signal("go", run.id)
        self.assertEqual(await asyncio.gather(*runs), [run.id for run in runs])

    async def test_what_is_not_safe_to_ask_twice_says_that_the_service_died(self) -> None:
        engine = await self.started()
        run = await engine.run(waiting()).opened()
        asking = asyncio.ensure_future(engine.request("run/result", {"runId": run.id}))
        await engine.request("health/check")
        kill(engine.pid)
        with self.assertRaises(EngineLost) as caught:
            await asking
        self.assertTrue(caught.exception.retryable)
        await run.cancel()
        with self.assertRaises(RunCancelled):
            await run

    async def test_without_restart_the_waiting_ends_and_the_run_is_safe(self) -> None:
        engine = await self.started(restart=False)
        run = await engine.run(waiting(), run_id="kept").opened()
        kill(engine.pid)
        with self.assertRaises(EngineLost):
            await run
        with self.assertRaises(EngineLost):
            await engine.request("health/check")
        later = await self.started()
        again = later.attach("kept")
        await again.signal("go", "on")
        self.assertEqual(await again, "on")

    async def test_a_service_that_always_dies_is_given_up(self) -> None:
        script = self.folder / "mortal"
        script.write_text(
            f"#!{sys.executable}\n"
            + textwrap.dedent("""\
                import json, sys
                asked = json.loads(sys.stdin.readline())
                print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": {"capabilities": {}}}), flush=True)
                """)
        )
        script.chmod(0o755)
        engine = await self.started(executable=str(script))
        with self.assertRaises(EngineLost):
            await engine.run(waiting())

    async def test_a_service_that_dies_at_once_is_not_started_again(self) -> None:
        with self.assertRaises(EngineLost):
            await self.engine(executable="/bin/true").start()

    async def test_a_line_that_is_no_message_is_passed_over(self) -> None:
        script = self.folder / "noisy"
        script.write_text('#!/bin/sh\necho "Welcome!"\nexec "$FERMATA" "$@"\n')
        script.chmod(0o755)
        with self.assertLogs("fermata", "WARNING"):
            engine = await self.started(executable=str(script))
        self.assertEqual((await engine.request("health/check"))["status"], "ok")

    async def test_no_executable_is_told_at_the_start(self) -> None:
        with self.assertRaises(FermataError) as caught:
            await self.engine(executable="/no/such/fermata").start()
        self.assertEqual(caught.exception.kind, "engine.notFound")

    async def test_a_closed_engine_leaves_its_runs_and_ends_their_waiting(self) -> None:
        engine = await self.started()
        run = await engine.run(waiting(), run_id="left").opened()
        waiter = asyncio.ensure_future(run.result())
        await engine.request("health/check")
        await engine.close()
        with self.assertRaises(FermataError) as caught:
            await waiter
        self.assertEqual(caught.exception.kind, "engine.closed")
        later = await self.started()
        again = later.run(waiting(), run_id="left")
        await again.signal("go", 1)
        self.assertEqual(await again, 1)

    async def test_what_is_under_way_ends_with_the_engine(self) -> None:
        engine = await self.started()
        run = engine.run(waiting())
        waiter = asyncio.ensure_future(run.result())
        await asyncio.sleep(0)
        await engine.close()
        with self.assertRaises(FermataError) as caught:
            await waiter
        self.assertEqual(caught.exception.kind, "engine.closed")
        with self.assertRaises(FermataError):
            await engine.request("health/check")

    async def test_the_service_ends_with_a_client_that_is_killed(self) -> None:
        program = """
            import asyncio, sys
            from fermata import Engine
            async def main():
                async with Engine(store=sys.argv[1]) as engine:
                    print(engine.pid, flush=True)
                    await asyncio.Event().wait()
            asyncio.run(main())
            """
        client = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program), str(self.folder / "orphan.db")],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )
        assert client.stdout is not None
        service = os.pidfd_open(int(client.stdout.readline()))
        self.addCleanup(os.close, service)
        client.kill()
        client.wait()
        client.stdout.close()
        self.assertTrue(select.select([service], [], [], PATIENCE)[0], "The service lives on.")


class Pressure(EngineTest):
    async def test_a_slow_reader_costs_a_bounded_buffer_and_misses_nothing(self) -> None:
        engine = self.engine()
        lines = 3 * EventStream.MAX_EVENTS

        @engine.handler
        async def talk(ctx, input):
            for number in range(lines):
                await ctx.log(f"{number}")

        await self.enter(engine)
        run = engine.run(calling("talk"))
        slow = run.events()
        await run
        other = engine.run({"name": "n", "flow": {"START": "s", "s": {"set": {}}}})
        await other
        self.assertLessEqual(len(slow._buffer), EventStream.MAX_EVENTS)
        taken = [event async for event in slow if event.type != "run/progress"]
        self.assertEqual([event.seq for event in taken if event.seq], list(range(1, run.seq + 1)))
        logged = [event.data["message"] for event in taken if event.type == "execution/log"]
        self.assertEqual(logged, [str(number) for number in range(lines)])

    async def test_text_that_nobody_takes_is_joined_and_kept(self) -> None:
        engine = self.engine()
        said = "".join(f"{number} " for number in range(5000))

        @engine.handler
        async def talk(ctx, input):
            for number in range(5000):
                await ctx.text_delta(f"{number} ")

        await self.enter(engine)
        run = engine.run(calling("talk"))
        slow = run.events()
        await run
        self.assertLessEqual(len(slow._buffer), 20)
        taken: list[Event] = [event async for event in slow if event.is_text]
        self.assertEqual("".join(event.data["text"] for event in taken), said)

    async def test_a_service_that_does_not_read_holds_back_who_writes(self) -> None:
        engine = self.engine()
        was_held: list[bool] = []

        @engine.handler
        async def talk(ctx, input):
            os.kill(engine.pid, signal.SIGSTOP)
            writes = [asyncio.ensure_future(ctx.log("x" * 65536)) for _ in range(50)]
            await asyncio.sleep(0)
            was_held.append(not writes[-1].done())
            os.kill(engine.pid, signal.SIGCONT)
            await asyncio.gather(*writes)

        await self.enter(engine)
        run = engine.run(calling("talk"))
        await run
        self.assertEqual((was_held, len(await run.logs())), ([True], 50))

    async def test_two_runs_go_on_at_once(self) -> None:
        engine = self.engine()
        there: dict[str, asyncio.Event] = {"a": asyncio.Event(), "b": asyncio.Event()}

        @engine.handler
        async def meet(ctx, input):
            there[input].set()
            await asyncio.gather(*(event.wait() for event in there.values()))
            return input

        await self.enter(engine)
        outputs = await asyncio.gather(engine.run(calling("meet"), "a"), engine.run(calling("meet"), "b"))
        self.assertEqual(outputs, ["a", "b"])

    async def test_ten_megabytes_go_there_and_back(self) -> None:
        engine = self.engine()

        @engine.handler
        async def echo(ctx, input):
            return {"size": len(input["text"]), "text": input["text"]}

        await self.enter(engine)
        text = "é♫🎼 " * 1_000_000
        output = await engine.run(calling("echo"), {"text": text})
        self.assertEqual(output["size"], len(text))
        self.assertTrue(output["text"] == text)

    async def test_unicode_is_kept_in_names_and_values(self) -> None:
        engine = self.engine()

        @engine.handler("größe/测量")
        async def measure(ctx, input):
            return {**input, "ключ": '\u0000\u2028 👩‍🚀 \\ " \n'}

        await self.enter(engine)
        output = await engine.run(calling("größe/测量"), {"☃": "🎼"})
        self.assertEqual(output, {"☃": "🎼", "ключ": '\u0000\u2028 👩‍🚀 \\ " \n'})


class Waiting(EngineTest):
    async def test_cancelling_the_waiting_leaves_the_run(self) -> None:
        engine = await self.started()
        run = await engine.run(waiting()).opened()
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(run.result(), 0.001)
        self.assertEqual((await run.info())["status"], "in-progress")
        await run.signal("go", "on")
        self.assertEqual(await run, "on")

    async def test_cancelling_the_waiting_cancels_the_run_where_that_was_asked_for(self) -> None:
        engine = await self.started()
        run = await engine.run(waiting()).opened()
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(run.result(cancel_run=True), 0.001)
        with self.assertRaises(RunCancelled):
            await run

    async def test_a_request_that_nobody_waits_for_is_taken_back(self) -> None:
        engine = await self.started()
        run = await engine.run(waiting()).opened()
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(engine.request("run/result", {"runId": run.id}), 0.001)
        self.assertEqual((await engine.request("health/check"))["status"], "ok")


if __name__ == "__main__":
    unittest.main()
