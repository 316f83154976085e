import { notFound } from 'next/navigation'
import { AuthorProfile } from '@/components/author-profile'
import { describeList } from '@/lib/formats/describe-page'
import { getAuthor, getAuthors } from '@/lib/posts/published'
import { authorAddress, decode } from '@/lib/site/address'
import { laterPages, listPage } from '@/lib/site/pagination'
import { atBuild } from '@/lib/site/static-params'

type Props = PageProps<'/authors/[name]/page/[page]'>

export const dynamicParams = false
export const generateStaticParams = atBuild(() =>
  getAuthors().flatMap(({ slug, posts }) => laterPages(posts).map((page) => ({ name: slug, page }))),
)

async function find(params: Props['params']) {
  const { name, page: number } = await params
  const author = (await getAuthor(decode(name))) ?? notFound()
  return { author, page: listPage(author.posts, number) ?? notFound() }
}

export async function generateMetadata({ params }: Props) {
  const { author, page } = await find(params)
  const { slug, name } = author
  return describeList({ title: name, description: `Posts by ${name}.`, address: authorAddress(slug) }, page.number)
}

export default async function LaterAuthorPage({ params }: Props) {
  return <AuthorProfile {...(await find(params))} />
}
