import { notFound } from 'next/navigation'
import { TagList } from '@/components/tag-list'
import { getTag, getTags } from '@/lib/posts/published'
import { decode, listAddress, tagAddress } from '@/lib/site/address'
import { describePage } from '@/lib/site/metadata'
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
  return describePage({
    title: `${tag.label}, page ${page.number}`,
    description: `Posts about ${tag.label}.`,
    address: listAddress(tagAddress(tag.key), page.number),
  })
}

export default async function LaterTagPage({ params }: Props) {
  return <TagList {...(await find(params))} />
}
