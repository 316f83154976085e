/** The only script of a reading page. Every page works without it. */
import { addCopyButtons, addShare } from './copying'

const themes = { system: 'as the system', light: 'light', dark: 'dark' }
type Theme = keyof typeof themes

/** The button for the theme, which goes from one to the next. A script in the head has set an earlier choice already. */
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.show()
    this.addEventListener('click', () => {
      const all = Object.keys(themes) as Theme[]
      choose(all[(all.indexOf(chosenTheme()) + 1) % all.length] ?? 'system')
      this.show()
    })
    // The theme may have been changed on another page while the browser kept this one, or rendered it in advance.
    const again = () => {
      choose(localStorage.getItem('theme') ?? 'system')
      this.show()
    }
    addEventListener('storage', again)
    addEventListener('pageshow', ({ persisted }) => persisted && again())
    document.addEventListener('prerenderingchange', again)
  }

  show() {
    const button = this.querySelector('button')
    if (!button) return
    button.dataset.theme = chosenTheme()
    button.ariaLabel = `Theme: ${themes[chosenTheme()]}`
    button.title = button.ariaLabel
  }
}

const chosenTheme = () => (document.documentElement.dataset.theme ?? 'system') as Theme

function choose(theme: string) {
  for (const [index, colour] of document.querySelectorAll<HTMLMetaElement>('[name=theme-color]').entries()) {
    const scheme = index === 0 ? 'light' : 'dark'
    colour.media = theme === 'system' ? `(prefers-color-scheme: ${scheme})` : theme === scheme ? 'all' : 'not all'
  }
  if (theme === 'system') {
    delete document.documentElement.dataset.theme
    localStorage.removeItem('theme')
  } else {
    document.documentElement.dataset.theme = theme
    localStorage.setItem('theme', theme)
  }
}

/**
 * The running head: the section that the reader is in, marked in the contents and named beside them, and the minute of how many. A heading
 * that was jumped to is the section until the reader scrolls, wherever it stands: at the end of a page it cannot come to the top.
 */
function markContents() {
  const minutes = document.querySelector<HTMLElement>('.running-head [data-minutes]')
  const text = document.querySelector('.article .prose')
  if (!minutes || !text) return
  // A short text has no contents.
  const contents = document.querySelector<HTMLDetailsElement>('.running-head details')
  const links = [...(contents?.querySelectorAll('a') ?? [])]
  const headings = links.flatMap(({ hash }) => document.getElementById(decodeURIComponent(hash.slice(1))) ?? [])
  const section = contents?.querySelector('[data-section]')
  /** The place in the list of a heading that was jumped to, or -1. */
  let jumpedTo = -1
  const mark = () => {
    const top = scrollPaddingOf() + 8
    const topOf = (heading: Element) => heading.getBoundingClientRect().top
    const jumped = headings[jumpedTo]
    const isSeen = jumped && topOf(jumped) < innerHeight - 8
    const at = isSeen ? jumpedTo : headings.findLastIndex((heading) => topOf(heading) <= top)
    for (const [index, link] of links.entries())
      if (index === at) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    if (section) section.textContent = links[at]?.textContent ?? ''
    const { top: from, height } = text.getBoundingClientRect()
    const all = Number(minutes.dataset.minutes)
    const read = Math.ceil(((innerHeight - from) / height) * all)
    minutes.textContent = `${Math.min(all, Math.max(1, read))} of ${all} min`
  }
  let isWaiting = false
  const soon = () => {
    if (isWaiting) return
    isWaiting = true
    requestAnimationFrame(() => {
      isWaiting = false
      mark()
    })
  }
  const jump = () => {
    // Both are written as a browser writes addresses; a hash that a stranger made up may not be decodable.
    jumpedTo = links.findIndex(({ hash }) => hash === location.hash)
    soon()
  }
  const leave = () => {
    jumpedTo = -1
  }
  addEventListener('hashchange', jump)
  for (const type of ['wheel', 'touchmove', 'keydown']) addEventListener(type, leave, { passive: true })
  for (const type of ['scroll', 'resize', 'pageshow']) addEventListener(type, soon, { passive: true })
  jump()
  if (!contents) return
  document.addEventListener('click', ({ target }) => {
    const link = (target as Element).closest('a')
    if (!contents.contains(target as Node) || link) contents.open = false
    // The address does not change when a section is asked for again.
    if (link && contents.contains(link)) setTimeout(jump)
  })
  contents.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !contents.open) return
    contents.open = false
    contents.querySelector('summary')?.focus()
  })
}

const scrollPaddingOf = () => Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0

/** Draws each diagram when it comes near the screen, and again when the theme changes. */
function drawDiagrams() {
  const script = document.querySelector<HTMLElement>('[data-diagrams]')?.dataset.diagrams
  if (!script) return
  const draw = async (figure: Element) => {
    try {
      const diagrams = await import(script)
      await diagrams.draw(figure)
    } catch (error) {
      console.warn('A diagram could not be drawn.', error)
    }
  }
  const drawn = new Set<Element>()
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting || drawn.has(target)) continue
        drawn.add(target)
        draw(target)
      }
    },
    { rootMargin: '600px' },
  )
  for (const figure of document.querySelectorAll('.diagram')) near.observe(figure)
  const drawAgain = () => {
    for (const figure of drawn) draw(figure)
  }
  new MutationObserver(drawAgain).observe(document.documentElement, { attributeFilter: ['data-theme'] })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAgain)
}

/** Adds a button to each card of another site, which replaces the card with a frame of that site. */
function addFrames() {
  for (const card of document.querySelectorAll<HTMLElement>('.embed[data-frame]')) {
    const body = card.querySelector<HTMLElement>('.embed-body')
    const button = document.createElement('button')
    button.type = 'button'
    button.append(element('b', `${/video|tall/.test(card.className) ? 'Play' : 'Show'} here`), ' ')
    button.append(element('small', `loads ${card.dataset.host}`))
    button.onclick = () => {
      const frame = Object.assign(document.createElement('iframe'), {
        title: card.querySelector('.embed-title')?.textContent,
        loading: 'eager',
        referrerPolicy: 'strict-origin-when-cross-origin',
        allow: 'autoplay; fullscreen; encrypted-media; picture-in-picture',
        src: card.dataset.frame,
      })
      for (const may of ['scripts', 'same-origin', 'popups', 'popups-to-escape-sandbox', 'forms', 'presentation'])
        frame.sandbox.add(`allow-${may}`)
      frame.tabIndex = 0
      body?.replaceChildren(frame)
      frame.focus()
      if (card.matches('.embed-post')) keepHeight(frame)
    }
    body?.append(button)
  }
}

function element(name: string, text: string) {
  return Object.assign(document.createElement(name), { textContent: text })
}

/** Shows a footnote in a card beside its call. Without this script, and in a new tab, the link goes to the note at the end. */
function showNotes() {
  if (!('popover' in HTMLElement.prototype)) return
  for (const call of document.querySelectorAll<HTMLAnchorElement>('a[data-footnote-ref]:not(.to-side)')) {
    let card: HTMLElement | undefined
    call.addEventListener('click', (event) => {
      const note = document.getElementById(decodeURIComponent(call.hash.slice(1)))
      if (!note || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
      event.preventDefault()
      card ??= makeCard(note, call)
      card.showPopover()
      card.focus()
    })
  }
}

function makeCard(note: HTMLElement, call: HTMLAnchorElement) {
  const card = document.createElement('div')
  card.popover = 'auto'
  card.className = 'note-card'
  card.role = 'note'
  card.tabIndex = -1
  card.append(...[...note.childNodes].map((node) => node.cloneNode(true)))
  for (const each of card.querySelectorAll('[id]')) each.removeAttribute('id')
  for (const back of card.querySelectorAll('[data-footnote-backref]')) back.remove()
  const link = Object.assign(element('a', 'Among the notes'), { href: call.hash, onclick: () => card.hidePopover() })
  card.append(Object.assign(document.createElement('p'), { className: 'furniture' }))
  card.lastElementChild?.append(link)
  call.closest('.prose')?.append(card)
  return card
}

/** Sets the height of a frame with a post. Bluesky sends it, X sends it inside another object, and Mastodon answers a message. */
function keepHeight(frame: HTMLIFrameElement) {
  const { origin } = new URL(frame.src)
  frame.onload = () => frame.contentWindow?.postMessage({ type: 'setHeight', id: 1 }, origin)
  addEventListener('message', ({ source, origin: from, data }) => {
    if (source !== frame.contentWindow || from !== origin) return
    const height = Number(data?.height ?? data?.['twttr.embed']?.params?.[0]?.height)
    if (height > 100 && height < 3000) frame.style.height = `${Math.ceil(height)}px`
  })
}

/** Makes tabs of alternatives, with the keys of the ARIA practices. Tabs of the same group change together, and the choice is stored. */
function addTabs() {
  const sets: { group: string | undefined; choose: (label: string) => void }[] = []
  for (const [number, set] of document.querySelectorAll<HTMLElement>('.tabs').entries()) {
    const list = document.createElement('div')
    list.role = 'tablist'
    list.ariaLabel = set.dataset.label ?? 'Choose one'
    const tabs = [...set.querySelectorAll<HTMLElement>(':scope > .tab')].map((item, index) => {
      const tab = document.createElement('button')
      const panel = item.lastElementChild as HTMLElement
      tab.type = 'button'
      tab.role = 'tab'
      tab.id = `tab-${number}-${index}`
      tab.textContent = item.firstElementChild?.textContent ?? ''
      panel.id = `panel-${number}-${index}`
      panel.role = 'tabpanel'
      panel.tabIndex = 0
      tab.setAttribute('aria-controls', panel.id)
      panel.setAttribute('aria-labelledby', tab.id)
      // A search in the page, or an address with an id inside this panel, opens it.
      panel.addEventListener('beforematch', () => show(index))
      tab.onclick = () => choose(index)
      list.append(tab)
      return { tab, panel }
    })
    const show = (chosen: number) => {
      for (const [index, { tab, panel }] of tabs.entries()) {
        tab.ariaSelected = String(index === chosen)
        tab.tabIndex = index === chosen ? 0 : -1
        if (index === chosen) panel.removeAttribute('hidden')
        else panel.setAttribute('hidden', 'until-found')
      }
    }
    const { group } = set.dataset
    const choose = (index: number) => {
      show(index)
      tabs[index]?.tab.focus()
      const label = tabs[index]?.tab.textContent ?? ''
      if (!group) return
      for (const other of sets) if (other.group === group && other.choose !== chooseLabel) other.choose(label)
      try {
        localStorage.setItem(`tabs:${group}`, label)
      } catch {}
    }
    const chooseLabel = (label: string | null) => {
      const index = tabs.findIndex(({ tab }) => tab.textContent === label)
      if (index >= 0) show(index)
    }
    list.onkeydown = (event) => {
      const at = tabs.findIndex(({ tab }) => tab === document.activeElement)
      const step = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key]
      if (step === undefined) return
      event.preventDefault()
      choose((step + tabs.length) % tabs.length)
    }
    sets.push({ group, choose: chooseLabel })
    set.prepend(list)
    set.dataset.ready = ''
    show(0)
    try {
      if (group) chooseLabel(localStorage.getItem(`tabs:${group}`))
    } catch {}
  }
}

/** The address of components/search/search.ts and `shortcuts` of site.config.ts (lib/compile/assets.ts). */
declare const SEARCH_SCRIPT: string
declare const SHORTCUTS: boolean

/** Opens the search over the page: by its link, Ctrl or ⌘ K, and "/" outside of fields. Its script is loaded at the first use. */
function openSearch(event: Event) {
  event.preventDefault()
  import(SEARCH_SCRIPT).then(
    (search) => search.open(),
    () => location.assign('/search'),
  )
}

addEventListener('keydown', (event) => {
  const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event
  if (altKey || event.defaultPrevented) return
  if (key === 'k' && ctrlKey !== metaKey && !shiftKey) openSearch(event)
  const isTyping = (target as HTMLElement).closest?.('input, textarea, select, [contenteditable]')
  if (SHORTCUTS && key === '/' && !ctrlKey && !metaKey && !isTyping && localStorage.getItem('shortcuts') !== 'off')
    openSearch(event)
})
addEventListener('click', (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
  if (isPlain && (event.target as HTMLElement).closest('.search-link')) openSearch(event)
})

customElements.define('theme-switch', ThemeSwitch)
// A module from the cache may run before the whole page has arrived.
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', addToPage)
else addToPage()

function addToPage() {
  addCopyButtons()
  addShare()
  markContents()
  drawDiagrams()
  addFrames()
  addTabs()
  showNotes()
}
