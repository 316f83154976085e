/**
 * Shows the problems of a published file on its page in `npm run dev`. A build keeps only `return null`, without the
 * import.
 */
export async function Mend({ file }: { file: string }) {
  if (process.env.NODE_ENV !== 'development') return null
  const { Mending } = await import('./dev/mending')
  return <Mending file={file} />
}
