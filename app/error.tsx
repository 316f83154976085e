'use client'
import { PageFrame } from '@/components/page-frame'

/** The page for an error. It does not show the cause, which is in the server's log under the id of the request. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const id = requestId() ?? error.digest
  return (
    <PageFrame>
      <h1 className="text-4xl font-semibold tracking-tight">Something broke on our side.</h1>
      <p className="mt-2 text-lg text-soft">
        It was not your doing. Trying once more often helps.{id && ' It is noted as'}
      </p>
      {id && <p className="mt-1 font-mono text-sm break-all text-soft">{id}</p>}
      <p className="mt-4 flex gap-x-4 font-sans">
        <button type="button" onClick={reset} className="target cursor-pointer underline">
          Try again
        </button>
        <a href="/" className="target">
          Front page
        </a>
      </p>
    </PageFrame>
  )
}

/** The id of the request for this page, which the server sends in the Server-Timing header (lib/server/complete-answer.ts). */
function requestId(): string | undefined {
  if (typeof performance === 'undefined') return undefined
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return navigation?.serverTiming?.find(({ name }) => name === 'request')?.description
}
