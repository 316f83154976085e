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
  page: '/about',
}
