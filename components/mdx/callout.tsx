import { Children, type ReactNode } from 'react'
import { ALERTS } from '../../lib/markdown/alerts'

type Props = {
  /** The same names as after `:::`: note, info, tip, success, important, warning, caution, danger. */
  type?: string
  title?: ReactNode
  children?: ReactNode
}

/** The same as `:::note[A title]`. */
export function Callout({ type = 'note', title, children }: Props) {
  const kind = ALERTS.get(type.toLowerCase())
  if (!kind) throw new Error(`<Callout> knows no type "${type}". Write one of: ${[...ALERTS.keys()].join(', ')}.`)
  // On one line, <Callout>words</Callout>, MDX makes no paragraph.
  const isInLine = Children.toArray(children).some((child) => typeof child === 'string' && child.trim())
  return (
    <aside className={`alert alert-${kind.toLowerCase()}`} role="note" aria-label={kind}>
      <p className="alert-title">{title ?? kind}</p>
      {isInLine ? <p>{children}</p> : children}
    </aside>
  )
}
