import '../editors.css'
import type { Metadata } from 'next'
import { Desk } from '@/components/editors/desk'
import { EditorBar } from '@/components/editors/editor-bar'
import { PageFrame } from '@/components/page-frame'
import { getDesk } from '@/lib/posts/drafts'

// Our forms must send their origin, which the header `no-referrer` would hide; other sites still get no referrer.
export const metadata: Metadata = { title: 'Drafts', robots: { index: false }, referrer: 'same-origin' }

export default async function DraftsPage({ searchParams }: PageProps<'/drafts'>) {
  const { text, author, tag } = await searchParams
  const one = (value: string | string[] | undefined) => (typeof value === 'string' ? value.trim() : '')
  const filter = { text: one(text), author: one(author), tag: one(tag) }
  const { editor, ...desk } = await getDesk(filter)
  return (
    <PageFrame>
      <EditorBar editor={editor} onDesk />
      <h1 className="mb-6 text-4xl font-semibold tracking-tight">Drafts</h1>
      <Desk {...desk} filter={filter} />
    </PageFrame>
  )
}
