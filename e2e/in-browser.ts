import { expect, type Page } from '@playwright/test'
import { axe } from './colours'

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/**
 * @param rules checks only these rules, instead of all of WCAG 2.2 AA. A second theme has other colours only, so `color-contrast` is
 * enough for it.
 * @returns the violations that axe finds on a page, each with the HTML of its elements.
 */
export async function violations(page: Page, ...rules: string[]): Promise<string[]> {
  // A frame shows another page, which is not checked here.
  const builder = axe(page).exclude('iframe')
  const { violations } = await (rules.length > 0 ? builder.withRules(rules) : builder.withTags(wcag)).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
}

/** @returns a list to which every error in the console and every breach of the policy is added as it happens. */
export async function complaintsOn(page: Page): Promise<string[]> {
  const complaints: string[] = []
  page.on('console', (message) => {
    // A page that answers 404 is no error of the page.
    if (message.type() === 'error' && !message.text().includes('404 (Not Found)')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.exposeFunction('refused', (what: string) => complaints.push(what))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      (window as unknown as { refused: (what: string) => void }).refused(
        `${violatedDirective} ${blockedURI} ${sample}`,
      ),
    )
  })
  // Requests to other sites are not sent. They get an empty page as their answer.
  await page.route(/^https:/, (route) => route.fulfill({ contentType: 'text/html', body: '' }))
  return complaints
}

/** Clicks every copy button, embed, tab and summary, draws the diagrams, and scrolls to the end. */
export async function tryEverything(page: Page) {
  await page.evaluate(() => {
    for (const each of document.querySelectorAll<HTMLElement>('main :is(.copy, .embed button, [role="tab"], summary)'))
      each.click()
  })
  for (const diagram of await page.locator('.diagram').all()) {
    await diagram.scrollIntoViewIfNeeded()
    await expect(diagram.locator('svg').first()).toBeVisible()
  }
  // After two frames the browser has requested every file that has come into view.
  await page.evaluate(() => {
    scrollTo(0, document.body.scrollHeight)
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  })
}

/** Presses the button for the theme until it has the one that is wanted. */
export async function chooseTheme(page: Page, theme: 'as the system' | 'light' | 'dark') {
  const button = page.getByRole('button', { name: 'Theme: ' })
  for (let presses = 0; presses < 3; presses++) {
    if ((await button.getAttribute('aria-label')) === `Theme: ${theme}`) return
    await button.click()
  }
  throw new Error(`No press of the button gives the theme: ${theme}`)
}
