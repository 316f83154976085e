type Props = {
  /** The address of a video, post, pen or gist; or of any page on a host of `site.embeds`. */
  url: string
  title?: string
}

/** The same as `::embed[Title]{src="…"}`: a card that loads the other site only after a click (lib/markdown/plugins/embeds.ts). */
export function Embed({ url, title }: Props) {
  if (!url) throw new Error('<Embed> has no url. Write url="https://…".')
  return (
    <a className="embed" href={url}>
      {title}
    </a>
  )
}
