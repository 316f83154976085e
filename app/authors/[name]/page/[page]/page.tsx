import { notFound } from 'next/navigation'
import { AuthorProfile } from '@/components/author-profile'
import { getAuthor, getAuthors } from '@/lib/posts/published'
import { authorAddress, decode, listAddress } from '@/lib/site/address'
import { describePage } from '@/lib/site/metadata'
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
  return describePage({
    title: `${author.name}, page ${page.number}`,
    description: `Posts by ${author.name}.`,
    address: listAddress(authorAddress(author.slug), page.number),
  })
}

export default async function LaterAuthorPage({ params }: Props) {
  return <AuthorProfile {...(await find(params))} />
}
