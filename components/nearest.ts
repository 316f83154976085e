/** Only the page of an address that is not there loads this: it offers the public addresses that are most like it. */
const place = document.querySelector<HTMLElement>('[data-nearest]')

async function offer() {
  const answer = await fetch(`${place?.dataset.nearest}?address=${encodeURIComponent(location.pathname)}`)
  const found: { label: string; href: string; lang?: string }[] = answer.ok ? await answer.json() : []
  if (!place || found.length === 0) return
  const list = document.createElement('ul')
  for (const { label, href, lang } of found) {
    const link = Object.assign(document.createElement('a'), { href, textContent: label, ...(lang ? { lang } : {}) })
    list.appendChild(document.createElement('li')).append(link)
  }
  place.append(Object.assign(document.createElement('p'), { textContent: 'Perhaps you meant:' }), list)
}

// Without an answer the page is as good as without this script.
offer().catch(() => undefined)
