import { ListHeader } from '@/components/list-header'
import { PostPageList } from '@/components/post-page-list'
import { getPosts } from '@/lib/posts/published'
import { describePage } from '@/lib/site/metadata'
import { listPage } from '@/lib/site/pagination'

export const metadata = describePage({ title: 'Blog', address: '/blog' })

export default function Blog() {
  const posts = getPosts()
  const page = listPage(posts, 1)
  return (
    <>
      <ListHeader title="Blog">{posts.length === 0 && 'No post is published yet.'}</ListHeader>
      {page && <PostPageList page={page} base="/blog" />}
    </>
  )
}
