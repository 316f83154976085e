/** Comments of a post by giscus. Only pages with comments load this file; it asks nothing of giscus.app before a reader wants them. */
const giscus = 'https://giscus.app'
/** The name under which giscus' own script keeps who is signed in, so that a reader stays so when a blog moves here. */
const key = 'giscus-session'
/** How long the frame may be silent before the page says so. A reader who blocks giscus.app would wait for ever. */
const patience = 10_000

class PostComments extends HTMLElement {
  #frame: HTMLIFrameElement | undefined
  #button = Object.assign(document.createElement('button'), { type: 'button' })
  #said = Object.assign(document.createElement('p'), { className: 'furniture', role: 'status' })
  #hasSpoken = false
  #leads = false

  connectedCallback() {
    // An element that is moved in the page is connected again.
    if (this.#button.isConnected) return
    this.#label('Show comments')
    this.#button.onclick = () => this.#show(true)
    this.append(this.#button, this.#said)
    addEventListener('message', (event) => this.#hear(event))
    new MutationObserver(() => this.#tell({ setConfig: { theme: theme() } })).observe(document.documentElement, {
      attributeFilter: ['data-theme'],
    })
    // Who comes back from signing in, or follows a link to the comments, wants to see them.
    if (takeSession() || location.hash === `#${this.id}`) this.#show()
    else if (this.dataset.loading === 'lazy') whenSeen(this, '600px', () => this.#frame || this.#show())
  }

  #label(text: string) {
    const small = Object.assign(document.createElement('small'), { textContent: 'loads giscus.app' })
    this.#button.replaceChildren(Object.assign(document.createElement('b'), { textContent: text }), ' ', small)
  }

  /** @param isAsked a reader who has clicked for the comments is led there. */
  #show(isAsked = false) {
    const url = new URL(location.href)
    url.hash = this.id
    this.#hasSpoken = false
    this.#button.disabled = true
    this.#said.textContent = 'Loading …'
    this.#frame?.remove()
    const frame = Object.assign(document.createElement('iframe'), {
      title: 'Comments',
      allow: 'clipboard-write',
      src: `${this.dataset.frame}&${new URLSearchParams({ origin: url.href, session: session() ?? '', theme: theme() })}`,
    })
    // With the last one a reader who clicks "Sign in" leaves for GitHub.
    for (const may of 'scripts same-origin forms popups popups-to-escape-sandbox modals top-navigation-by-user-activation'.split(
      ' ',
    ))
      frame.sandbox.add(`allow-${may}`)
    // It lies over the button until it speaks: in a frame that is not seen, giscus does not learn its own height.
    frame.className = 'waiting'
    this.#leads = isAsked
    this.#frame = frame
    this.append(frame)
    whenSeen(frame, '0px', () => setTimeout(() => this.#giveUp(frame), patience))
  }

  #giveUp(frame: HTMLIFrameElement) {
    if (this.#hasSpoken || this.#frame !== frame) return
    frame.remove()
    this.#frame = undefined
    this.#button.disabled = false
    this.#said.textContent = 'giscus.app has not answered.'
    this.#said.before(this.#button)
  }

  /** Messages of giscus: how high its content is, that the reader has signed out, or that something is wrong. */
  #hear({ source, origin, data }: MessageEvent) {
    const frame = this.#frame
    if (!frame || source !== frame.contentWindow || origin !== giscus) return
    const { resizeHeight, signOut, error } = Object(data?.giscus)
    const height = Number(resizeHeight)
    if (height > 0 && height < 100_000) {
      frame.className = ''
      frame.style.height = `${Math.ceil(height)}px`
      if (!this.#hasSpoken) {
        this.#said.textContent = ''
        this.#button.remove()
        if (this.#leads) frame.focus()
      }
      this.#hasSpoken = true
    }
    const isRefused = /Bad credentials|Invalid state value|State has expired/.test(String(error ?? ''))
    if ((signOut || isRefused) && session()) {
      keep(undefined)
      this.#show()
    }
  }

  #tell(message: object) {
    this.#frame?.contentWindow?.postMessage({ giscus: message }, giscus)
  }
}

/** Does something once, when an element comes on the screen or as near to it as `margin`. */
function whenSeen(element: Element, margin: string, act: () => unknown) {
  const seen = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      seen.disconnect()
      act()
    },
    { rootMargin: margin },
  )
  seen.observe(element)
}

/** The theme that the reader has chosen; the frame itself follows that of the system. */
const theme = () => document.documentElement.dataset.theme ?? 'preferred_color_scheme'

/** Keeps the session that giscus puts into the address of a reader who has signed in, and takes it out of the address. */
function takeSession(): boolean {
  const url = new URL(location.href)
  const found = url.searchParams.get('giscus')
  if (!found) return false
  url.searchParams.delete('giscus')
  history.replaceState(history.state, '', url)
  keep(found)
  return true
}

/** The session of a browser that keeps nothing lasts as long as its page. */
let inPage: string | undefined

function session(): string | undefined {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') ?? inPage
  } catch {
    return inPage
  }
}

function keep(value: string | undefined) {
  inPage = value
  try {
    if (value) localStorage.setItem(key, JSON.stringify(value))
    else localStorage.removeItem(key)
  } catch {}
}

customElements.define('post-comments', PostComments)
