import type { LanguageInput } from 'shiki/core'
import { bundledLanguages, bundledLanguagesAlias, bundledLanguagesInfo } from 'shiki/langs'

/** Every language that Shiki knows, by its names. */
export const LANGUAGES: Record<string, LanguageInput> = { ...bundledLanguages, ...bundledLanguagesAlias }

/** Names of languages that posts use and Shiki does not know. Names for plain text are in it, so that they cause no warning. */
const OTHER_NAMES: Record<string, string> = {
  text: 'txt plain plaintext none nohighlight no-highlight output raw verbatim ascii ascii-art art tree treeview text-only gitignore',
  apache: 'htaccess apacheconf httpd',
  asm: 'nasm assembly x86asm',
  bash: 'curl',
  c: 'h',
  clojure: 'edn cljs clojurescript',
  cpp: 'cxx hpp hh cuda cu',
  diff: 'patch udiff',
  dotenv: 'env',
  elixir: 'ex exs',
  'fortran-free-form': 'fortran fortran90',
  gherkin: 'cucumber',
  go: 'golang',
  groovy: 'gradle',
  handlebars: 'mustache',
  haxe: 'hx',
  html: 'htm xhtml ejs',
  ini: 'conf config cfg editorconfig gitconfig service',
  javascript: 'node nodejs es6 flow',
  jinja: 'jinja2 j2 django',
  json: 'json-ld webmanifest',
  jsx: 'javascriptreact',
  log: 'logs',
  make: 'mk',
  matlab: 'octave',
  nginx: 'nginxconf',
  ocaml: 'ml',
  perl: 'pl',
  php: 'php3 php7 phtml',
  powershell: 'powershell-session',
  python: 'py3 python3 starlark bazel bzl',
  r: 'rlang',
  razor: 'cshtml',
  ruby: 'irb',
  scala: 'sc',
  shellsession: 'shell-session sh-session terminal',
  solidity: 'sol',
  sql: 'mysql pgsql postgres postgresql psql sqlite tsql',
  'system-verilog': 'sv systemverilog',
  tsx: 'typescriptreact',
  turtle: 'ttl n3',
  vb: 'vbnet vba vbscript',
  viml: 'vimrc',
  xml: 'svg rss atom plist xsd xslt wsdl xaml',
  yaml: 'compose docker-compose kubernetes k8s cloudformation ansible',
}
/** Shiki's name of a language, by the other names that posts write. */
export const languageOf = new Map(
  Object.entries(OTHER_NAMES).flatMap(([name, others]) => others.split(' ').map((other) => [other, name] as const)),
)

/** All names of a language, by Shiki's own. */
export const namesOf = new Map(
  bundledLanguagesInfo.map(({ id, aliases = [] }) => [id, [id, ...aliases, ...(OTHER_NAMES[id]?.split(' ') ?? [])]]),
)
