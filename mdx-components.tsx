import { TocInline } from './components/mdx/toc-inline'

/** What an `.mdx` post may use without importing it. A component of yours goes here. */
export const components = { TOCInline: TocInline }
