import { notFound } from 'next/navigation'
import { TagList } from '@/components/tag-list'
import { describeList } from '@/lib/formats/describe-page'
import { getTag, getTags } from '@/lib/posts/published'
import { decode, tagAddress } from '@/lib/site/address'
import { laterPages, listPage } from '@/lib/site/pagination'
import { atBuild } from '@/lib/site/static-params'

type Props = PageProps<'/tags/[tag]/page/[page]'>

export const dynamicParams = false
export const generateStaticParams = atBuild(() =>
  getTags().flatMap(({ key, posts }) => laterPages(posts).map((page) => ({ tag: key, page }))),
)

async function find(params: Props['params']) {
  const { tag: key, page: number } = await params
  const tag = getTag(decode(key)) ?? notFound()
  return { tag, page: listPage(tag.posts, number) ?? notFound() }
}

export async function generateMetadata({ params }: Props) {
  const { tag, page } = await find(params)
  const { key, label } = tag
  return describeList({ title: label, description: `Posts about ${label}.`, address: tagAddress(key) }, page.number)
}

export default async function LaterTagPage({ params }: Props) {
  return <TagList {...(await find(params))} tags={getTags()} />
}
