import type { ReactNode } from 'react'

export const Stamp = ({ children }: { children: ReactNode }) => <p className="stamp">Stamped: {children}</p>
