// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs every *-suite.mjs of this folder, each against a demo tenant of its own.
//
// A suite exports `run (checks, tenant, clientProgram)`, and may export `options`: more command line options for its tenant.

import { readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Checks } from './checks.mjs';
import { startTenant } from './tenant.mjs';

const [program, ...wanted] = process.argv.slice(2);
const clientProgram = process.env.PS_CTL ?? resolve(dirname(program), '../cli/presence-syncctl');
const names = (await readdir(import.meta.dirname ?? new URL('.', import.meta.url)))
  .filter((name) => name.endsWith('-suite.mjs'))
  .filter((name) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)))
  .sort();
const checks = new Checks();

for (const name of names) {
  const suite = await import(`./${name}`);

  checks.begin(name.replace(/-suite\.mjs$/, ''));
  const tenant = await startTenant(program, suite.options ?? []);
  try {
    await suite.run(checks, tenant, clientProgram);
  } catch (error) {
    checks.fail('the suite ran to its end', error);
  }
  await checks.check('the demo tenant ends well', () => tenant.stop());
}
console.log(`${checks.passed} passed, ${checks.failed} failed, ${checks.skipped} skipped`);
process.exit(checks.failed === 0 && checks.passed > 0 ? 0 : 1);
