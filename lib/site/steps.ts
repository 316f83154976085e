import { categoryAddress, categoryTitle } from './address'
import { titleOfSection } from './navigation'
import { sections } from './sections.mjs'

/** A step on the way to a page. The last one is the page itself, and has no address. */
export type Step = { label: string; href?: string }

const blog = { label: titleOfSection(sections.blog), href: sections.blog }

/** From the blog, by its category if it has one, to a post. */
export const stepsToPost = ({ title, category }: { title: string; category?: string | undefined }): Step[] => [
  blog,
  ...(category ? [{ label: categoryTitle(category), href: categoryAddress(category) }] : []),
  { label: title },
]

/** From the blog to a category. */
export const stepsToCategory = (name: string): Step[] => [blog, { label: categoryTitle(name) }]

/** From all tags to one of them. */
export const stepsToTag = (label: string): Step[] => [
  { label: titleOfSection(sections.tags), href: sections.tags },
  { label },
]
