import type { Element, ElementContent } from 'hast'
import { resultsOf, type Tree } from '@/components/search/results'
import { MOST_RESULTS, searchAnswer } from '@/lib/formats/search-answer'
import { searchPageOf } from '@/lib/formats/search-page'
import { LONGEST_QUERY } from '@/lib/posts/find'
import { searchPosts } from '@/lib/posts/search'
import { once } from '@/lib/server/process-wide'
import { sections } from '@/lib/site/sections.mjs'
import { readStoredPage } from '@/lib/static/stored-page'

export const dynamic = 'force-dynamic'

/** Answers `/search?q=…` with the stored page and the results in it, and as JSON to the script that asks for it. */
export async function GET(request: Request) {
  const { origin, searchParams } = new URL(request.url)
  const query = (searchParams.get('q') ?? '')
    .slice(0, LONGEST_QUERY)
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .trim()
  const answer = searchAnswer(query, searchPosts(query, MOST_RESULTS))
  const headers = {
    // A cache that does not look at queries would answer one search with another.
    'Cache-Control': 'private, no-cache',
    'X-Robots-Tag': 'noindex',
    Vary: 'Accept',
  }
  if (request.headers.get('accept') === 'application/json') return Response.json(answer, { headers })
  const { fill, policy } = await frame(origin)
  const html = fill(query, resultsOf(answer).map(hastOf) as Element[])
  return new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers, ...policy } })
}

/** The stored page. A development server has none, and makes it at each request. */
async function frame(origin: string) {
  if (process.env.NODE_ENV !== 'development')
    return once('search page', () => {
      const { html, policy } = readStoredPage(`${sections.search.slice(1)}/frame`)
      return { fill: searchPageOf(html.toString()), policy }
    })
  const html = await (await fetch(`${origin}${sections.search}/frame`)).text()
  return { fill: searchPageOf(html), policy: {} }
}

const hastOf = (tree: Tree): ElementContent =>
  typeof tree === 'string'
    ? { type: 'text', value: tree }
    : { type: 'element', tagName: tree.name, properties: { ...tree.attributes }, children: tree.children.map(hastOf) }
