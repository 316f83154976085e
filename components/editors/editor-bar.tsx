import type { Editor } from '@/lib/auth/editor'
import { sections } from '@/lib/site/sections.mjs'

/** The name of the editor who is signed in, a link to the desk, and a button to sign out. */
export function EditorBar({ editor, onDesk = false }: { editor: Editor; onDesk?: boolean }) {
  return (
    <div className="rows no-print furniture mb-8 flex items-center gap-x-6 border-b border-rule pb-3">
      {!onDesk && (
        <a href={sections.drafts} className="target shrink-0 text-ink">
          All drafts
        </a>
      )}
      <p className="ml-auto min-w-0 truncate">
        <span className="max-sm:sr-only">Signed in as </span>
        <span className="text-ink">{editor.name}</span>
      </p>
      <form method="post" action="/api/auth/signout" className="shrink-0">
        <button type="submit" className="target cursor-pointer text-ink underline underline-offset-3">
          Sign out
        </button>
      </form>
    </div>
  )
}
