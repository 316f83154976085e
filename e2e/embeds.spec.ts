import { expect, test } from '@playwright/test'
import { readEmbed } from '../lib/markdown/media/providers'
import { render } from '../lib/markdown/render'
import { isOwnScript } from './own-files'
import { kinds } from './pages'
import { site } from './site.config'

const rendered = (text: string, name = 'x.md') => render(`posts/${name}`, `---\n{"title":"X"}\n---\n${text}\n`)

/** An address, and the frame that a click would load. */
for (const [address, frame] of [
  ['https://www.youtube.com/watch?v=dQw4w9WgXcQ', 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1'],
  [
    'https://youtu.be/dQw4w9WgXcQ?si=x&t=1m5s',
    'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&start=65',
  ],
  ['https://m.youtube.com/shorts/dQw4w9WgXcQ', 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1'],
  [
    'https://youtube.com/live/dQw4w9WgXcQ?start=9',
    'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&start=9',
  ],
  [
    'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ',
    'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1',
  ],
  ['https://vimeo.com/76979871', 'https://player.vimeo.com/video/76979871?dnt=1&autoplay=1'],
  ['https://vimeo.com/76979871/8272103f6e', 'https://player.vimeo.com/video/76979871?h=8272103f6e&dnt=1&autoplay=1'],
  ['https://twitter.com/jack/status/20?s=20', 'https://platform.twitter.com/embed/Tweet.html?id=20&dnt=true'],
  ['https://x.com/jack/status/20', 'https://platform.twitter.com/embed/Tweet.html?id=20&dnt=true'],
  ['https://x.com/jack/status/20/photo/1', 'https://platform.twitter.com/embed/Tweet.html?id=20&dnt=true'],
  ['https://mastodon.social/@Gargron/100254678717223630', 'https://mastodon.social/@Gargron/100254678717223630/embed'],
  [
    'https://bsky.app/profile/ada.example/post/3kabc2defgh2i',
    'https://embed.bsky.app/embed/ada.example/app.bsky.feed.post/3kabc2defgh2i',
  ],
  ['https://codepen.io/ada/pen/abcDEF', 'https://codepen.io/ada/embed/abcDEF?default-tab=result'],
  ['https://gist.github.com/ada/0123456789abcdef', 'https://gist.github.com/ada/0123456789abcdef.pibb'],
  [
    'https://gist.github.com/0123456789abcdef0123456789abcdef.js',
    'https://gist.github.com/0123456789abcdef0123456789abcdef.pibb',
  ],
] as const) {
  test(`${address} alone in its paragraph is a card`, async () => {
    expect(readEmbed(address)?.frame).toBe(frame)
    const { html, problems } = await rendered(`Before.\n\n${address}\n\n<${address}>`)
    expect(html.match(/<figure class="embed/g)).toHaveLength(2)
    expect(html).toContain(`data-frame="${frame.replaceAll('&', '&#x26;')}"`)
    expect(html).not.toContain('<iframe')
    expect(problems).toEqual([])
  })
}

for (const address of [
  'https://www.youtube.com/watch?v=dQw4w9WgXcQ%22onload=x',
  'https://www.youtube.com/embed/..%2F..%2Fevil',
  'https://www.youtube.com/@somebody',
  'https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ',
  'https://evil.example/youtube.com/watch?v=dQw4w9WgXcQ',
  'https://youtube.com@evil.example/watch?v=dQw4w9WgXcQ',
  'https://youtube.com:8443/watch?v=dQw4w9WgXcQ',
  'https://vimeo.com/about',
  'https://mastodon.example/@ada/12',
  'https://codepen.io/ada/pen/%2e%2e',
  'https://gist.github.com/abcdef',
  'javascript:alert(1)//youtube.com/watch?v=dQw4w9WgXcQ',
]) {
  test(`there is no card for ${address}`, async () => {
    expect(readEmbed(address)).toBeUndefined()
    expect((await rendered(address)).html).not.toContain('data-frame')
  })
}

test('a link with words, or in a sentence, stays a link', async () => {
  const address = 'https://youtu.be/dQw4w9WgXcQ'
  const { html } = await rendered(`See ${address} now.\n\n[A film](${address})\n\n- ${address} and\n`)
  expect(html).not.toContain('<figure')
  expect(html.match(/<a href="https:\/\/youtu.be/g)).toHaveLength(3)
})

for (const [what, source, title, address] of [
  ['a directive', '::embed[A film]{src="https://youtu.be/dQw4w9WgXcQ"}', 'A film', 'youtube.com/watch?v=dQw4w9WgXcQ'],
  [
    'a frame',
    '<iframe width="560" height="315" src="//www.youtube.com/embed/dQw4w9WgXcQ" title="A film" allowfullscreen></iframe>',
    'A film',
    'youtube.com/watch?v=dQw4w9WgXcQ',
  ],
  [
    'a frame of Vimeo in its box',
    '<div style="padding:56% 0 0 0"><iframe src="https://player.vimeo.com/video/1?h=abcdef12" style="x" title="V"></iframe></div><script src="https://player.vimeo.com/api/player.js"></script>',
    'V',
    'vimeo.com/1/abcdef12',
  ],
  [
    'the script of a gist',
    '<script src="https://gist.github.com/ada/0123456789abcdef.js"></script>',
    'A gist by ada',
    'gist.github.com/ada/0123456789abcdef',
  ],
  [
    'a pen',
    '<p class="codepen" data-slug-hash="abcDEF"><span>See the Pen <a href="https://codepen.io/ada/pen/abcDEF">Press</a>.</span></p>\n<script async src="https://cpwebassets.codepen.io/assets/embed/ei.js"></script>',
    'Press',
    'codepen.io/ada/pen/abcDEF',
  ],
  [
    'a quoted post',
    '<blockquote class="twitter-tweet"><p>Some <a href="https://t.co/x">words</a></p>&mdash; jack <a href="https://twitter.com/jack/status/20?ref_src=x">2006</a></blockquote> <script async src="https://platform.twitter.com/widgets.js"></script>',
    'A post by @jack on X',
    'x.com/jack/status/20',
  ],
] as const) {
  test(`${what} becomes a card with a link, and nothing of it runs`, async () => {
    const { html, problems } = await rendered(source)
    expect(html).toContain(`<p class="embed-title">${title}</p>`)
    expect(html).toContain(`${address}" rel="noopener noreferrer external">`)
    expect(html).not.toMatch(/<script|<iframe|style=/)
    expect(problems).toEqual([])
  })
}

test('a quoted post keeps its words', async () => {
  const { html } = await rendered(
    '<blockquote class="bluesky-embed" data-bluesky-uri="at://x"><p lang="en">Good ink</p>&mdash; Ada <a href="https://bsky.app/profile/ada.example/post/3kabc2defgh2i?ref_src=embed">May</a></blockquote>',
  )
  expect(html).toMatch(/<blockquote><p lang="en">Good ink<\/p>— Ada/)
})

test('a frame of a host that is not listed becomes a link with a warning, and one of a listed host is a card', async () => {
  const frame = '<iframe src="https://maps.example.com/here?x=1" title="The way"></iframe>'
  for (const name of ['x.md', 'x.mdx']) {
    const before = await rendered(frame, name)
    expect(before.html).toBe(
      '<p><a href="https://maps.example.com/here?x=1" rel="noopener noreferrer external">The way</a></p>',
    )
    expect(before.problems).toEqual([
      {
        line: 4,
        severity: 'warning',
        message:
          'an <iframe> of maps.example.com becomes a link. To allow maps.example.com, write \'maps.example.com\' into "embeds" in site.config.ts.',
      },
    ])
    site.embeds.push('maps.example.com')
    const after = await rendered(frame, name)
    site.embeds.pop()
    expect(after.html).toContain('data-frame="https://maps.example.com/here?x=1"')
    expect(after.html).toContain('<p class="embed-title">The way</p>')
    expect(after.problems).toEqual([])
  }
})

test('a directive that cannot be a card stays a link and says why', async () => {
  const { html, problems } = await rendered(
    '::embed[A film]{src="https://films.example/1"}\n\n::embed{src="https://vimeo.com/about"}',
  )
  expect(html).toContain('<a href="https://films.example/1"')
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringContaining(`Write 'films.example' into "embeds"`),
    expect.stringContaining('has nothing that we know how to show'),
  ])
})

test('a card asks nothing of another host before it is clicked; then its frame takes its place and the focus', async ({
  page,
  baseURL,
}) => {
  const asked: string[] = []
  page.on('request', (request) => {
    const { origin } = new URL(request.url())
    if (origin !== baseURL && !request.url().startsWith('data:') && !isOwnScript(request.url())) asked.push(origin)
  })
  await page.route(/^https:/, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<button>Inside</button><script>document.title="ran"</script>' }),
  )
  await page.goto(kinds['post with components'], { waitUntil: 'load' })
  const card = page.getByRole('figure').filter({ has: page.getByRole('link', { name: 'Watch it on YouTube' }) })
  const play = card.getByRole('button', { name: 'Play here loads youtube-nocookie.com' })
  await play.scrollIntoViewIfNeeded()
  await expect(play).toBeVisible()
  expect(asked).toEqual([])
  const before = await card.boundingBox()
  await play.focus()
  await page.keyboard.press('Enter')
  const frame = page.frameLocator('iframe[title="How a Linotype casts a line"]')
  await expect(frame.getByRole('button', { name: 'Inside' })).toBeVisible()
  const element = card.locator('iframe')
  await expect(element).toBeFocused()
  await expect(element).toHaveAttribute('src', 'https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&start=65')
  await expect(element).toHaveAttribute('referrerpolicy', 'strict-origin-when-cross-origin')
  await expect(element).toHaveAttribute('sandbox', /allow-scripts/)
  await expect(element).not.toHaveAttribute('sandbox', /top-navigation/)
  const after = await card.boundingBox()
  expect(after?.height).toBe(before?.height)
  expect(new Set(asked)).toEqual(new Set(['https://www.youtube-nocookie.com']))
  await expect(card.getByRole('link', { name: 'Watch it on YouTube' })).toBeVisible()
})

test('a post takes the height it says, but only from its own host', async ({ page }) => {
  await page.route(/^https:/, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<script>onmessage = ({ data, origin }) => {
        if (data.type === 'setHeight') parent.postMessage({ type: 'setHeight', id: data.id, height: 431 }, '*')
      }</script>`,
    }),
  )
  await page.goto(kinds['post with components'])
  await test.step('on paper a card is its title and its address', async () => {
    await page.emulateMedia({ media: 'print' })
    const printed = page.getByRole('figure').filter({ hasText: 'How a Linotype' })
    await expect(printed.getByRole('button')).toBeHidden()
    const words = await printed
      .getByRole('link')
      .evaluate((link) => `${link.textContent}${getComputedStyle(link, '::after').content}`)
    expect(words).toContain('Watch it on YouTube')
    expect(words).toContain('https://www.youtube.com/watch?v=dQw4w9WgXcQ')
    await page.emulateMedia({ media: null })
  })

  const card = page.getByRole('figure').filter({ has: page.getByRole('link', { name: 'Read it on Mastodon' }) })
  await card.getByRole('button', { name: /^Show here/ }).click()
  await expect.poll(async () => (await card.locator('iframe').boundingBox())?.height).toBe(431)
  await page.evaluate(() => postMessage({ height: 999 }, '*'))
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
  expect((await card.locator('iframe').boundingBox())?.height).toBe(431)
})

test.describe('with JavaScript off', () => {
  test.use({ javaScriptEnabled: false })
  test('a card is its title, its words and a link', async ({ page }) => {
    await page.goto(kinds['post with components'])
    const card = page.getByRole('figure').filter({ hasText: '@jack' })
    await expect(card).toContainText('just setting up my twttr')
    await expect(card.getByRole('link', { name: 'Read it on X' })).toHaveAttribute(
      'href',
      'https://x.com/jack/status/20',
    )
    await expect(card.getByRole('button')).toHaveCount(0)
  })
})
