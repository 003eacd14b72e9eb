const { writeSync } = require('node:fs');

/** Says the result of the whole run on the last line; a test file that can't run counts as one failed test. */
module.exports = class TotalReporter {
  constructor() {
    // Jest writes its own summary after all reporters.
    process.once('exit', () => this.total && writeSync(1, `${this.total}\n`));
  }

  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    this.total = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  }
};
