import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter'

type Suite = { outcomes: Map<string, TestCase>; seconds: number }

/** Ends the output with a line for each suite (its tests, and the seconds of all its workers) and a line for all suites. */
export default class ClosingLine implements Reporter {
  private suites = new Map<string, Suite>()
  onTestEnd(test: TestCase, result: TestResult) {
    const name = test.parent.project()?.name ?? ''
    const suite = this.suites.get(name) ?? { outcomes: new Map(), seconds: 0 }
    suite.outcomes.set(test.id, test)
    suite.seconds += result.duration / 1000
    this.suites.set(name, suite)
  }
  onEnd(_result: FullResult) {
    const said = (tests: TestCase[]) => {
      const count = (outcome: string) => tests.filter((test) => test.outcome() === outcome).length
      return `${count('expected')} passed, ${count('unexpected')} failed, ${count('skipped')} skipped`
    }
    for (const [name, { outcomes, seconds }] of this.suites)
      console.log(`${name.padEnd(7)} ${said([...outcomes.values()])}, ${Math.round(seconds)} s of work`)
    console.log(said([...this.suites.values()].flatMap(({ outcomes }) => [...outcomes.values()])))
  }
}
