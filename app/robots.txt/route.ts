import { textAnswer } from '@/lib/formats/answer'
import { robots } from '@/lib/formats/robots'
import { sitemapAddresses } from '@/lib/formats/sitemap-places'
import { site } from '@/site.config'

export const dynamic = 'force-static'

/** What crawlers may read, and what for. */
export const GET = () => textAnswer(robots(site.robots, sitemapAddresses()), 'text/plain')
