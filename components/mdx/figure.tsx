import type { ReactNode } from 'react'

type Props = {
  /** A picture; leave it out when the children are what is shown. */
  src?: string
  alt?: string
  caption?: ReactNode
  /** Lets it be wider than the text, where there is room. */
  wide?: boolean
  children?: ReactNode
}

/** A picture, or anything else, with a caption. */
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
