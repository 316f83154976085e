import type { ReactNode } from 'react'

/** The head of a list or a plain page. */
export function ListHeader({ title, children, lang }: { title: string; children?: ReactNode; lang?: string }) {
  return (
    <header className="mb-12 md:mb-14">
      <h1 className="text-4xl font-semibold tracking-tight" lang={lang}>
        {title}
      </h1>
      {children && <div className="mt-3 max-w-[38rem] text-lg text-soft">{children}</div>}
    </header>
  )
}
