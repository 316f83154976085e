/**
 * The values of an Accept or Accept-Encoding header in their order, in small letters and without parameters, each with its weight
 * (RFC 9110 §12.4.2). Of two that are the same the heavier counts.
 */
export function weights(header: string | string[] = ''): Map<string, number> {
  const takes = new Map<string, number>()
  for (const part of String(header).split(',')) {
    const [name = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    takes.set(name, Math.max(takes.get(name) ?? 0, weight ? Number(weight.slice(2)) || 0 : 1))
  }
  return takes
}

/**
 * Whether an Accept header prefers markdown (RFC 7763) to HTML: it names `text/markdown`, and HTML has a smaller weight, or the same and is
 * only meant by `*` or named later. A browser never names it.
 */
export function prefersMarkdown(header: string | undefined): boolean {
  const takes = weights(header)
  const markdown = takes.get('text/markdown') ?? 0
  // The most exact name counts (RFC 9110 §12.5.1).
  const html = ['text/html', 'text/*', '*/*'].find((name) => takes.has(name)) ?? ''
  const weight = takes.get(html) ?? 0
  if (markdown === 0 || markdown !== weight) return markdown > weight
  const names = [...takes.keys()]
  return html !== 'text/html' || names.indexOf('text/markdown') < names.indexOf(html)
}
