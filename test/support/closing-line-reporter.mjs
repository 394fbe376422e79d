/** Ends the run with one plain line that scripts can read: how many tests passed, failed and were skipped. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    console.log(`Tests: ${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
  }
}
