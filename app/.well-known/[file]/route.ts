import { notFound } from 'next/navigation'
import { textAnswer } from '@/lib/formats/answer'
import { securityText } from '@/lib/formats/security'
import { decidedAt } from '@/lib/posts/published'
import { atBuild } from '@/lib/site/static-params'
import { site } from '@/site.config'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = atBuild(() => (site.security.contact ? [{ file: 'security.txt' }] : []))

/** Where to report a hole, when site.config.ts says it. */
export async function GET(_request: Request, { params }: RouteContext<'/.well-known/[file]'>) {
  const { contact } = site.security
  if (!contact || (await params).file !== 'security.txt') notFound()
  return textAnswer(securityText(contact, site, decidedAt()), 'text/plain')
}
