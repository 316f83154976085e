import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { findProgram } from '../scripts/steps.mjs'
import { needs } from './server'

/** The address of the owner's site. `npm run build` has built it, and it is served beside the test site. */
const site = `http://localhost:${Number(process.env.TEST_PORT ?? 4300) + 1}`

test('every address that the site links to answers, from the front page on', async ({ request }) => {
  test.slow()
  const seen = new Set<string>(['/'])
  const broken: string[] = []
  for (const address of seen) {
    const answer = await request.get(site + address)
    if (answer.status() !== 200) broken.push(`${address}: ${answer.status()}`)
    if (!answer.headers()['content-type']?.includes('text/html')) continue
    const html = (await answer.text()).replace(/<(script|pre)[\s\S]*?<\/\1>/g, '')
    for (const [, found] of html.matchAll(/\s(?:href|src)="([^"#]+)/g)) {
      const target = new URL((found ?? '').replaceAll('&amp;', '&'), site + address)
      if (target.origin === site) seen.add(target.pathname)
      if (seen.size > 3000) throw new Error('More than 3,000 addresses: raise the bound.')
    }
    for (const [, id] of html.matchAll(/\shref="#([^"]+)"/g)) {
      const target = decodeURIComponent(id ?? '')
      if (!html.includes(`id="${target.replaceAll('&', '&amp;')}"`)) broken.push(`${address}#${target}`)
    }
  }
  expect(broken).toEqual([])
  expect(seen.size).toBeGreaterThan(5)
})

test('the front page works at every width without an error in the console', async ({ page }) => {
  const said: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') said.push(message.text())
  })
  page.on('pageerror', (error) => said.push(error.message))
  for (const width of [390, 820, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(site)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  }
  expect(said).toEqual([])
})

/** The posts that show everything. */
const specimens = ['/blog/guide/every-mark-on-the-page', '/blog/guide/components-in-a-post']

for (const address of specimens) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 820, 1440]) {
      test(`axe finds nothing on ${address}, ${colorScheme}, ${width} pixels wide`, async ({ page }) => {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 900 })
        await page.goto(site + address)
        for (const diagram of await page.locator('.diagram').all()) {
          await diagram.scrollIntoViewIfNeeded()
          await diagram.locator('svg').waitFor()
        }
        const { violations } = await new AxeBuilder({ page }).analyze()
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      })
    }
  }
}

test('the Nu HTML checker finds nothing on the posts that show everything', async ({ request }, info) => {
  const java = findProgram('java')
  needs('java', java !== undefined, 'default-jre-headless')
  const files = await Promise.all(
    specimens.map(async (address, index) => {
      const file = info.outputPath(`${index}.html`)
      writeFileSync(file, await (await request.get(site + address)).text())
      return file
    }),
  )
  const jar = 'node_modules/vnu-jar/build/dist/vnu.jar'
  const { stderr } = spawnSync(java ?? '', ['-jar', jar, '--format', 'json', ...files], { encoding: 'utf8' })
  const { messages } = JSON.parse(stderr) as { messages: { type: string; message: string; extract?: string }[] }
  // React closes void elements with a slash, which the checker reports each time. The checker knows only older CSS, and no unit of a container.
  const known = /^Trailing slash on void elements|^CSS: (Unrecognized at-rule|.*: Property .* doesn't exist)/
  const isUnit = ({ message, extract = '' }: (typeof messages)[number]) =>
    message.startsWith('CSS: ') && extract.includes('cqi')
  const found = messages.filter((one) => !known.test(one.message) && !isUnit(one))
  expect(found.map(({ type, message, extract }) => `${type}: ${message} ${extract}`)).toEqual([])
})
