/** What the stored pages of the test site say about themselves, read as a browser and a crawler read it. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Element } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import { encodePath } from '../lib/site/address'
import { elementsIn, kinds } from './pages'
import { site } from './site.config'

export type Thing = Record<string, unknown> & { '@type'?: string; '@id'?: string }
export type Described = {
  address: string
  /** Names and values of `<meta>`, in their order. */
  metas: [name: string, value: string][]
  links: Record<string, string>[]
  titles: string[]
  /** The texts of `<script type="application/ld+json">`. */
  json: string[]
  things: Thing[]
  all: Element[]
}

const ours = new Set(['index', 'legal', ...Object.values(kinds).map((one) => one.split('/')[1] ?? '')])

/** Every stored page of ours: pages that an owner has added to app/ are left out. */
export const pages: Described[] = readdirSync('.next-e2e/server/app', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.html') && ours.has(name.split(/[./\\]/)[0] ?? ''))
  .map((name) => read(name.slice(0, -'.html'.length).split('\\').join('/')))

/** The page of the search is stored without results, for the route that answers at /search. */
function addressOf(name: string): string {
  if (name === 'index') return '/'
  return name === 'search/frame' ? '/search' : `/${encodePath(name)}`
}

export function read(name: string): Described {
  const all = elementsIn(readFileSync(`.next-e2e/server/app/${name}.html`, 'utf8'))
  const attributes = ({ properties }: Element) =>
    Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [key, Array.isArray(value) ? value.join(' ') : String(value)]),
    )
  const named = (tag: string) => all.filter(({ tagName }) => tagName === tag)
  const json = named('script').flatMap((script) =>
    script.properties.type === 'application/ld+json'
      ? [script.children.map((c) => ('value' in c ? c.value : '')).join('')]
      : [],
  )
  return {
    address: addressOf(name),
    metas: named('meta').map((meta) => {
      const { name, property, content = '' } = attributes(meta)
      return [property ?? name ?? '', content]
    }),
    links: named('link').map(attributes),
    titles: named('title').map(textOf),
    json,
    things: json.flatMap((text) => JSON.parse(text)['@graph'] as Thing[]),
    all,
  }
}

export const pageAt = (address: string) => {
  const page = pages.find((one) => one.address === address)
  if (!page) throw new Error(`there is no stored page ${address}`)
  return page
}
export const valuesOf = ({ metas }: Described, name: string) =>
  metas.flatMap(([one, value]) => (one === name ? [value] : []))
export const firstOf = (page: Described, name: string) => valuesOf(page, name)[0]
export const thingOf = ({ things }: Described, type: string) => things.find((thing) => thing['@type'] === type)
/** The types of the things that a page says it is. */
export const typesOn = (address: string) => pageAt(address).things.map((thing) => thing['@type'])
/** As the URL Standard writes it: the address of the front page ends with a slash. */
export const url = (address: string | undefined) => new URL(address ?? '', `${site.address}/`).href
