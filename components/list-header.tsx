import type { ReactNode } from 'react'

type Props = { title: string; children?: ReactNode; lang?: string; className?: string }

/** The head of a list or a plain page. */
export function ListHeader({ title, children, lang, className = 'mb-8' }: Props) {
  return (
    <header className={className}>
      <h1 className="text-4xl font-semibold tracking-tight" lang={lang}>
        {title}
      </h1>
      {children && <div className="mt-2 text-lg leading-snug text-soft">{children}</div>}
    </header>
  )
}
