import type { Editor } from '@/lib/editor'

/** Who is signed in, the way back to the desk, and the way out. */
export function EditorBar({ editor, onDesk = false }: { editor: Editor; onDesk?: boolean }) {
  return (
    <div className="rows no-print furniture mb-8 flex flex-wrap items-center gap-x-6 gap-y-1 border-b border-rule pb-3">
      {!onDesk && (
        <a href="/drafts" className="target text-ink">
          All drafts
        </a>
      )}
      <p className="ml-auto min-w-0 truncate">
        Signed in as <span className="text-ink">{editor.name}</span>
      </p>
      <form method="post" action="/api/auth/signout">
        <button type="submit" className="target cursor-pointer text-ink underline underline-offset-3">
          Sign out
        </button>
      </form>
    </div>
  )
}
