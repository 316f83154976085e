import type { PostSummary } from '@/lib/posts/published'

type Props = {
  cover: PostSummary['cover']
  /** Whether it is at the head of the post; else it is a small one in a list. */
  isLarge?: boolean
}

/** The cover of a post, which only decorates: its title is beside it. */
export function Cover({ cover, isLarge = false }: Props) {
  if (!cover) return null
  const { src, small, width, height } = cover
  if (!isLarge) return <img src={small ?? src} alt="" width="240" height="180" loading="lazy" className="cover" />
  return <img src={src} alt="" width={width} height={height} className="post-cover" />
}
