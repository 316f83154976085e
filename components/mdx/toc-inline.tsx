type Props = { fromHeading?: number; toHeading?: number; exclude?: string | string[] }

/** Marks the place of a table of contents; the headings are filled in once the whole text is known (lib/markdown/headings.ts). */
export function TocInline({ fromHeading, toHeading, exclude = [] }: Props) {
  return (
    <div className="toc-here" data-from={fromHeading} data-to={toHeading} data-exclude={[exclude].flat().join('\n')} />
  )
}
