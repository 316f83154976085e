'use client'
import { useEffect, useState } from 'react'

/** Loads an open page again once the content has been compiled: Next.js 16.4.6 keeps showing that a page is not there when it has come. */
export function ComeBack({ revision }: { revision: string }) {
  const [first] = useState(revision)
  useEffect(() => {
    if (revision !== first) location.reload()
  }, [revision, first])
  return null
}
