/** Shows the problems of a published file on its page while `npm run dev` runs. A build contains neither this nor its import. */
export async function Mend({ file }: { file: string }) {
  if (process.env.NODE_ENV !== 'development') return null
  const { Mending } = await import('./dev/mending')
  return <Mending file={file} />
}
