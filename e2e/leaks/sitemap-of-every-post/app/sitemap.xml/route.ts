import { sitemaps } from '@/lib/formats/sitemap'
import { postAddress } from '@/lib/site/address'
import { readManifest } from '@/lib/store/read'
import { site } from '@/site.config'

export const dynamic = 'force-static'

/** The leak: a sitemap with all posts, where it should have those that are published. */
export const GET = () =>
  new Response(sitemaps(readManifest().posts.map(({ slug }) => ({ address: site.address + postAddress(slug) })))[0], {
    headers: { 'Content-Type': 'application/xml; charset=utf-8' },
  })
