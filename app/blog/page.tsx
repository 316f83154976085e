import { ListHeader } from '@/components/list-header'
import { PostPageList } from '@/components/post-page-list'
import { getPosts } from '@/lib/posts/published'
import { describePage } from '@/lib/site/metadata'
import { listPage } from '@/lib/site/pagination'

export const metadata = describePage({ title: 'Blog', address: '/blog' })

export default function Blog() {
  const page = listPage(getPosts(), 1)
  return (
    <>
      <ListHeader title="Blog" />
      {page && <PostPageList page={page} base="/blog" />}
    </>
  )
}
