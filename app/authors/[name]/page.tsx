import { notFound } from 'next/navigation'
import { AuthorProfile } from '@/components/author-profile'
import { describeList } from '@/lib/formats/describe-page'
import { getAuthor, getAuthors } from '@/lib/posts/published'
import { authorAddress, decode } from '@/lib/site/address'
import { listPage } from '@/lib/site/pagination'
import { atBuild } from '@/lib/site/static-params'

type Props = PageProps<'/authors/[name]'>

export const dynamicParams = false
export const generateStaticParams = atBuild(() => getAuthors().map(({ slug }) => ({ name: slug })))

const find = async (params: Props['params']) => (await getAuthor(decode((await params).name))) ?? notFound()

export async function generateMetadata({ params }: Props) {
  const { slug, name } = await find(params)
  return describeList({ title: name, description: `Posts by ${name}.`, address: authorAddress(slug) })
}

export default async function AuthorPage({ params }: Props) {
  const author = await find(params)
  return <AuthorProfile author={author} page={listPage(author.posts, 1) ?? notFound()} />
}
