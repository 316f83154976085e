import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter'

/** Ends the output with one line that a machine can read. */
export default class ClosingLine implements Reporter {
  private outcomes = new Map<string, TestCase>()
  onTestEnd(test: TestCase, _result: TestResult) {
    this.outcomes.set(test.id, test)
  }
  onEnd(_result: FullResult) {
    const count = (...outcomes: string[]) =>
      [...this.outcomes.values()].filter((test) => outcomes.includes(test.outcome())).length
    const again = count('flaky') > 0 ? ` (${count('flaky')} at the second try)` : ''
    console.log(
      `${count('expected', 'flaky')} passed${again}, ${count('unexpected')} failed, ${count('skipped')} skipped`,
    )
  }
}
