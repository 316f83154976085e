/** What is wrong with a published file, beside it, while `npm run dev` runs; a build has neither this nor what it imports. */
export async function Mend({ file }: { file: string }) {
  if (process.env.NODE_ENV !== 'development') return null
  const { Mending } = await import('./dev/mending')
  return <Mending file={file} />
}
