import type { ReactNode } from 'react'

/**
 * Alternatives of which a reader needs one: `<Tabs><Tab label="npm">…</Tab>…</Tabs>`. In plain HTML they follow each other;
 * components/reader.ts makes tabs of them.
 */
export function Tabs({
  label,
  group,
  children,
}: {
  /** The name of the choice, for screen readers. */
  label?: string
  /** Tabs of the same group change together, and the browser remembers the choice. */
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
