import type { ReactNode } from 'react'

type Track = {
  /** A WebVTT file. */
  src: string
  kind?: 'captions' | 'subtitles' | 'descriptions' | 'chapters'
  srcLang?: string
  label?: string
  default?: boolean
}
type Props = {
  /** A file beside the post, one in `public/`, or an address. */
  src: string
  /** A picture to show before it plays. Without one, the browser loads the first frames. */
  poster?: string
  caption?: ReactNode
  /** The size in pixels. With a wrong ratio the page moves when the video loads. */
  width?: number
  height?: number
  tracks?: Track[]
}

/** A video file of your own. For a video on another site, see `Embed`. */
export function Video({ src, poster, caption, width = 1280, height = 720, tracks = [] }: Props) {
  if (!src) throw new Error('<Video> has no src. Write src="./video.mp4".')
  return (
    <figure className="video">
      {/* biome-ignore lint/a11y/useMediaCaption: the author gives its tracks */}
      <video
        src={src}
        poster={poster}
        width={width}
        height={height}
        controls
        playsInline
        preload={poster ? 'none' : 'metadata'}
      >
        {tracks.map(({ kind = 'captions', ...track }) => (
          <track key={track.src} kind={kind} {...track} />
        ))}
      </video>
      {caption && <figcaption>{caption}</figcaption>}
    </figure>
  )
}
