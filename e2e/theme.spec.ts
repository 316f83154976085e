import { expect, test } from '@playwright/test'

const paper = { light: 'rgb(251, 248, 241)', dark: 'rgb(22, 20, 16)' }
const background = () => getComputedStyle(document.documentElement).backgroundColor

test.use({ colorScheme: 'light' })

test('without a choice the page follows the system, at once', async ({ page }) => {
  await page.goto('/')
  expect(await page.evaluate(background)).toBe(paper.light)
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await page.evaluate(background)).toBe(paper.dark)
})

test('a chosen theme holds on the next page and is there before the first paint', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true })
  expect(await page.evaluate(background)).toBe(paper.dark)
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        Object.assign(window, { [entry.name]: getComputedStyle(document.documentElement).colorScheme })
      }
    }).observe({ type: 'paint', buffered: true })
  })
  await page.goto('/blog')
  await expect.poll(() => page.evaluate('window["first-paint"]')).toBe('dark')
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked()
  await page.getByRole('radio', { name: 'As the system' }).check({ force: true })
  expect(await page.evaluate(background)).toBe(paper.light)
  await page.reload()
  expect(await page.evaluate(background)).toBe(paper.light)
})

test('the switch is worked with the keyboard', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('radio', { name: 'As the system' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked()
  expect(await page.evaluate(background)).toBe(paper.dark)
})

test('print is always ink on white', async ({ page }) => {
  await page.goto('/blog/backend/kitchen-sink')
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(31, 27, 22)')
  await expect(page.getByRole('banner')).toBeHidden()
})
