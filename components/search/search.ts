import type { SearchAnswer } from '@/lib/formats/search-answer'
import { sections } from '@/lib/site/sections.mjs'
import { type Engine, type Filters, startEngine } from './engine'
import { resultsOf, type Tree } from './results'

// The search of a page: in a dialog on any page, and in the form of the page /search. Pages load this module when it is used.

/** `shortcuts` of site.config.ts and the text of search.css (lib/compile/assets.ts). */
declare const SHORTCUTS: boolean
declare const SEARCH_CSS: string

const FIRST = 8
const NAMES = { tag: 'Tag', category: 'Category', author: 'Author', year: 'Year' }

let engine: Promise<Engine> | undefined
/** Starts it once in a page. Where it cannot start, the server answers until the next page. */
function getEngine(): Promise<Engine> {
  engine ??= startEngine()
  return engine
}

/** Asks the server, which knows titles, headings and summaries. */
async function askServer(query: string): Promise<SearchAnswer> {
  const answer = await fetch(`${sections.search}?q=${encodeURIComponent(query)}`, {
    headers: { Accept: 'application/json' },
  })
  if (!answer.ok) throw new Error(`The search of the server answers ${answer.status}.`)
  return answer.json()
}

/** The whole text by Pagefind; where that cannot be, or finds nothing, what the server finds. */
async function find(query: string, filters: Filters, most: number): Promise<SearchAnswer> {
  const isFiltered = Object.keys(filters).length > 0
  let isWhole = false
  try {
    const found = await (await getEngine()).search(query, filters, most)
    if (found.all > 0 || isFiltered) return found
    isWhole = true
  } catch (error) {
    console.info(`The server answers this search. ${error instanceof Error ? error.message : error}`)
  }
  return { ...(await askServer(query)), isWhole }
}

/** One or two letters begin a word that nearly every post has; they are searched when the reader stops. A sign of Chinese is a word. */
const isBeginning = (query: string) => /^\s*[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]{1,2}$/u.test(query)

function build(tree: Tree): Node {
  if (typeof tree === 'string') return document.createTextNode(tree)
  const made = document.createElement(tree.name)
  for (const [name, value] of Object.entries(tree.attributes)) made.setAttribute(name, value)
  made.append(...tree.children.map(build))
  return made
}

const element = (name: string, attributes: Record<string, string>, ...children: Tree[]) =>
  build({ name, attributes, children }) as HTMLElement

/** Searches at every letter in a field, and shows the results in a place below it. */
class Search {
  #field: HTMLInputElement
  #place: HTMLElement
  #status = element('p', { class: 'search-count', role: 'status' })
  #list = element('div', {})
  #filters: Filters = {}
  #most = FIRST
  #isBusy = false
  #isStale = false

  constructor(field: HTMLInputElement, place: HTMLElement, around: HTMLElement) {
    this.#field = field
    this.#place = place
    let pause = 0
    field.addEventListener('input', () => {
      this.#most = FIRST
      clearTimeout(pause)
      if (isBeginning(field.value)) pause = window.setTimeout(() => this.run(), 250)
      else this.run()
    })
    around.addEventListener('keydown', (event) => this.#move(event))
  }

  /** Takes the place. What the server has shown there stays until there are other results. */
  begin() {
    const [count, ...shown] = this.#place.children
    this.#status.textContent = count?.textContent ?? ''
    this.#list.append(...shown)
    this.#place.replaceChildren(this.#choices(), this.#status, this.#list)
    getEngine().then(
      (engine) => engine.whole?.then(() => this.run(), console.warn),
      () => undefined,
    )
    if (this.#field.value.trim()) this.run()
  }

  async run() {
    // Only the newest query counts: while one is asked, later ones wait for their turn, and the last of them is asked.
    this.#isStale = this.#isBusy
    if (this.#isBusy) return
    this.#isBusy = true
    const query = this.#field.value.trim()
    const isAsked = query !== '' || Object.keys(this.#filters).length > 0
    try {
      const answer = isAsked
        ? await find(query, this.#filters, this.#most)
        : { query, all: 0, results: [], isWhole: true }
      this.#show(answer, isAsked)
    } catch (error) {
      this.#status.textContent = 'The search cannot be reached.'
      console.warn(error)
    }
    this.#isBusy = false
    if (this.#isStale) this.run()
  }

  #show(answer: SearchAnswer, isAsked: boolean) {
    const [count, ...rest] = resultsOf(answer, isAsked).map(build)
    if (this.#status.textContent !== count?.textContent) this.#status.textContent = count?.textContent ?? ''
    const more = answer.all - answer.results.length
    // Parts of the index that come later change the list while somebody is in it.
    const focused = this.#links().find((link) => link === document.activeElement)?.href
    // A button takes the place of the sentence under the results, where the index has more of them.
    const hasMore = more > 0 && answer.results.length === this.#most
    this.#list.replaceChildren(...rest.slice(0, hasMore ? 1 : undefined))
    if (focused)
      this.#links()
        .find(({ href }) => href === focused)
        ?.focus()
    if (hasMore) this.#list.append(this.#moreButton(more))
  }

  #moreButton(more: number) {
    const button = element(
      'button',
      { type: 'button', class: 'search-more' },
      `Show more of ${more.toLocaleString('en')} others`,
    )
    button.onclick = async () => {
      const before = this.#links().length
      this.#most += 20
      await this.run()
      this.#links()[before]?.focus()
    }
    return button
  }

  /** Filters, whose values are loaded when they are opened. */
  #choices() {
    const filters = element(
      'details',
      { class: 'search-filters' },
      { name: 'summary', attributes: {}, children: ['Filter'] },
    )
    const row = element('p', {})
    filters.append(row)
    filters.addEventListener('toggle', () => this.#fill(row), { once: true })
    return filters
  }

  async #fill(row: HTMLElement) {
    try {
      const choices = await (await getEngine()).choices()
      for (const [name, label] of Object.entries(NAMES)) {
        const values = Object.entries(choices[name] ?? {}).sort(([a], [b]) =>
          name === 'year' ? b.localeCompare(a) : a.localeCompare(b),
        )
        if (values.length === 0) continue
        const option = (value: string, text: string): Tree => ({
          name: 'option',
          attributes: { value },
          children: [text],
        })
        const options = values.map(([value, count]) => option(value, `${value} (${count})`))
        const select: Tree = { name: 'select', attributes: { name }, children: [option('', 'Any'), ...options] }
        row.append(element('label', {}, `${label} `, select))
      }
      row.addEventListener('change', ({ target }) => {
        const { name, value } = target as HTMLSelectElement
        if (value) this.#filters[name] = value
        else delete this.#filters[name]
        this.#most = FIRST
        this.run()
      })
    } catch {
      row.textContent = 'The filters cannot be loaded.'
    }
  }

  #links = () => [...this.#list.querySelectorAll('a')]

  /** The arrows go from the field through the results and back. */
  #move(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const { target } = event
    if (!step || event.isComposing || target instanceof HTMLSelectElement) return
    const links = this.#links()
    const at = links.indexOf(target as HTMLAnchorElement)
    if (at < 0 && target !== this.#field) return
    event.preventDefault()
    if (at + step < 0) this.#field.focus()
    else links[at + step]?.focus()
  }
}

let dialog: HTMLDialogElement | undefined

/** Opens the search in a dialog over the page. */
export function open() {
  dialog ??= makeDialog()
  if (!dialog.open) dialog.showModal()
  dialog.querySelector('input')?.select()
}

function makeDialog(): HTMLDialogElement {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(SEARCH_CSS)
  document.adoptedStyleSheets.push(sheet)
  const made = document.createElement('dialog')
  made.className = 'search-dialog'
  made.setAttribute('aria-label', 'Search')
  const field = element('input', {
    name: 'q',
    maxlength: '200',
    autocomplete: 'off',
    enterkeyhint: 'search',
    'aria-label': 'Words to search for',
    placeholder: 'Search',
  }) as HTMLInputElement
  const close = element('button', { type: 'button', class: 'search-close' }, 'Close')
  close.onclick = () => made.close()
  const form = element('form', { action: sections.search, role: 'search' })
  form.append(field, close)
  const place = element('div', { class: 'search-answer' })
  made.append(form, place)
  if (SHORTCUTS) made.append(shortcutChoice())
  // A click beside the dialog is a click on its backdrop.
  made.addEventListener('click', ({ target }) => target === made && made.close())
  document.body.append(made)
  new Search(field, place, made).begin()
  return made
}

/** Whether the key "/" opens the search is the reader's choice (WCAG 2.2, 2.1.4). */
function shortcutChoice() {
  const box = element('input', { type: 'checkbox' }) as HTMLInputElement
  box.checked = localStorage.getItem('shortcuts') !== 'off'
  box.onchange = () => {
    if (box.checked) localStorage.removeItem('shortcuts')
    else localStorage.setItem('shortcuts', 'off')
  }
  const label = element('label', { class: 'search-keys' })
  label.append(box, ' The key / opens the search')
  return label
}

/** The page /search, whose results the server has written. */
function takePage() {
  const place = document.getElementById('search-answer')
  const field = document.querySelector<HTMLInputElement>('main input[name="q"]')
  if (!place || !field) return
  const { form } = field
  new Search(field, place, place.parentElement as HTMLElement).begin()
  const address = () =>
    history.replaceState(
      null,
      '',
      field.value.trim() ? `?q=${encodeURIComponent(field.value.trim())}` : sections.search,
    )
  field.addEventListener('change', address)
  form?.addEventListener('submit', (event) => {
    event.preventDefault()
    address()
  })
}

takePage()
