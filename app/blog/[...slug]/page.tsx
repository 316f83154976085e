import { notFound } from 'next/navigation'
import compiled from '@/.contentlayer/compiled.json'
import { CategoryList } from '@/components/category-list'
import { JsonLd } from '@/components/json-ld'
import { Mend } from '@/components/mend'
import { PageFrame } from '@/components/page-frame'
import { PostArticle } from '@/components/post-article'
import { PostComments } from '@/components/post-comments'
import { PostFooter } from '@/components/post-footer'
import { describeList } from '@/lib/formats/describe-page'
import { describePost, pictureOf } from '@/lib/formats/describe-post'
import { postThings } from '@/lib/formats/json-ld'
import { getBlogPage, getBlogPaths } from '@/lib/posts/blog'
import {
  getAllSeries,
  getAuthorsOf,
  getCategories,
  getNeighbours,
  getRelated,
  getSeries,
  getTagsOf,
} from '@/lib/posts/published'
import { categoryAddress, categoryTitle, decode, postAddress, tagKey } from '@/lib/site/address'
import { atBuild } from '@/lib/site/static-params'
import { site } from '@/site.config'

type Props = PageProps<'/blog/[...slug]'>

export const dynamicParams = false
export const generateStaticParams = atBuild(() => getBlogPaths().map((slug) => ({ slug })))

const find = async (params: Props['params']) => (await getBlogPage((await params).slug.map(decode))) ?? notFound()

export async function generateMetadata({ params }: Props) {
  const { post, category, page } = await find(params)
  if (post) return describePost(post, getAuthorsOf(post))
  return describeList({ title: categoryTitle(category.name), address: categoryAddress(category.name) }, page.number)
}

export default async function BlogEntry({ params }: Props) {
  const { post, category, page } = await find(params)
  if (!post) {
    return <CategoryList category={category} page={page} categories={getCategories()} series={getAllSeries()} />
  }
  const authors = getAuthorsOf(post)
  return (
    <PageFrame address={postAddress(post.slug)}>
      <JsonLd things={postThings(post, authors, pictureOf(post))} />
      <Mend file={post.file} />
      <PostArticle
        post={post}
        authors={authors}
        tags={getTagsOf(post)}
        series={post.series && getSeries(tagKey(post.series.name))}
      />
      <PostFooter
        post={post}
        authors={authors}
        {...getNeighbours(post.slug)}
        related={getRelated(post)}
        newsletter={site.newsletter}
      />
      {site.comments && post.comments && (
        <PostComments
          comments={site.comments}
          script={compiled.comments}
          page={{
            address: site.address + postAddress(post.slug),
            title: post.title,
            documentTitle: `${post.title} · ${site.title}`,
            description: post.excerpt,
            lang: post.lang ?? site.language,
          }}
        />
      )}
    </PageFrame>
  )
}
