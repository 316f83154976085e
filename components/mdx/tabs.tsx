import type { ReactNode } from 'react'

/**
 * Alternatives of which a reader wants one: `<Tabs><Tab label="npm">…</Tab>…</Tabs>`. As plain HTML they stand one after
 * the other; the reader's module makes tabs of them.
 */
export function Tabs({
  label,
  group,
  children,
}: {
  /** What is chosen, for those who cannot see it. */
  label?: string
  /** Sets of one group change together, and the choice is remembered. */
  group?: string
  children: ReactNode
}) {
  return (
    <div className="tabs" data-label={label} data-group={group}>
      {children}
    </div>
  )
}

export function Tab({ label, children }: { label: string; children: ReactNode }) {
  if (!label) throw new Error('<Tab> has no label. Write <Tab label="npm">.')
  return (
    <div className="tab">
      <p className="tab-label">{label}</p>
      <div className="tab-panel">{children}</div>
    </div>
  )
}
