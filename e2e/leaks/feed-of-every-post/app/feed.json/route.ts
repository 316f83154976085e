import { jsonFeed } from '@/lib/formats/feeds'
import { readManifest } from '@/lib/store/read'
import { site } from '@/site.config'

export const dynamic = 'force-static'

/** The leak: the feed of the blog made from all posts, where it should be made from those that are published. */
export const GET = () => {
  const items = readManifest().posts.map(({ slug, title, excerpt, date }) => {
    const [id, moment] = [`${site.address}/blog/${slug}`, new Date(date)]
    return {
      id,
      link: id,
      title,
      summary: excerpt,
      published: moment,
      updated: moment,
      authors: [],
      tags: [],
      enclosures: [],
    }
  })
  const { title, description, language, address } = site
  const about = { title, description, language, address, page: address, site: address, owner: title, hub: '' }
  return new Response(jsonFeed({ ...about, items }), { headers: { 'Content-Type': 'application/feed+json' } })
}
