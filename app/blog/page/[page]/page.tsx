import { notFound } from 'next/navigation'
import { JsonLd } from '@/components/json-ld'
import { PageFrame } from '@/components/page-frame'
import { PostPageList } from '@/components/post-page-list'
import { Subjects } from '@/components/subjects'
import { describePage } from '@/lib/formats/describe-page'
import { blogThings } from '@/lib/formats/json-ld'
import { getAllSeries, getCategories, getPosts } from '@/lib/posts/published'
import { titleOfSection } from '@/lib/site/navigation'
import { laterPages, listPage } from '@/lib/site/pagination'
import { atBuild } from '@/lib/site/static-params'

type Props = PageProps<'/blog/page/[page]'>

export const dynamicParams = false
export const generateStaticParams = atBuild(() => laterPages(getPosts()).map((page) => ({ page })))

export async function generateMetadata({ params }: Props) {
  const { page } = await params
  return describePage({ title: `${titleOfSection('/blog')}, page ${page}`, address: `/blog/page/${page}` })
}

export default async function BlogPage({ params }: Props) {
  const page = listPage(getPosts(), (await params).page) ?? notFound()
  return (
    <PageFrame address={`/blog/page/${page.number}`}>
      <JsonLd things={blogThings(page.items)} />
      <PostPageList title={titleOfSection('/blog')} page={page} base="/blog">
        <Subjects categories={getCategories()} series={getAllSeries()} />
      </PostPageList>
    </PageFrame>
  )
}
