type Props = {
  /** A file beside the post (`./plan.png`), one in `public/` (`/static/images/plan.png`), or an address. */
  src: string
  /** A description for people who do not see the picture; `""` for decoration. */
  alt: string
  /** The size in pixels; needed only for a picture on another site. */
  width?: number | string
  height?: number | string
  className?: string
  title?: string
  /** Props of next/image, so that posts of the timlrx starter work. They are ignored. */
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
