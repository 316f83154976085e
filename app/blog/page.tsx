import { JsonLd } from '@/components/json-ld'
import { ListHeader } from '@/components/list-header'
import { PostPageList } from '@/components/post-page-list'
import { describePage } from '@/lib/formats/describe-page'
import { blogThings } from '@/lib/formats/json-ld'
import { getPosts } from '@/lib/posts/published'
import { listPage } from '@/lib/site/pagination'

export const metadata = describePage({ title: 'Blog', address: '/blog' })

export default function Blog() {
  const posts = getPosts()
  const page = listPage(posts, 1)
  return (
    <>
      <JsonLd things={blogThings(page?.items ?? [])} />
      <ListHeader title="Blog">{posts.length === 0 && 'No post is published yet.'}</ListHeader>
      {page && <PostPageList page={page} base="/blog" />}
    </>
  )
}
