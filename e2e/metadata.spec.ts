import { expect, test } from '@playwright/test'
import type { Thing } from 'schema-dts'
import { readDate, writeDate } from '../lib/compile/parse-date'
import {
  authorThings,
  blogThings,
  jsonLd,
  listThings,
  pageThings,
  postThings,
  seriesThings,
  siteThings,
} from '../lib/formats/json-ld'
import type { PostSummary } from '../lib/posts/published'
import { machineDate } from '../lib/site/dates'
import { stepsToTag } from '../lib/site/steps'
import { compile } from './compile'
import { elementsIn } from './pages'
import { faultsOf } from './schema-org'
import { site } from './site.config'

const instantOf = (text: string, zone: string) => {
  const date = readDate(text, zone)
  if ('problem' in date) throw new Error(date.problem)
  return date.instant
}

/** From fourteen hours ahead of UTC to eleven behind; in some, clocks jump over midnight or show it twice. */
const zones = [
  'Pacific/Kiritimati',
  'Pacific/Apia',
  'Asia/Beirut',
  'Africa/Cairo',
  'Europe/Lisbon',
  'America/Sao_Paulo',
  'America/Santiago',
  'America/Havana',
  'America/St_Johns',
  'Pacific/Pago_Pago',
]
for (const zone of zones) {
  test(`a date without a time is that date for programs on every day of three years in ${zone}`, () => {
    const wrong: string[] = []
    for (const year of [2011, 2018, 2024]) {
      for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 24 * 60 * 60 * 1000) {
        const date = new Date(day).toISOString().slice(0, 10)
        const instant = instantOf(date, zone)
        const found = [machineDate(instant.toISOString(), zone), writeDate(instant, zone)]
        if (found.some((one) => one !== date)) wrong.push(`${date}: ${found}`)
      }
    }
    // Samoa had no 30 December 2011: it went over the date line.
    expect(wrong).toEqual(zone === 'Pacific/Apia' ? ['2011-12-30: 2011-12-31,2011-12-31'] : [])
  })
}

for (const [text, zone, written] of [
  ['2026-03-29 18:30', 'Europe/Lisbon', '2026-03-29T18:30:00+01:00'],
  // Clocks go from 01:00 to 02:00.
  ['2026-03-29 01:30', 'Europe/Lisbon', '2026-03-29T02:30:00+01:00'],
  ['2026-01-01 00:01', 'Asia/Kathmandu', '2026-01-01T00:01:00+05:45'],
  ['2026-07-01T23:59:59', 'America/St_Johns', '2026-07-01T23:59:59-02:30'],
  ['2026-07-01T00:00:00Z', 'Pacific/Kiritimati', '2026-07-01T14:00:00+14:00'],
  // Clocks go from 00:00 to 01:00, and the time was said.
  ['2025-03-09 02:00', 'America/Havana', '2025-03-09T02:00:00-04:00'],
  // Midnight comes twice, and the second one is not the first moment of the day.
  ['2025-11-02T00:00:00-05:00', 'America/Havana', '2025-11-02T00:00:00-05:00'],
  // Amsterdam's clocks were 19 minutes and 32 seconds ahead until 1937, as the sun is.
  ['1920-01-01 12:00', 'Europe/Amsterdam', undefined],
] as const) {
  test(`${text} in ${zone} is ${written ?? 'the same moment'} for programs`, () => {
    const instant = instantOf(text, zone)
    const found = machineDate(instant.toISOString(), zone)
    if (written) expect(found).toBe(written)
    expect(new Date(found).getTime()).toBe(instant.getTime())
  })
}

for (const account of [
  'ines',
  'ines@mastodon.social',
  '@ines',
  '@ines@',
  '@ines@host',
  '@a@b.example/c',
  '@a b@c.example',
])
  test(`"${account}" is not an account in the fediverse, which is said with its line`, async () => {
    const { said } = await compile({ 'authors/a.md': `---\nname: A\nfediverse: "${account}"\n---\n` })
    expect(said[0]).toBe(
      `content/authors/a.md:3: "fediverse" is not an account: "${account}". Write it as "@ines@mastodon.social", with quotes.`,
    )
  })

test('accounts in the fediverse may be on any host', async () => {
  const files = ['@ines@mastodon.social', '@i.n-e_s1@a.b.example', '@ines@bücher.example'].map((account, index) => [
    `authors/a${index}.md`,
    `---\nname: A\nfediverse: "${account}"\n---\n`,
  ])
  const { said, status } = await compile(Object.fromEntries(files))
  expect([status, said.filter((line) => line.includes('fediverse'))]).toEqual([0, []])
})

const hostile = '</script><!-- & "x" \u2028 \ud83d\ude00 <script>'
const post = {
  file: 'posts/a.md',
  body: 'x',
  title: hostile,
  slug: 'backend/a b',
  date: instantOf('2026-04-03', site.timeZone).toISOString(),
  lastmod: instantOf('2026-04-05 10:00', site.timeZone).toISOString(),
  excerpt: hostile,
  words: 230,
  minutes: 1,
  category: 'backend',
  tags: ['CSS', 'css', '<b>', '日本語'],
  authors: ['ada'],
  series: { name: 'Three parts', part: 2 } as PostSummary['series'] & object,
  lang: 'ja',
  aliases: [],
  images: [],
  pictures: [],
  unlisted: false,
  toc: true,
  comments: true,
  feed: true,
}
const ada = { slug: 'ada', name: hostile }
const picture = { src: '/media/abc/cover.png', width: 1600, height: 900, alt: 'A cover' }
const wordy = {
  ...ada,
  avatar: '/authors/ada.svg',
  occupation: 'Printer',
  company: 'The Press',
  fediverse: '@ada@press.example',
  links: {
    email: 'ada@press.example',
    post: 'mailto:ada@press.example',
    old: 'http://ada.example',
    own: 'https://ada.example',
  },
}
const things: Record<string, Thing[]> = {
  site: siteThings(),
  blog: blogThings([post]),
  list: listThings({ name: hostile, address: '/tags/css', posts: [post], steps: stepsToTag(hostile) }),
  archive: listThings({ name: 'Archive', address: '/archive' }),
  series: seriesThings('Three parts', [post]),
  post: postThings(post, [ada], picture),
  'bare post': postThings(
    { ...post, tags: [], category: undefined as never, series: undefined as never },
    [],
    undefined,
  ),
  author: authorThings(wordy, '/authors/ada'),
  'bare author': authorThings({ ...ada, avatar: 'data:image/svg+xml,x', links: { a: 1 } }, '/authors/ada/page/2'),
  page: pageThings({ title: 'Imprint', slug: 'legal/imprint', lastmod: post.lastmod }),
  about: pageThings({ title: 'About', slug: 'about', summary: 'What this is.' }),
}

test('what a page says as JSON-LD is in the vocabulary of schema.org, and a wrong type, property or value is found', () => {
  const graph = (thing: object) => JSON.stringify({ '@context': 'https://schema.org', '@graph': [thing] })
  const wrong = {
    type: graph({ '@type': 'BlogPost' }),
    property: graph({ '@type': 'BlogPosting', headlin: 'A' }),
    'property of another type': graph({ '@type': 'BlogPosting', jobTitle: 'A' }),
    'value of another type': graph({ '@type': 'BlogPosting', author: { '@type': 'ImageObject' } }),
    'text for a number': graph({ '@type': 'BlogPosting', wordCount: 'many' }),
    'property deep inside': graph({ '@type': 'BlogPosting', isPartOf: [{ '@type': 'Blog', nam: 'A' }] }),
    'property of a search': graph({
      '@type': 'WebSite',
      potentialAction: { '@type': 'SearchAction', 'query-input': 'q', to: 1 },
    }),
    context: JSON.stringify({ '@context': 'https://schema.example', '@graph': [] }),
  }
  const said = Object.fromEntries(Object.entries(things).map(([name, each]) => [name, jsonLd(each)]))
  // One run of TypeScript for all of them, since it takes seconds.
  const found = Object.fromEntries(Object.keys(wrong).map((name) => [name, expect.any(String)]))
  expect(faultsOf({ ...said, ...wrong })).toEqual(found)
})

test('no word of a post ends the JSON-LD, and every word comes back from it', () => {
  const text = jsonLd(things.post ?? [])
  expect(text).not.toContain('<')
  const scripts = elementsIn(`<body><script type="application/ld+json">${text}</script><p>after</p>`)
  expect(scripts.map(({ tagName }) => tagName)).toEqual(['html', 'head', 'body', 'script', 'p'])
  const [script] = scripts.filter(({ tagName }) => tagName === 'script')
  const [child] = script?.children ?? []
  expect(JSON.parse(child?.type === 'text' ? child.value : '')['@graph']).toEqual(things.post)
})

test('a post says who wrote it, when, in which language, and of what it is a part', () => {
  expect(things.post).toEqual([
    {
      '@type': 'BlogPosting',
      '@id': `${site.address}/blog/backend/a%20b#post`,
      headline: hostile,
      url: `${site.address}/blog/backend/a%20b`,
      mainEntityOfPage: `${site.address}/blog/backend/a%20b`,
      datePublished: '2026-04-03',
      dateModified: '2026-04-05T10:00:00+01:00',
      inLanguage: 'ja',
      wordCount: 230,
      keywords: ['css', '<b>', '日本語'],
      articleSection: 'Backend',
      author: [
        {
          '@type': 'Person',
          '@id': `${site.address}/authors/ada#person`,
          name: hostile,
          url: `${site.address}/authors/ada`,
        },
      ],
      publisher: { '@type': 'Organization', '@id': `${site.address}/#publisher`, name: site.title },
      image: { '@type': 'ImageObject', url: `${site.address}${picture.src}`, width: '1600', height: '900' },
      isPartOf: [
        { '@type': 'Blog', '@id': `${site.address}/blog#blog`, name: site.title },
        { '@type': 'CreativeWorkSeries', '@id': `${site.address}/series/three-parts#series`, name: 'Three parts' },
      ],
      position: 2,
    },
    {
      '@type': 'BreadcrumbList',
      itemListElement: [
        { '@type': 'ListItem', position: 1, name: 'Blog', item: `${site.address}/blog` },
        { '@type': 'ListItem', position: 2, name: 'Backend', item: `${site.address}/blog/backend` },
        { '@type': 'ListItem', position: 3, name: hostile },
      ],
    },
  ])
})

test('a copy has the address of its original', () => {
  const canonicalUrl = 'https://elsewhere.example/a?b=1&c'
  const [about] = postThings({ ...post, canonicalUrl }, [], undefined)
  expect(about).toMatchObject({ url: canonicalUrl, mainEntityOfPage: canonicalUrl })
})

test('of the links of an author only pages on https are the same person, and an e-mail address is never there', () => {
  expect(things.author).toMatchObject([
    {
      '@type': 'ProfilePage',
      mainEntity: {
        '@id': `${site.address}/authors/ada#person`,
        name: hostile,
        alternateName: '@ada@press.example',
        image: `${site.address}/authors/ada.svg`,
        jobTitle: 'Printer',
        sameAs: ['https://ada.example'],
      },
    },
  ])
  expect(jsonLd(things.author ?? [])).not.toContain('ada@press.example"]')
  expect(things['bare author']?.[0]).not.toHaveProperty('mainEntity.sameAs')
  expect(things['bare author']?.[0]).not.toHaveProperty('mainEntity.image')
})

test('the JSON-LD of a post with everything has at most 1.5 kB, without its words', () => {
  const plain = postThings({ ...post, title: 'A' }, [{ ...ada, name: 'A' }], picture)
  expect(jsonLd(plain).length).toBeLessThan(1500)
})
