/** All the script a reading page has. Everything here adds to a page that works without it. */

/** Light, dark, or as the system has it. The line in the head has set what was chosen before. */
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    const chosen = document.documentElement.dataset.theme ?? 'system'
    for (const input of this.querySelectorAll('input')) input.checked = input.value === chosen
    this.addEventListener('change', (event) => choose((event.target as HTMLInputElement).value))
  }
}

function choose(theme: string) {
  if (theme === 'system') {
    delete document.documentElement.dataset.theme
    localStorage.removeItem('theme')
  } else {
    document.documentElement.dataset.theme = theme
    localStorage.setItem('theme', theme)
  }
}

function addCopyButtons() {
  for (const figure of document.querySelectorAll('figure.code')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = 'Copy'
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(figure.querySelector('code')?.textContent ?? '')
        say(button, 'Copied')
      } catch {
        say(button, 'Press Ctrl+C')
        getSelection()?.selectAllChildren(figure.querySelector('code') ?? figure)
      }
    })
    figure.append(button)
  }
}

let live: HTMLElement | undefined
function say(button: HTMLElement, text: string) {
  live ??= document.body.appendChild(
    Object.assign(document.createElement('p'), { className: 'visually-hidden', role: 'status' }),
  )
  live.textContent = text
  button.textContent = text
  setTimeout(() => {
    button.textContent = 'Copy'
    if (live) live.textContent = ''
  }, 2000)
}

/** Marks in the contents the section that is being read. */
function markContents() {
  const links = new Map(
    [...document.querySelectorAll<HTMLAnchorElement>('.toc a')].map((link) => [
      decodeURIComponent(link.hash.slice(1)),
      link,
    ]),
  )
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter((heading) => heading !== null)
  if (headings.length === 0) return
  const mark = () => {
    const current = headings.findLast((heading) => heading.getBoundingClientRect().top < innerHeight / 3)
    for (const [id, link] of links) {
      if (id === current?.id) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    }
  }
  const seen = new IntersectionObserver(mark, { rootMargin: '0px 0px -66% 0px' })
  for (const heading of headings) seen.observe(heading)
}

/** Has the diagrams drawn when they come near, and again in the colours of another theme. */
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

customElements.define('theme-switch', ThemeSwitch)
// A module from the cache may run while the page is still arriving.
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', addToPage)
else addToPage()

function addToPage() {
  addCopyButtons()
  markContents()
  drawDiagrams()
}
