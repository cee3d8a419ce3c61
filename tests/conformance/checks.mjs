// SPDX-License-Identifier: GPL-3.0-or-later
//
// Counts what held and what did not, and says so line by line.

const LONGEST_MS = 60_000;

export class Checks {
  passed = 0;
  failed = 0;
  skipped = 0;
  #suite = '';

  begin(suite) {
    this.#suite = suite;
  }

  // Runs `func`; whatever it throws, or a minute without an end, is a failure. Returns what it returned.
  async check(name, func) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no end after ${LONGEST_MS / 1000} s`)), LONGEST_MS);
    });

    try {
      const result = await Promise.race([func(), late]);
      this.passed++;
      console.log(`ok      ${this.#suite}: ${name}`);
      return result;
    } catch (error) {
      this.fail(name, error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  fail(name, error) {
    this.failed++;
    console.log(`FAILED  ${this.#suite}: ${name}`);
    console.log(String(error?.stack ?? error).replace(/^/gm, '          '));
  }

  skip(name, reason) {
    this.skipped++;
    console.log(`skipped ${this.#suite}: ${name}: ${reason}`);
  }
}
