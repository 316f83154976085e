import { ListHeader } from '@/components/list-header'
import { PostPageList } from '@/components/post-page-list'
import { getPosts } from '@/lib/content/posts'
import { describePage } from '@/lib/metadata'
import { listPage } from '@/lib/pages'

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
