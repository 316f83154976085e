import { notFound } from 'next/navigation'
import { JsonLd } from '@/components/json-ld'
import { MarginLinks } from '@/components/margin-links'
import { PageFrame } from '@/components/page-frame'
import { PostPageList } from '@/components/post-page-list'
import { describeList } from '@/lib/formats/describe-page'
import { seriesThings } from '@/lib/formats/json-ld'
import { getAllSeries, getSeries } from '@/lib/posts/published'
import { decode, seriesAddress } from '@/lib/site/address'
import { atBuild } from '@/lib/site/static-params'

type Props = PageProps<'/series/[name]'>

export const dynamicParams = false
export const generateStaticParams = atBuild(() => getAllSeries().map(({ key }) => ({ name: key })))

const find = async (params: Props['params']) => getSeries(decode((await params).name)) ?? notFound()

export async function generateMetadata({ params }: Props) {
  const { name } = await find(params)
  return describeList({ title: name, description: `${name}, a series.`, address: seriesAddress(name) })
}

export default async function SeriesPage({ params }: Props) {
  const { name, posts } = await find(params)
  const address = seriesAddress(name)
  const said = `A series in ${posts.length} ${posts.length === 1 ? 'part' : 'parts'}.`
  const entries = getAllSeries().map((one) => ({
    href: seriesAddress(one.name),
    label: one.name,
    count: one.posts.length,
  }))
  return (
    <PageFrame address={address}>
      <JsonLd things={seriesThings(name, posts)} />
      <PostPageList title={name} said={said} page={{ items: posts, number: 1, of: 1 }} base={address}>
        <MarginLinks title="Series" entries={entries} current={address} />
      </PostPageList>
    </PageFrame>
  )
}
