import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { weights } from './accept'

/** A value of the Content-Encoding header; empty for plain bytes. */
export type Encoding = 'br' | 'gzip' | ''

/** @returns the best encoding that an Accept-Encoding header allows (RFC 9110 §12.5.3); empty for plain bytes. */
export function accepted(header: string | string[] = ''): Encoding {
  const takes = weights(header)
  const any = takes.get('*') ?? 0
  if ((takes.get('br') ?? any) > 0) return 'br'
  return (takes.get('gzip') ?? any) > 0 ? 'gzip' : ''
}

/** @returns the bytes in an encoding, at its best quality. */
export async function compressed(plain: Buffer, encoding: Encoding): Promise<Buffer> {
  return encoding === 'br' ? brotli(plain) : encoding === 'gzip' ? gzipped(plain, { level: 9 }) : plain
}

/** A text of a megabyte takes seconds at the best quality (11), and the first reader waits for that. */
const brotli = (bytes: Buffer) =>
  promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: bytes.length > 200_000 ? 9 : 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  })
const gzipped = promisify(gzip)
