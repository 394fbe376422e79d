/** Ends the run with one plain line that scripts can read: how many tests passed, failed and were skipped. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const line = `Tests: ${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
    // Jest prints its own summary after every reporter: at exit nothing comes after us.
    process.once('exit', () => console.log(line));
  }
}
