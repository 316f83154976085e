/** Programs that are not ours and check feeds: Jing (RELAX NG), jsonschema, and Expat, which reads XML strictly. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { findProgram } from '../scripts/steps.mjs'

/** The schemas of RFC 4287, Appendix B (`atom.rng`), and JSON Feed 1.1 (`jsonfeed/feed.json` with `feed-1.json`, SchemaStore). */
export const schemas = process.env.FEED_SCHEMAS ?? ''
export const howToGetSchemas =
  'FEED_SCHEMAS names no folder: put RFC 4287, Appendix B, into it as atom.rng (trang makes it of the compact form), and feed-1.json and feed.json of www.schemastore.org into its folder jsonfeed'

/** @returns what is wrong with Atom feeds, by RELAX NG; one line for each mistake. */
export function atomProblems(files: string[]): string[] {
  const jar = 'node_modules/vnu-jar/build/dist/vnu.jar'
  const jing = 'nu.validator.vendor.thaiopensource.relaxng.util.Driver'
  return said(run('java', ['-cp', jar, jing, path.join(schemas, 'atom.rng'), ...files]))
}

/** @returns what is wrong with JSON feeds, by their JSON Schema. */
export function jsonProblems(files: string[]): string[] {
  const program = `
import json, sys, jsonschema
from urllib.parse import urljoin
folder, files = sys.argv[1], sys.argv[2:]
read = lambda file: json.load(open(file, encoding="utf-8"))
schema, first = read(folder + "/feed.json"), read(folder + "/feed-1.json")
base = schema.get("id", "https://json.schemastore.org/feed")
store = {urljoin(base, name): one for name, one in [("feed", schema), ("feed.json", schema), ("feed-1", first), ("feed-1.json", first)]}
resolver = jsonschema.RefResolver(base, schema, store=store)
for file in files:
    for error in jsonschema.Draft4Validator(schema, resolver=resolver).iter_errors(read(file)):
        print(file, list(error.path), error.message[:200])`
  return said(run('python3', ['-W', 'ignore', '-c', program, path.join(schemas, 'jsonfeed'), ...files]))
}

/** @returns why files are not well-formed XML (Expat). */
export function xmlProblems(files: string[]): string[] {
  const program = `
import sys
from xml.parsers import expat
for file in sys.argv[1:]:
    try: expat.ParserCreate(namespace_separator=" ").ParseFile(open(file, "rb"))
    except Exception as error: print(file, error)`
  return said(run('python3', ['-c', program, ...files]))
}

function run(name: string, args: string[]) {
  const program = findProgram(name)
  if (!program) throw new Error(`There is no ${name}.`)
  return spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1e8 })
}

/** A program that fails without a word about a feed has a problem of its own. */
function said({ status, stdout, stderr }: { status: number | null; stdout: string; stderr: string }): string[] {
  const lines = stdout.split('\n').filter(Boolean)
  return status !== 0 && lines.length === 0 ? [stderr.slice(-500)] : lines
}
