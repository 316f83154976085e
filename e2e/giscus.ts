import type { Comments } from '../lib/site/services'

/** The setting `comments` of a site with giscus, with nothing but what it needs. */
export const comments: Comments = {
  provider: 'giscus',
  repo: 'ines/blog',
  repoId: 'R_1',
  category: 'Posts',
  categoryId: 'C_1',
}
