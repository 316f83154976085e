import type { ReactNode } from 'react'

type Props = {
  /** A picture; without it, the figure shows its children. */
  src?: string
  alt?: string
  caption?: ReactNode
  /** Makes it wider than the text on a large screen. */
  wide?: boolean
  children?: ReactNode
}

/** A picture or other content, with a caption. */
export function Figure({ src, alt, caption, wide, children }: Props) {
  if (!src && !children)
    throw new Error('<Figure> has nothing in it. Write src="./picture.png" or put something between its tags.')
  return (
    <figure className={wide ? 'wide' : undefined}>
      {src && <img src={src} alt={alt} />}
      {children}
      {caption && <figcaption>{caption}</figcaption>}
    </figure>
  )
}
