type Props = {
  /** Ignored: posts of the timlrx starter have it. */
  toc?: unknown
  /** The first and the last level of headings, 2 or 3. */
  fromHeading?: number
  toHeading?: number
  /** Headings to leave out: their words, or regular expressions that match a whole heading. Case is ignored. */
  exclude?: string | string[]
  /** Headings of this level and below are indented. */
  indentDepth?: number
  /** The list can be folded, and is open at first. */
  asDisclosure?: boolean
  /** The list can be folded, and is closed at first. */
  collapse?: boolean
}

/** The place of a table of contents. The compiler fills it in when all headings are known (lib/markdown/plugins/headings.ts). */
export function TocInline({ fromHeading, toHeading, exclude = [], indentDepth, asDisclosure, collapse }: Props) {
  return (
    <div
      className="toc-here"
      data-from={fromHeading}
      data-to={toHeading}
      data-indent={indentDepth}
      data-fold={collapse ? 'closed' : asDisclosure ? 'open' : undefined}
      data-exclude={[exclude].flat().join('\n')}
    />
  )
}
