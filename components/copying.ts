/** What a reader takes along: copies of code, and the address of a post. A part of components/reader.ts. */

/** Adds a button to each block of code, which copies it. */
export function addCopyButtons() {
  for (const figure of document.querySelectorAll('figure.code')) {
    const code = figure.querySelector('code')
    if (!code?.textContent?.trim()) continue
    const title = figure.querySelector('figcaption')?.textContent
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = 'Copy'
    button.ariaLabel = title ? `Copy code: ${title}` : 'Copy code'
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(whatStays(code))
        say(button, 'Copied')
      } catch {
        say(button, 'Press Ctrl+C')
        getSelection()?.selectAllChildren(code)
      }
    })
    figure.append(button)
  }
}

/** The code to copy, without lines that are marked as removed. */
function whatStays(code: HTMLElement) {
  const copy = code.cloneNode(true) as HTMLElement
  for (const line of copy.querySelectorAll('.removed')) line.remove()
  return (copy.textContent ?? '').replace(/\n$/, '')
}

let live: HTMLElement | undefined
/** Says something in a button and aloud. After two seconds the button has its own words again. */
function say(button: HTMLElement, text: string, own = 'Copy') {
  live ??= document.body.appendChild(
    Object.assign(document.createElement('p'), { className: 'visually-hidden', role: 'status' }),
  )
  live.textContent = text
  button.textContent = text
  setTimeout(() => {
    button.textContent = own
    if (live) live.textContent = ''
  }, 2000)
}

/** Shares a post by the sheet of the browser; without one the button copies the address. */
export function addShare() {
  const button = document.querySelector<HTMLButtonElement>('[data-share]')
  if (!button) return
  const url = button.dataset.share ?? ''
  button.disabled = false
  button.onclick = async () => {
    try {
      if (navigator.share) await navigator.share({ title: document.title, url })
      else {
        await navigator.clipboard.writeText(url)
        say(button, 'Copied', 'Share')
      }
    } catch (error) {
      // A reader who closes the sheet has shared nothing, and knows it.
      if ((error as Error).name !== 'AbortError') say(button, 'Not shared', 'Share')
    }
  }
}
