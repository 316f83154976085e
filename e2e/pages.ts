import type { Element, Nodes } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import { toString as textOf } from 'hast-util-to-string'

/** One of every kind of public page of the fixture site (e2e/content). */
export const kinds = {
  home: '/',
  list: '/blog',
  'later page': '/blog/page/2',
  post: '/blog/backend/kitchen-sink',
  'post with pictures': '/blog/frontend/pictures',
  'post in Japanese': '/blog/frontend/%E6%97%A5%E6%9C%AC%E8%AA%9E',
  'mdx post': '/blog/frontend/counted',
  'post with components': '/blog/frontend/components',
  category: '/blog/frontend',
  tags: '/tags',
  tag: '/tags/css',
  author: '/authors/default',
  archive: '/archive',
  year: '/archive/2025',
  series: '/series/three-parts',
  feeds: '/feeds',
  page: '/about',
  search: '/search',
}

const elements = (node: Nodes): Element[] =>
  'children' in node
    ? node.children.flatMap((child) => (child.type === 'element' ? [child, ...elements(child)] : []))
    : []

/** All elements of a page, in the order of its text. */
export const elementsIn = (html: string): Element[] => elements(fromHtml(html))

/** The forms of a page as a browser without JavaScript sends them: method, address and fields; and their text. */
export const formsIn = (html: string) =>
  elementsIn(html)
    .filter(({ tagName }) => tagName === 'form')
    .map((form) => ({
      method: form.properties.method,
      action: String(form.properties.action),
      text: textOf(form),
      fields: elements(form)
        .filter(({ tagName }) => tagName === 'input')
        .map(({ properties: { name, value } }) => [String(name), String(value ?? '')] as const),
    }))
