import type { CustomPlugin } from 'svgo'

/** Elements that draw, or describe a drawing. All others are removed: scripts, frames, HTML inside the drawing. */
const ELEMENTS = new Set(
  `svg g defs symbol use switch a title desc view marker mask pattern clipPath linearGradient radialGradient stop filter style
  path rect circle ellipse line polyline polygon image text tspan textPath animate animateMotion animateTransform set mpath
  feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap
  feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode
  feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence`.split(/\s+/),
)
/** An address inside the drawing, or a bitmap inside the file. */
const SAFE_ADDRESS = /^\s*(#|data:image\/(png|jpe?g|gif|webp|avif);base64,)/i

/** A drawing that is safe to open at its own address, and its size in CSS pixels. */
export type SafeSvg = { bytes: Buffer; width: number; height: number }

/**
 * Removes everything from a drawing that could run or load something. Shapes and numbers are not changed.
 *
 * @throws when it is not SVG.
 */
export async function safeSvg(text: string): Promise<SafeSvg> {
  const { optimize } = await import('svgo')
  let size: Pick<SafeSvg, 'width' | 'height'> | undefined
  const onlyDrawing: CustomPlugin = {
    name: 'onlyDrawing',
    fn: () => ({
      doctype: { enter: remove },
      comment: { enter: remove },
      instruction: { enter: remove },
      element: {
        enter: (node, parent) => {
          const isRoot = parent.type === 'root'
          if (!ELEMENTS.has(node.name) || (isRoot && node.name !== 'svg')) return remove(node, parent)
          const changed = node.attributes.attributeName?.trim() ?? ''
          if (/^(on|.*href$)/i.test(changed)) return remove(node, parent)
          if (isRoot) size = sizeOf(node.attributes)
          for (const [name, value] of Object.entries(node.attributes)) {
            const safe = safeAttribute(name, value)
            if (safe === undefined) delete node.attributes[name]
            else node.attributes[name] = safe
          }
          if (isRoot) {
            node.attributes.xmlns = 'http://www.w3.org/2000/svg'
            node.attributes['xmlns:xlink'] = 'http://www.w3.org/1999/xlink'
          }
          if (node.name !== 'style') return
          const css = node.children.map((child) => ('value' in child ? child.value : '')).join('')
          node.children = [{ type: 'text', value: safeCss(css) }]
        },
      },
    }),
  }
  const { data } = optimize(withoutEntities(text), {
    plugins: [onlyDrawing, 'removeScripts'],
    js2svg: { pretty: false },
  })
  if (!size) throw new Error('There is no drawing in it.')
  return { bytes: Buffer.from(data), ...size }
}

function remove(node: unknown, parent: { children: unknown[] }) {
  parent.children = parent.children.filter((child) => child !== node)
}

/** @returns the value of an attribute, or undefined when the attribute must go. The value may be a list, as in an animation. */
function safeAttribute(name: string, value: string): string | undefined {
  if (/^on/i.test(name) || /^xmlns/.test(name)) return undefined
  if (name.includes(':') && !/^(xlink:href|xlink:title|xml:space|xml:lang)$/.test(name)) return undefined
  if (/(^|:)href$|^src$/.test(name)) return SAFE_ADDRESS.test(value) ? value : undefined
  if (/javascript:/i.test(value.replace(/[\s\0]+/g, ''))) return undefined
  return /[a-z-]\(|\\/i.test(value) ? safeCss(value) || undefined : value
}

/** @returns CSS with only safe addresses; empty when it has escapes or rules that could hide an address. */
function safeCss(css: string): string {
  const plain = css.replace(/\/\*[\s\S]*?(\*\/|$)/g, '')
  if (/\\|@import|@namespace|expression\(|-moz-binding|image-set\(|\bsrc\(/i.test(plain)) return ''
  return plain.replace(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))\s*\)?/gi, (whole, double, single, bare) =>
    SAFE_ADDRESS.test(double ?? single ?? bare ?? '') ? whole : 'none',
  )
}

/** Replaces the entities that drawing programs use for namespaces, and removes the DOCTYPE that declares them. */
function withoutEntities(text: string): string {
  const entities = new Map<string, string>()
  const body = text.replace(/^\uFEFF/, '').replace(/<!DOCTYPE[^[>]*(\[[\s\S]*?\]\s*)?>/i, (doctype) => {
    for (const [, name = '', double, single] of doctype.matchAll(
      /<!ENTITY\s+([\w.-]+)\s+(?:"([^"&<]*)"|'([^'&<]*)')\s*>/g,
    ))
      entities.set(name, double ?? single ?? '')
    return ''
  })
  if (/<!(DOCTYPE|ENTITY)/i.test(body)) throw new Error('It declares what it is twice.')
  return body.replace(/&([\w.-]+);/g, (whole, name) =>
    entities.has(name) ? (entities.get(name) ?? '').replace(/[<>"']/g, '') : whole,
  )
}

/** The CSS pixels of each unit (CSS Values 4 §6.2). */
const UNITS: Record<string, number> = {
  '': 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  em: 16,
  ex: 8,
}

/** The size from the attributes or the view box; 300 by 150 without these, as in browsers. */
function sizeOf(attributes: Record<string, string>) {
  const length = (value = '') => {
    const [, number = '', unit = ''] = /^\s*(\d*\.?\d+(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(value) ?? []
    return Number(number) * (UNITS[unit.toLowerCase()] ?? 0) || undefined
  }
  const [, , across = 0, down = 0] = (attributes.viewBox ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  const ratio = across > 0 && down > 0 ? down / across : undefined
  const [w, h] = [length(attributes.width), length(attributes.height)]
  const width = w ?? (h && ratio ? h / ratio : ratio ? across : 300)
  const height = h ?? (ratio ? width * ratio : 150)
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) }
}
