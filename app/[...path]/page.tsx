import { notFound } from 'next/navigation'
import { JsonLd } from '@/components/json-ld'
import { ListHeader } from '@/components/list-header'
import { Mend } from '@/components/mend'
import { PageFrame } from '@/components/page-frame'
import { Prose } from '@/components/prose'
import { describePage } from '@/lib/formats/describe-page'
import { pageThings } from '@/lib/formats/json-ld'
import { getPage, getPageSlugs } from '@/lib/posts/published'
import { decode, encodePath } from '@/lib/site/address'
import { atBuild } from '@/lib/site/static-params'

type Props = PageProps<'/[...path]'>

export const dynamicParams = false
export const generateStaticParams = atBuild(() => getPageSlugs().map((slug) => ({ path: slug.split('/') })))

const find = async (params: Props['params']) => (await getPage((await params).path.map(decode).join('/'))) ?? notFound()

export async function generateMetadata({ params }: Props) {
  const { title, summary, slug } = await find(params)
  return describePage({ title, description: summary, address: `/${encodePath(slug)}` })
}

export default async function ContentPage({ params }: Props) {
  const page = await find(params)
  return (
    <PageFrame address={`/${encodePath(page.slug)}`}>
      <article className="article">
        <JsonLd things={pageThings(page)} />
        <Mend file={page.file} />
        <ListHeader title={page.title} className="mb-1" />
        <Prose text={page} />
      </article>
    </PageFrame>
  )
}
