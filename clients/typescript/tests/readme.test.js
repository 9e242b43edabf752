// The programs that people begin from: the one in the README, and the example.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { folder } from './support.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** A folder where the client is installed. */
function installed(t) {
  const path = folder(t);
  mkdirSync(join(path, 'node_modules'));
  symlinkSync(ROOT, join(path, 'node_modules', 'fermata'), 'dir');
  return path;
}

/** A program, and the lines it prints. */
function start(t, cwd, ...argv) {
  const child = spawn(process.execPath, argv, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, 'exit');
  return {
    child,
    /** The lines up to the one that begins so, or all that are left. */
    async read(beginning) {
      const read = [];
      for (let next = await lines.next(); !next.done; next = await lines.next()) {
        read.push(next.value);
        if (beginning !== undefined && next.value.startsWith(beginning)) return read;
      }
      assert.equal(beginning, undefined, `It never said ${beginning}: ${read}`);
      assert.deepEqual(await exited, [0, null]);
      return read;
    },
  };
}

test('the program of the README is killed, and finishes', async (t) => {
  const [, program] = README.match(/<!-- tested: release\.mjs -->\n```js\n(.*?)```/s);
  assert.ok(program.split('\n').filter((line) => line.trim()).length < 30);
  const cwd = installed(t);
  writeFileSync(join(cwd, 'release.mjs'), program);
  const first = start(t, cwd, 'release.mjs', 'v1');
  assert.deepEqual(await first.read('Ship'), ['building v1', 'Ship app-v1.tar?']);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const second = start(t, cwd, 'release.mjs', 'v1');
  assert.deepEqual(await second.read('Ship'), ['Ship app-v1.tar?']);
  second.child.stdin.end('yes\n');
  assert.deepEqual(await second.read(), ['publishing app-v1.tar', 'app-v1.tar is out']);
});

test('the example finds files of the same content', async (t) => {
  const cwd = installed(t);
  mkdirSync(join(cwd, 'sub'));
  writeFileSync(join(cwd, 'a.txt'), 'same');
  writeFileSync(join(cwd, 'sub', '${b}.txt'), 'same');
  writeFileSync(join(cwd, 'c.txt'), 'other');
  writeFileSync(join(cwd, 'run.mjs'), readFileSync(join(ROOT, 'examples', 'find-duplicates.js')));
  const example = start(t, cwd, 'run.mjs');
  assert.deepEqual(await example.read('4 files'), [
    'a.txt = sub/${b}.txt',
    '4 files, 1 of them more than once. Write duplicates.json? [y/N]',
  ]);
  example.child.stdin.end('y\n');
  assert.deepEqual(await example.read(), ['4 files, 1 of them more than once']);
  assert.deepEqual(JSON.parse(readFileSync(join(cwd, 'duplicates.json'), 'utf8')), [['a.txt', 'sub/${b}.txt']]);
  const again = start(t, cwd, 'run.mjs');
  assert.deepEqual(await again.read(), ['4 files, 1 of them more than once']);
});
