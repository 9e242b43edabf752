// Checked, not run: what is declared is what there is.

import { Engine, FermataError, type Run } from '../src/index.js';
import { Attempt as RealAttempt } from '../src/attempt.js';
import { Engine as RealEngine } from '../src/engine.js';
import { FermataError as RealError } from '../src/errors.js';
import { EventStream as RealStream } from '../src/events.js';
import { Program as RealProgram } from '../src/program.js';
import { Run as RealRun } from '../src/run.js';
import type { Attempt, EventStream, Program } from '../src/index.js';

type Same<Declared, Real extends Declared> = Real;
export type Surface = [
  Same<Pick<Attempt, keyof Attempt>, RealAttempt>,
  Same<Omit<Engine, 'run' | 'attach'>, Omit<RealEngine, 'run' | 'attach'>>,
  Same<FermataError, RealError>,
  Same<Omit<EventStream, typeof Symbol.asyncIterator>, RealStream>,
  Same<Omit<Program, 'step'>, Omit<RealProgram, 'step'>>,
  Same<Omit<Run, 'then' | 'events'>, Omit<RealRun, 'then' | 'events'>>,
];

export async function use(): Promise<string> {
  const engine = new Engine({ store: 'runs.db', onRestart: (lost) => lost.kind });
  engine.handler('git/clone', async (attempt, input) => {
    await attempt.textDelta(`${input.repo}, ${attempt.number}`);
    return { path: '.' };
  });
  engine.workflow('release', async (ctx, input: { tag: string }) => {
    const [head, size] = await Promise.all([ctx.step('head', async () => 'abc'), ctx.step('size', () => 3)]);
    const { approved } = await ctx.approval(`Release ${input.tag} at ${head}?`, { approvers: ['ops'] });
    return approved ? size : 0;
  });
  const run: Run<string> = engine.run('release', { tag: 'v1' }, { onApprovalRequested: () => true, retry: { attempts: 2 } });
  for await (const event of run.events()) if (event.type === 'run/completed') break;
  // @ts-expect-error There is no such observer.
  engine.run('release', null, { onNothing: () => {} });
  return run;
}
