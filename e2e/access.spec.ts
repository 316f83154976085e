import { createServer } from 'node:http'
import { expect, test } from '@playwright/test'
import { kinds } from './pages'

test('the first stop of the keyboard skips to the text', async ({ page }) => {
  await page.goto(kinds.post)
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to the text' })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
})

test('every link and control shows where the keyboard is', async ({ page }) => {
  await page.goto(kinds.post)
  for (let press = 0; press < 25; press++) {
    await page.keyboard.press('Tab')
    const shown = await page.evaluate(() => {
      const focused = document.activeElement
      if (!focused || focused === document.body) return true
      const outlines = [focused, focused.closest('label')].map((one) =>
        one ? getComputedStyle(one).outlineStyle : 'none',
      )
      return outlines.some((style) => style !== 'none')
    })
    expect(shown, `stop ${press + 1}`).toBe(true)
  }
})

test('wide code can be reached and scrolled with the keyboard', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 })
  await page.goto(kinds.post)
  const code = page.getByRole('group', { name: 'Code: lib/clock.ts' })
  await code.focus()
  await expect(code).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => code.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0)
})

test('code is copied by a button that a keyboard reaches and that says what it did', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(kinds.post)
  const button = page.getByRole('button', { name: 'Copy' }).first()
  await button.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status')).toHaveText('Copied')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /^export function now[\s\S]*\n}\n\nexport const later .*\)$/,
  )
})

test('code gets its buttons also when the script is there before the text', async ({ page, baseURL }) => {
  // Sends the page up to <main>, and the rest 300 ms after the reader script was sent, so that the script runs first.
  let hasScript = () => {}
  const script = new Promise<void>((resolve) => {
    hasScript = resolve
  })
  const server = createServer(async (request, answer) => {
    const real = await fetch(`${baseURL}${request.url}`)
    answer.setHeader('content-type', real.headers.get('content-type') ?? '')
    if (request.url !== kinds.post) {
      answer.end(Buffer.from(await real.arrayBuffer()))
      if (request.url?.startsWith('/assets/reader-')) setTimeout(hasScript, 300)
      return
    }
    const [head = '', ...rest] = (await real.text()).split('<main')
    answer.write(head)
    await script
    answer.end(`<main${rest.join('<main')}`)
  }).listen(0)
  const { port } = server.address() as { port: number }
  await page.goto(`http://localhost:${port}${kinds.post}`)
  await expect(page.getByRole('button', { name: 'Copy' }).first()).toBeAttached()
  server.closeAllConnections()
  server.close()
})
