import { notFound } from 'next/navigation'
import { JsonLd } from '@/components/json-ld'
import { ListHeader } from '@/components/list-header'
import { PostPageList } from '@/components/post-page-list'
import { describePage } from '@/lib/formats/describe-page'
import { blogThings } from '@/lib/formats/json-ld'
import { getPosts } from '@/lib/posts/published'
import { laterPages, listPage } from '@/lib/site/pagination'
import { atBuild } from '@/lib/site/static-params'

type Props = PageProps<'/blog/page/[page]'>

export const dynamicParams = false
export const generateStaticParams = atBuild(() => laterPages(getPosts()).map((page) => ({ page })))

export async function generateMetadata({ params }: Props) {
  const { page } = await params
  return describePage({ title: `Blog, page ${page}`, address: `/blog/page/${page}` })
}

export default async function BlogPage({ params }: Props) {
  const page = listPage(getPosts(), (await params).page) ?? notFound()
  return (
    <>
      <JsonLd things={blogThings(page.items)} />
      <ListHeader title="Blog" />
      <PostPageList page={page} base="/blog" />
    </>
  )
}
