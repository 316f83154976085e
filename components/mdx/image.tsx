type Props = {
  /** A file beside the post (`./plan.png`), one in `public/` (`/static/images/plan.png`), or an address. */
  src: string
  /** What the picture shows, for those who do not see it; `""` when it only decorates. */
  alt: string
  /** The size in pixels; known by itself for a picture of our own. */
  width?: number | string
  height?: number | string
  className?: string
  title?: string
  /** Of next/image, so that posts of the timlrx starter work; the compiler decides all this by itself. */
  layout?: string
  fill?: boolean
  priority?: boolean
  quality?: number
}

/** A picture, written as for next/image. The compiler gives it its sizes and formats (lib/markdown/media/pictures.ts). */
export function Image({ src, alt, width, height, className, title }: Props) {
  if (typeof src !== 'string') throw new Error('<Image> takes the path of a picture. Write src="./picture.png".')
  return <img src={src} alt={alt} width={width} height={height} className={className} title={title} />
}
