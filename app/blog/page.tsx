import { JsonLd } from '@/components/json-ld'
import { PageFrame } from '@/components/page-frame'
import { PostPageList } from '@/components/post-page-list'
import { Subjects } from '@/components/subjects'
import { describePage } from '@/lib/formats/describe-page'
import { blogThings } from '@/lib/formats/json-ld'
import { getAllSeries, getCategories, getPosts } from '@/lib/posts/published'
import { titleOfSection } from '@/lib/site/navigation'
import { listPage } from '@/lib/site/pagination'

const title = titleOfSection('/blog')

export const metadata = describePage({ title, address: '/blog' })

export default function Blog() {
  const posts = getPosts()
  const page = listPage(posts, 1)
  return (
    <PageFrame address="/blog">
      <JsonLd things={blogThings(page?.items ?? [])} />
      <PostPageList title={title} said={posts.length === 0 && 'No post is published yet.'} page={page} base="/blog">
        <Subjects categories={getCategories()} series={getAllSeries()} />
      </PostPageList>
    </PageFrame>
  )
}
