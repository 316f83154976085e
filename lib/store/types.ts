/** The types of all that the store keeps. This file imports nothing, so that every folder can use it. */

/** Something wrong in a file, and what to type. `file` is relative to the content folder; `line` counts from 1. */
export type Problem = { file: string; line: number; message: string; severity: 'error' | 'warning' }

export type Heading = { id: string; text: string; depth: 2 | 3 }

/** The headings of bodies in their order, by the key of the body. */
export type Headings = Record<string, Pick<Heading, 'id' | 'text'>[]>

/**
 * A part of the index for the search in the browser: the key of its folder, and the languages in it; the one that gives the rules for
 * endings first.
 */
export type SearchPart = { key: string; languages: string[] }

/** A link as it is written, and its line in the file. The words of a bare one are its address. */
export type Link = { href: string; line: number; bare?: true }

/** A style sheet or a script that a page loads only when its text needs it. */
export type Need = 'maths' | 'diagrams'

/** A file of the store's `pictures`, by its name there, and where it is served. */
export type Kept = { file: string; src: string }

/** A local file that a document shows or offers. For a missing file `stamp` and `kept` are empty. */
export type Media = {
  /** As the author has it: absolute, and in a stored body relative to the content folder. */
  file: string
  /** Differs when the file does. */
  stamp: string
  /** Where it is served, or what was written when it is not. */
  src: string
  kept: Kept[]
}

/** The first of a document's `images`, which other sites show beside a link to it. */
export type Cover = { src: string; width?: number; height?: number; small?: string }

/** A compiled body. All lines are those of the file. */
export type Body = {
  html: string
  headings: Heading[]
  /** What an address can name after its `#`. */
  ids: string[]
  firstParagraph: string
  words: number
  links: Link[]
  /** Every local file that it shows or offers. */
  pictures: Media[]
  /** Files that an MDX document imports. */
  imports: Pick<Media, 'file' | 'stamp'>[]
  needs: Need[]
  /** CSS rules for this text only. */
  css: string
  cover?: Cover
  /** `field` is the one of the front matter that is wrong; the compiler knows its line. */
  problems: (Omit<Problem, 'file'> & { field?: string })[]
}

/** Links of a body that are set otherwise than they are written: their new address, or null for words without a link. */
export type Changes = Record<string, string | null>

/** The last change of a file: when (ISO 8601, UTC), by whom (from git), and whether it is not in git yet. */
export type Change = { at: string; by?: string; uncommitted?: true }
