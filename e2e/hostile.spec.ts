/** Nothing in a markdown post may run, in a real browser and without the help of a content security policy. */
import { type Browser, expect, type Frame, test } from '@playwright/test'
import { render } from '../lib/markdown/render'
import { hostile } from './hostile'

const host = 'http://post.example'

/** Runs in each page before its HTML, and replaces the functions that a piece of HTML calls when it runs. */
function watch() {
  const hit = () => (window as unknown as { report(): void }).report()
  const own = { hit, alert: hit, confirm: hit, prompt: hit, print: hit, fetch: hit }
  for (const [name, value] of Object.entries(own))
    Object.defineProperty(window, name, { value, writable: false, configurable: false })
}

/** Sends every event that a reader or a browser could cause to each element of a page, and waits for the effects. */
async function provoke() {
  const all = () => [document.documentElement, document.body, ...document.querySelectorAll('main *')].filter(Boolean)
  for (const element of all()) if (element instanceof HTMLDetailsElement) element.open = true
  const names =
    'pointerover pointerenter mouseover mouseenter pointerdown mousedown touchstart focus blur click dblclick auxclick contextmenu keydown keyup beforeinput input change submit copy cut paste dragstart wheel scroll error load loadstart toggle beforetoggle animationstart animationend transitionend start hashchange'
  for (const element of all()) {
    for (const name of names.split(' ')) element.dispatchEvent(new Event(name, { bubbles: false, cancelable: true }))
    if ('focus' in element) (element as HTMLElement).focus()
    if ('click' in element) (element as HTMLElement).click()
    else element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))
  }
  await new Promise((done) => setTimeout(done, 10))
}

/**
 * @returns the elements and addresses in a page that a browser would run, the names of `window` and `document` that a
 * piece has changed, and a line when pieces are missing.
 */
function inspect(pieces: number) {
  const bad: string[] = []
  const mains = Document.prototype.querySelectorAll.call(document, 'body > main').length
  if (mains !== pieces) bad.push(`${pieces} pieces have become ${mains}`)
  const active = /^(script|style|meta|base|link|iframe|frame|object|embed|applet|form|button|template|svg|portal)$/
  for (const element of Document.prototype.querySelectorAll.call(document, 'main *')) {
    if (active.test(element.localName)) bad.push(`<${element.localName}>`)
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) bad.push(`${element.tagName} ${name}`)
      if (!/^(href|src|srcset|poster|action|formaction|data|background|cite|xlink:href|ping)$/i.test(name)) continue
      if (
        URL.canParse(value, location.href) &&
        !/^(https?|mailto|tel|xmpp|ircs?):$/.test(new URL(value, location.href).protocol)
      )
        bad.push(`${element.tagName} ${name}="${value}"`)
    }
  }
  const isElement = (value: unknown) =>
    value instanceof Element || value instanceof HTMLCollection || value instanceof Window
  // Next.js and React look up these names on `window`. An element with the same id must not be found instead.
  const globals =
    '__next_f __next_s __next_r __NEXT_DATA__ __webpack_hash__ TURBOPACK TURBOPACK_CHUNK_LISTS TURBOPACK_NEXT_CHUNK_URLS TURBOPACK_CHUNK_BASE_PATH NEXT_DEPLOYMENT_ID'
  for (const name of globals.split(' ')) if (isElement(window[name as never])) bad.push(`window.${name}`)
  for (const name in Document.prototype)
    if (isElement(document[name as never]) && Object.hasOwn(document, name)) bad.push(`document.${name}`)
  const functions = 'querySelector querySelectorAll getElementById createElement addEventListener'
  for (const name of functions.split(' '))
    if (typeof document[name as never] !== 'function') bad.push(`document.${name}`)
  const nodes = ['body', 'head', 'documentElement', 'currentScript', 'cookie', 'forms', 'location', 'firstChild']
  for (const name of nodes)
    if (document[name as never] !== Reflect.get(Document.prototype, name, document) && name !== 'location')
      bad.push(`document.${name}`)
  return bad
}

/**
 * Shows each list of pieces of HTML in a frame of its own.
 *
 * @returns the things that the pieces of a list did, by the index of the list. Lists that did nothing are left out.
 */
async function shown(browser: Browser, lists: string[][]): Promise<Map<number, string[]>> {
  const context = await browser.newContext()
  const did = new Map<number, string[]>()
  const note = (frame: Frame, what: string) => {
    let outer = frame
    while (outer.parentFrame()?.parentFrame()) outer = outer.parentFrame() as Frame
    did.set(Number(outer.name()), [...(did.get(Number(outer.name())) ?? []), what])
  }
  await context.exposeBinding('report', ({ frame }) => note(frame, 'ran'))
  await context.addInitScript(watch)
  await context.route('**', (route) => {
    const request = route.request()
    const at = request.url().slice(host.length)
    const html = (body: string) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><body>${body}` })
    if (at === '/') return html(lists.map((_, index) => `<iframe name=${index} src=/${index}></iframe>`).join(''))
    const list = /^\/\d+$/.test(at) ? lists[Number(at.slice(1))] : undefined
    if (list) return html(list.map((piece) => `<main>${piece}</main>`).join(''))
    if (request.isNavigationRequest()) return route.fulfill({ status: 204 })
    if (!/^(image|media)$/.test(request.resourceType())) note(request.frame(), `asked for ${request.url()}`)
    return route.abort()
  })
  const page = await context.newPage()
  page.on('popup', (popup) => void popup.close().catch(() => {}))
  await page.goto(host)
  const frames = page.mainFrame().childFrames()
  expect(frames).toHaveLength(lists.length)
  // A piece that runs may remove its frame, but its run is already noted.
  for (const [at, frame] of frames.entries())
    for (const what of await frame.evaluate(inspect, lists[at]?.length ?? 0).catch(() => [])) note(frame, what)
  for (const frame of frames) await frame.evaluate(provoke).catch(() => {})
  await context.close()
  return did
}

for (const [kind, snippets] of Object.entries(hostile))
  test(`nothing runs: ${kind}`, async ({ browser }) => {
    const pieces: string[] = []
    for (const snippet of snippets) {
      const { html } = await render('posts/example.md', `---\ntitle: X\n---\n${snippet}\n`)
      pieces.push(html)
    }
    const together = await shown(browser, [pieces])
    // Shows each piece in its own frame, to name the piece that did something.
    const did =
      together.size > 0
        ? await shown(
            browser,
            pieces.map((piece) => [piece]),
          )
        : together
    expect([...did].map(([at, what]) => [snippets[at], pieces[at], ...new Set(what)].join('\n'))).toEqual([])
    expect([...together.values()]).toEqual([])
  })

test('the same pieces do run when nothing is taken out, and are many', { tag: '@long' }, async ({ browser }) => {
  const all = Object.values(hostile).flat()
  expect(new Set(all).size).toBe(all.length)
  expect(all.length).toBeGreaterThan(400)
  const did = await shown(
    browser,
    all.map((piece) => [piece]),
  )
  const ran = [...did.values()].filter((what) => what.includes('ran')).length
  const tried = did.size
  console.log(`${all.length} pieces: ${ran} run unsanitised, ${tried} do something.`)
  expect(ran).toBeGreaterThan(150)
})
