/**
 * What `generateStaticParams` returns: the addresses to build. In development it is nothing, since Next.js 16.4.6 keeps the list there
 * and answers from the old one once after each save; without a list it asks the page, which says itself what is not there.
 */
export const atBuild = <Params>(list: () => Params[]): (() => Params[]) =>
  process.env.NODE_ENV === 'development' ? () => [] : list
