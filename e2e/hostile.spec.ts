/** Nothing in a markdown post may run, in a real browser and without the help of a content security policy. */
import { type BrowserContext, expect, type Frame, test } from '@playwright/test'
import { render } from '../lib/markdown/render'
import { hostile } from './hostile'

test.describe.configure({ retries: 0 })

const host = 'http://post.example'

// A record of every page would take longer than the pages.
test.use({ trace: 'off' })

/** In the page before anything else: what counts as having run. */
function watch() {
  const hit = () => (window as unknown as { report(): void }).report()
  const own = { hit, alert: hit, confirm: hit, prompt: hit, print: hit, fetch: hit }
  for (const [name, value] of Object.entries(own))
    Object.defineProperty(window, name, { value, writable: false, configurable: false })
}

/** Does to every element of a page what a reader, and a browser, might; then waits for what that has set off. */
async function provoke() {
  const root = document.querySelector('main') ?? document.body
  const all = () => [document.documentElement, document.body, ...root.querySelectorAll('*')].filter(Boolean)
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

/** @returns the addresses in a page that a browser would run, and what of the page's own names is not what it was. */
function inspect() {
  const bad: string[] = []
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
  // What the framework looks up by name, and might find an element instead.
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

/** Shows all pieces of HTML in one page. @returns what was done there, empty if nothing was. */
async function shownTogether(context: BrowserContext, pieces: string[]): Promise<string[]> {
  const page = pieces.map((piece) => `<main>${piece}</main>`).join('')
  return [...(await shown(context, [page])).values()].flat()
}

/** Shows each piece of HTML in a frame of its own. @returns what each did there; nothing for what did nothing. */
async function shown(context: BrowserContext, pieces: string[]): Promise<Map<number, string[]>> {
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
    if (at === '/') return html(pieces.map((_, index) => `<iframe name=${index} src=/${index}></iframe>`).join(''))
    if (/^\/\d+$/.test(at)) return html(`<main>${pieces[Number(at.slice(1))]}</main>`)
    if (request.isNavigationRequest()) return route.fulfill({ status: 204 })
    if (!/^(image|media)$/.test(request.resourceType())) note(request.frame(), `asked for ${request.url()}`)
    return route.abort()
  })
  const page = await context.newPage()
  page.on('popup', (popup) => void popup.close().catch(() => {}))
  await page.goto(host)
  const frames = page.mainFrame().childFrames()
  expect(frames).toHaveLength(pieces.length)
  // What runs may take its frame away; that it ran is noted by then.
  for (const frame of frames) for (const what of await frame.evaluate(inspect).catch(() => [])) note(frame, what)
  for (const frame of frames) await frame.evaluate(provoke).catch(() => {})
  await page.close()
  return did
}

for (const [kind, snippets] of Object.entries(hostile))
  test(`nothing runs: ${kind}`, async ({ context }) => {
    const pieces: string[] = []
    for (const snippet of snippets) {
      const { html } = await render('posts/example.md', `---\ntitle: X\n---\n${snippet}\n`)
      pieces.push(html)
    }
    const did = await shown(context, pieces)
    expect([...did].map(([at, what]) => [snippets[at], pieces[at], ...new Set(what)].join('\n'))).toEqual([])
  })

test('the same pieces do run when nothing is taken out, and are many', { tag: '@long' }, async ({ context }) => {
  test.setTimeout(120_000)
  const all = Object.values(hostile).flat()
  expect(new Set(all).size).toBe(all.length)
  expect(all.length).toBeGreaterThan(400)
  const did = await shown(context, all)
  const ran = [...did.values()].filter((what) => what.includes('ran')).length
  const tried = did.size
  console.log(`${all.length} pieces: ${ran} run unsanitised, ${tried} do something.`)
  expect(ran).toBeGreaterThan(150)
})
