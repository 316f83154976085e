import type { Metadata } from 'next'
import { site } from '@/site.config'

/**
 * What every public page says about itself: title, description, canonical address, and the same for social cards.
 *
 * @param page.address from the root, encoded.
 */
export function describePage(page: {
  title?: string
  description?: string
  address: string
  canonical?: string | undefined
  image?: string | undefined
  published?: string
  modified?: string | undefined
}): Metadata {
  const description = page.description || site.description
  const title = page.title ?? `${site.title}: ${site.description}`
  return {
    title: page.title ? page.title : { absolute: title },
    description,
    alternates: { canonical: page.canonical ?? page.address },
    openGraph: {
      title: page.title ?? site.title,
      description,
      url: page.address,
      siteName: site.title,
      locale: site.language.replace('-', '_'),
      ...(page.image ? { images: [page.image] } : {}),
      ...(page.published
        ? { type: 'article', publishedTime: page.published, modifiedTime: page.modified ?? page.published }
        : { type: 'website' }),
    },
    ...(page.image ? { twitter: { card: 'summary_large_image' } } : {}),
  }
}
