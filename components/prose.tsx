import type { Text } from '@/lib/posts/published'

type Props = { text: Text & { body: string }; className?: string }

/** From this many characters of HTML on, the browser lays out only the part on the screen (`.long` in app/article.css). */
const LONG = 200_000

/** A compiled text with the style sheets it needs. Its HTML was sanitised by the compiler (lib/markdown/sanitise.ts). */
export function Prose({ text, className = '' }: Props) {
  const { html, css, mathsSheet, diagramsScript } = text
  return (
    <>
      {mathsSheet && <link rel="stylesheet" href={mathsSheet} precedence="text" />}
      {css && (
        <style href={`text-${text.body}`} precedence="text">
          {css}
        </style>
      )}
      {/* components/reader.ts may have added its buttons before React compares the HTML. */}
      <div
        className={['prose', html.length > LONG && 'long', className].filter(Boolean).join(' ')}
        data-diagrams={diagramsScript}
        dangerouslySetInnerHTML={{ __html: html }}
        suppressHydrationWarning
      />
    </>
  )
}
