import { textAnswer } from '@/lib/formats/answer'
import { firstSitemap } from '@/lib/formats/sitemap-places'

export const dynamic = 'force-static'

/** The sitemap, or an index of its parts. */
export const GET = () => textAnswer(firstSitemap(), 'application/xml')
