import { notFound } from 'next/navigation'
import { JsonLd } from '@/components/json-ld'
import { ListHeader } from '@/components/list-header'
import { PostList } from '@/components/post-list'
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
  return (
    <>
      <JsonLd things={seriesThings(name, posts)} />
      <ListHeader title={name}>
        A series in {posts.length} {posts.length === 1 ? 'part' : 'parts'}
      </ListHeader>
      <PostList posts={posts} />
    </>
  )
}
