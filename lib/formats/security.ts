/** Researchers are not to trust a file that is older than its Expires; RFC 9116 §2.5.5 recommends less than a year. */
const DAYS = 360

/**
 * `security.txt` (RFC 9116). It ends 360 days after the content was compiled: when nobody builds a site for so long, nobody reads
 * its mail either. Two builds of the same content at the same moment are equal.
 *
 * @param contact `mailto:…`, `https://…` or `tel:…`.
 * @param site its address without a slash at the end, and its language (BCP 47).
 * @throws when the contact is another address, with what to write.
 */
export function securityText(contact: string, site: { address: string; language: string }, compiledAt: Date): string {
  if (!/^(mailto:|https:\/\/|tel:)\S+$/.test(contact) || !URL.canParse(contact))
    throw new Error(`site.config.ts: security.contact is "${contact}". Write 'mailto:…' or 'https://…'.`)
  const expires = new Date(compiledAt.getTime() + DAYS * 24 * 60 * 60 * 1000)
  const fields = {
    Contact: contact,
    Expires: expires.toISOString().replace(/\.\d+Z$/, 'Z'),
    'Preferred-Languages': site.language,
    Canonical: `${site.address}/.well-known/security.txt`,
  }
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
}
