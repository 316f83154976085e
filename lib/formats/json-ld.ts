import type {
  AboutPage,
  Blog,
  BlogPosting,
  BreadcrumbList,
  CollectionPage,
  ImageObject,
  Organization,
  Person,
  ProfilePage,
  SearchAction,
  Thing,
  WebPage,
  WebSite,
  WithActionConstraints,
} from 'schema-dts'
import { site } from '@/site.config'
import type { Author, Page, PostSummary } from '../posts/published'
import {
  authorAddress,
  categoryTitle,
  distinctTags,
  encodePath,
  postAddress,
  seriesAddress,
  wholeAddress,
} from '../site/address'
import { machineDate } from '../site/dates'
import { sections } from '../site/sections.mjs'
import { type Step, stepsToPost } from '../site/steps'
import type { Picture } from './describe-page'

// What a page is, in the vocabulary of schema.org. A thing has the same `@id` on every page that names it: the address of its own page,
// with a word after it. All addresses are whole, and texts are plain.

const blogId = `${wholeAddress(sections.blog)}#blog`
const siteId = `${wholeAddress('/')}#site`
const publisherId = `${wholeAddress('/')}#publisher`
const postId = (slug: string) => `${wholeAddress(postAddress(slug))}#post`
const personId = (slug: string) => `${wholeAddress(authorAddress(slug))}#person`

const publisher = { '@type': 'Organization', '@id': publisherId, name: site.title } satisfies Organization
const references = (posts: Pick<PostSummary, 'slug'>[]) => posts.map(({ slug }) => ({ '@id': postId(slug) }))

/** The front page: the site, how it is searched, and who publishes it. */
export function siteThings(): Thing[] {
  const search: WithActionConstraints<SearchAction> = {
    '@type': 'SearchAction',
    target: {
      '@type': 'EntryPoint',
      urlTemplate: `${wholeAddress(sections.search)}?q={search_term_string}`,
    },
    'query-input': 'required name=search_term_string',
  }
  const whole: WebSite = {
    '@type': 'WebSite',
    '@id': siteId,
    name: site.title,
    description: site.description,
    url: wholeAddress('/'),
    inLanguage: site.language,
    publisher: { ...publisher, url: wholeAddress('/'), ...sameAs(site.social.map(({ href }) => href)) },
    potentialAction: search,
  }
  return [whole]
}

/** The list of all posts, or one page of it. */
export function blogThings(posts: Pick<PostSummary, 'slug'>[]): Thing[] {
  const blog: Blog = {
    '@type': 'Blog',
    '@id': blogId,
    name: site.title,
    description: site.description,
    url: wholeAddress(sections.blog),
    inLanguage: site.language,
    publisher,
    isPartOf: { '@id': siteId },
    blogPost: references(posts),
  }
  return [blog]
}

/**
 * A list of posts or of lists, such as a tag or the archive.
 *
 * @param list.posts those on this page.
 * @param list.steps what the page shows as the way to it.
 */
export function listThings(list: {
  name: string
  address: string
  posts?: Pick<PostSummary, 'slug'>[]
  steps?: Step[]
}): Thing[] {
  const page: CollectionPage = {
    '@type': 'CollectionPage',
    '@id': wholeAddress(list.address),
    name: list.name,
    url: wholeAddress(list.address),
    inLanguage: site.language,
    isPartOf: { '@id': siteId },
    ...(list.posts ? { hasPart: references(list.posts) } : {}),
  }
  return list.steps ? [page, breadcrumb(list.steps)] : [page]
}

/**
 * A post, and the way to it. A copy (`canonicalUrl`) has the address of its original.
 *
 * @param authors those that have a page.
 * @param picture the one that other sites show beside a link to it.
 */
export function postThings(
  post: PostSummary,
  authors: Pick<Author, 'slug' | 'name'>[],
  picture: Picture | undefined,
): Thing[] {
  const { title, slug, date, lastmod, words, lang, category, series, canonicalUrl } = post
  const address = wholeAddress(canonicalUrl ?? postAddress(slug))
  const keywords = distinctTags(post.tags)
  const about: BlogPosting = {
    '@type': 'BlogPosting',
    '@id': postId(slug),
    headline: title,
    url: address,
    mainEntityOfPage: address,
    datePublished: machineDate(date),
    dateModified: machineDate(lastmod ?? date),
    inLanguage: lang ?? site.language,
    wordCount: words,
    ...(keywords.length > 0 ? { keywords } : {}),
    ...(category ? { articleSection: categoryTitle(category) } : {}),
    ...(authors.length > 0 ? { author: authors.map(person) } : {}),
    publisher,
    ...(picture ? { image: image(picture) } : {}),
    isPartOf: [{ '@type': 'Blog', '@id': blogId, name: site.title }, ...(series ? [seriesOf(series.name)] : [])],
    ...(series ? { position: series.part } : {}),
  }
  return [about, breadcrumb(stepsToPost(post))]
}

/** A series of posts, in their order. */
export function seriesThings(name: string, posts: Pick<PostSummary, 'slug'>[]): Thing[] {
  return [
    ...listThings({ name, address: seriesAddress(name), posts }),
    { ...seriesOf(name), url: wholeAddress(seriesAddress(name)) },
  ]
}

/**
 * An author, on the author's page.
 *
 * @param address of this page of the author's posts.
 */
export function authorThings(
  author: Pick<Author, 'slug' | 'name' | 'avatar' | 'occupation' | 'company' | 'fediverse' | 'links'>,
  address: string,
): Thing[] {
  const { avatar, occupation, company, fediverse, links } = author
  // A picture within the text of an address is for the page alone.
  const picture = avatar && URL.canParse(avatar, site.address) ? wholeAddress(avatar) : ''
  const about: Person = {
    ...person(author),
    ...(fediverse ? { alternateName: fediverse } : {}),
    ...(/^https?:/.test(picture) ? { image: picture } : {}),
    ...(occupation ? { jobTitle: occupation } : {}),
    ...(company ? { worksFor: { '@type': 'Organization', name: company } } : {}),
    ...sameAs(Object.values((links ?? {}) as Record<string, unknown>)),
  }
  const page: ProfilePage = {
    '@type': 'ProfilePage',
    '@id': wholeAddress(address),
    url: wholeAddress(address),
    inLanguage: site.language,
    isPartOf: { '@id': siteId },
    mainEntity: about,
  }
  return [page]
}

/** A page of words, such as /about. */
export function pageThings({
  title,
  slug,
  summary,
  lastmod,
}: Pick<Page, 'title' | 'slug' | 'summary' | 'lastmod'>): Thing[] {
  const address = wholeAddress(`/${encodePath(slug)}`)
  const page: WebPage | AboutPage = {
    '@type': slug === 'about' ? 'AboutPage' : 'WebPage',
    '@id': address,
    name: title,
    ...(summary ? { description: summary } : {}),
    url: address,
    inLanguage: site.language,
    ...(lastmod ? { dateModified: machineDate(lastmod) } : {}),
    isPartOf: { '@id': siteId },
  }
  return [page]
}

function breadcrumb(steps: Step[]): BreadcrumbList {
  return {
    '@type': 'BreadcrumbList',
    itemListElement: steps.map(({ label, href }, index) => ({
      '@type': 'ListItem',
      position: index + 1,
      name: label,
      ...(href ? { item: wholeAddress(href) } : {}),
    })),
  }
}

const person = ({ slug, name }: Pick<Author, 'slug' | 'name'>) =>
  ({ '@type': 'Person', '@id': personId(slug), name, url: wholeAddress(authorAddress(slug)) }) satisfies Person

const seriesOf = (name: string) =>
  ({ '@type': 'CreativeWorkSeries', '@id': `${wholeAddress(seriesAddress(name))}#series`, name }) as const

const image = ({ src, width, height }: Picture): ImageObject | string =>
  width && height
    ? { '@type': 'ImageObject', url: wholeAddress(src), width: `${width}`, height: `${height}` }
    : wholeAddress(src)

/** Other addresses of the same person or publisher. An e-mail address is not for programs to collect. */
function sameAs(addresses: unknown[]) {
  const pages = addresses.filter((one): one is string => typeof one === 'string' && /^https:\/\//i.test(one))
  return pages.length > 0 ? { sameAs: pages } : {}
}

/**
 * Things as the text of `<script type="application/ld+json">` (JSON-LD 1.1 §7.3). `<` is escaped, so that no word ends the element
 * (HTML §4.12.1.3).
 */
export const jsonLd = (things: Thing[]) =>
  JSON.stringify({ '@context': 'https://schema.org', '@graph': things }).replaceAll('<', '\\u003c')
