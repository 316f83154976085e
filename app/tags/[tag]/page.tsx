import { notFound } from 'next/navigation'
import { TagList } from '@/components/tag-list'
import { describeList } from '@/lib/formats/describe-page'
import { getTag, getTags } from '@/lib/posts/published'
import { decode, tagAddress } from '@/lib/site/address'
import { listPage } from '@/lib/site/pagination'
import { atBuild } from '@/lib/site/static-params'

type Props = PageProps<'/tags/[tag]'>

export const dynamicParams = false
export const generateStaticParams = atBuild(() => getTags().map(({ key }) => ({ tag: key })))

const find = async (params: Props['params']) => getTag(decode((await params).tag)) ?? notFound()

export async function generateMetadata({ params }: Props) {
  const { key, label } = await find(params)
  return describeList({ title: label, description: `Posts about ${label}.`, address: tagAddress(key) })
}

export default async function TagPage({ params }: Props) {
  const tag = await find(params)
  return <TagList tag={tag} tags={getTags()} page={listPage(tag.posts, 1) ?? notFound()} />
}
