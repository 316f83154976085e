type Props = {
  /** Taken and not needed: the headings are known. */
  toc?: unknown
  /** The first and the last kind of heading; there are 2 and 3. */
  fromHeading?: number
  toHeading?: number
  /** Headings to leave out: their words, or regular expressions for the whole of them, without regard to case. */
  exclude?: string | string[]
  /** Headings of this kind and below are indented. */
  indentDepth?: number
  /** Can be folded, and is open. */
  asDisclosure?: boolean
  /** Can be folded, and is. */
  collapse?: boolean
}

/** Marks the place of a table of contents; the headings are filled in once the whole text is known (lib/markdown/plugins/headings.ts). */
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
