import 'server-only'
import { type ListPage, laterPages, listPage } from '../site/pagination'
import { type Category, getCategories, getCategory, getPost, getSlugs, type Post, type PostSummary } from './published'

/** Posts and the pages of categories share the addresses below /blog. */
export type BlogPage =
  | { post: Post; category?: undefined; page?: undefined }
  | { post?: undefined; category: Category; page: ListPage<PostSummary> }

/** Every address below /blog, as its parts: posts, then each category with its later pages (`frontend`, `page`, `2`). */
export const getBlogPaths = (): string[][] => [
  ...getSlugs().map((slug) => slug.split('/')),
  ...getCategories().flatMap(({ name, posts }) => [[name], ...laterPages(posts).map((page) => [name, 'page', page])]),
]

/**
 * A post, or one page of a category. A post comes first where both have the address.
 *
 * @param path the decoded parts of the address below /blog.
 * @returns undefined when there is neither.
 */
export async function getBlogPage(path: string[]): Promise<BlogPage | undefined> {
  const post = await getPost(path.join('/'))
  if (post) return { post }
  const [name = '', word = 'page', number = '1', ...more] = path
  const category = getCategory(name)
  const page = category && listPage(category.posts, number)
  return category && page && word === 'page' && more.length === 0 ? { category, page } : undefined
}
