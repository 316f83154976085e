'use client'
import { useEffect, useState } from 'react'

/** Reloads the open 404 page after the content has been compiled: Next.js 16.4.6 does not notice that the page exists now. */
export function ComeBack({ revision }: { revision: string }) {
  const [first] = useState(revision)
  useEffect(() => {
    if (revision !== first) location.reload()
  }, [revision, first])
  return null
}
