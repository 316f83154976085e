import { notFound } from 'next/navigation'
import { CategoryList } from '@/components/category-list'
import { Mend } from '@/components/mend'
import { PostArticle } from '@/components/post-article'
import { PostFooter } from '@/components/post-footer'
import {
  getAuthorsOf,
  getCategories,
  getCategory,
  getNeighbours,
  getPost,
  getRelated,
  getSeries,
  getSlugs,
  getTagsOf,
} from '@/lib/posts/published'
import { categoryAddress, categoryTitle, decode, listAddress, postAddress, tagKey } from '@/lib/site/address'
import { describePage } from '@/lib/site/metadata'
import { laterPages, listPage } from '@/lib/site/pagination'
import { atBuild } from '@/lib/site/static-params'

type Props = PageProps<'/blog/[...slug]'>

export const dynamicParams = false

export const generateStaticParams = atBuild(() => {
  const posts = getSlugs().map((slug) => slug.split('/'))
  const categories = getCategories().flatMap(({ name, posts: inside }) => [
    [name],
    ...laterPages(inside).map((page) => [name, 'page', page]),
  ])
  return [...posts, ...categories].map((slug) => ({ slug }))
})

/** A post, or one page of a category: both have addresses below /blog. */
async function find(params: Props['params']) {
  const slug = (await params).slug.map(decode)
  const post = await getPost(slug.join('/'))
  if (post) return { post }
  const [name = '', word = 'page', number = '1', ...more] = slug
  const category = getCategory(name)
  const page = category && listPage(category.posts, number)
  if (!category || !page || word !== 'page' || more.length > 0) notFound()
  return { category, page }
}

export async function generateMetadata({ params }: Props) {
  const { post, category, page } = await find(params)
  if (post) {
    const { title, excerpt, date, lastmod, canonicalUrl, cover, unlisted } = post
    const metadata = describePage({
      title,
      description: excerpt,
      address: postAddress(post.slug),
      canonical: canonicalUrl,
      image: cover?.src,
      published: date,
      modified: lastmod,
    })
    return unlisted ? { ...metadata, robots: { index: false } } : metadata
  }
  const title = categoryTitle(category.name)
  return describePage({
    title: page.number > 1 ? `${title}, page ${page.number}` : title,
    address: listAddress(categoryAddress(category.name), page.number),
  })
}

export default async function BlogEntry({ params }: Props) {
  const { post, category, page } = await find(params)
  if (!post) return <CategoryList category={category} page={page} />
  return (
    <>
      <Mend file={post.file} />
      <PostArticle
        post={post}
        authors={getAuthorsOf(post)}
        tags={getTagsOf(post)}
        series={post.series && getSeries(tagKey(post.series.name))}
      />
      <PostFooter post={post} {...getNeighbours(post.slug)} related={getRelated(post)} />
    </>
  )
}
