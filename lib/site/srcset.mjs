/** @typedef {{ address: string, descriptors: string }} Candidate one picture of a `srcset`; `descriptors` is `2x` or `480w`, or empty. */

/**
 * Reads a `srcset` as browsers do (HTML §4.8.4.2.2).
 *
 * @param {string} srcset
 * @returns {Candidate[]} in their order.
 */
export function readSrcset(srcset) {
  /** @type {Candidate[]} */
  const found = []
  let at = 0
  /** @param {(mark: string) => boolean} isSkipped */
  const skip = (isSkipped) => {
    const from = at
    while (at < srcset.length && isSkipped(srcset.charAt(at))) at++
    return srcset.slice(from, at)
  }
  /** @param {string} mark */
  const isSpace = (mark) => ' \t\n\f\r'.includes(mark)
  for (;;) {
    skip((mark) => isSpace(mark) || mark === ',')
    const address = skip((mark) => !isSpace(mark))
    if (!address) return found
    if (address.endsWith(',')) {
      found.push({ address: withoutCommas(address), descriptors: '' })
      continue
    }
    let isInside = false
    const descriptors = skip((mark) => {
      // Browsers do not count parentheses: the first `)` closes all that are open.
      if (mark === '(' || mark === ')') isInside = mark === '('
      return mark !== ',' || isInside
    })
    found.push({ address, descriptors: descriptors.trim() })
  }
}

/** @param {string} text */
function withoutCommas(text) {
  let end = text.length
  while (text.charAt(end - 1) === ',') end--
  return text.slice(0, end)
}

/**
 * Writes a `srcset`, the reverse of `readSrcset`.
 *
 * @param {Candidate[]} list
 */
export const writeSrcset = (list) =>
  list.map(({ address, descriptors }) => `${address} ${descriptors}`.trim()).join(', ')
