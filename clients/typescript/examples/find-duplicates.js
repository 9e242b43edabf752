// Finds files with the same content in a folder, and asks before it writes them down.
//
//     node find-duplicates.js [FOLDER]
//
// Every batch of files is a step, so that a search that was killed goes on with the files that are left. What is answered is
// not asked again: the run is named after the folder and what is in it.

import { createHash } from 'node:crypto';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Engine } from 'fermata';

const REPORT = 'duplicates.json';
const BATCH = 64;
const root = resolve(process.argv[2] ?? '.');
const engine = new Engine({ store: '.fermata-duplicates.db', name: 'find-duplicates' });

/** @param {string} text */
const digest = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/**
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
async function filesOf(folder) {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !/^\.|^node_modules$/.test(name));
  const lists = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesOf(path);
    return entry.isFile() && entry.name !== REPORT ? [relative(root, path)] : [];
  });
  return (await Promise.all(lists)).flat().sort();
}

engine.workflow('find-duplicates', async (ctx) => {
  const files = await ctx.step('list', () => filesOf(root));
  const batches = Array.from({ length: Math.ceil(files.length / BATCH) }, (_, i) => files.slice(i * BATCH, (i + 1) * BATCH));
  const hashOf = async (/** @type {string} */ file) => digest((await readFile(join(root, file))).toString('latin1'));
  const hashes = await Promise.all(batches.map((batch) => ctx.step('hash', () => Promise.all(batch.map(hashOf)))));

  /** @type {Map<string, string[]>} */
  const groups = new Map();
  hashes.flat().forEach((hash, index) => groups.set(hash, [...(groups.get(hash) ?? []), files[index]]));
  const duplicates = [...groups.values()].filter((group) => group.length > 1);
  const summary = `${files.length} files, ${duplicates.length} of them more than once`;
  if (duplicates.length === 0) return summary;

  const { approved } = await ctx.approval(`${summary}. Write ${REPORT}?`, { show: duplicates });
  if (approved) await ctx.step('write', () => writeFile(join(root, REPORT), JSON.stringify(duplicates, null, 2)));
  return summary;
});

const terminal = createInterface({ input: process.stdin });
const files = await filesOf(root);
const times = await Promise.all(files.map(async (file) => `${file} ${(await stat(join(root, file))).mtimeMs}`));
try {
  const summary = await engine.run('find-duplicates', null, {
    runId: `duplicates-${digest([root, ...times].join('\n'))}`,
    onApprovalRequested: async ({ message, data }, signal) => {
      for (const group of data.show) console.log(group.join(' = '));
      console.log(`${message} [y/N]`);
      return /^y(es)?$/i.test(await terminal.question('', { signal }));
    },
  });
  console.log(summary);
} finally {
  terminal.close();
  await engine.close();
}
