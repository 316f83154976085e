/**
 * Makes requests that no browser sends, from real addresses and from input that has confused servers before. The same
 * seed makes the same requests.
 */
import { randomFrom } from './random-from'

/** @returns a die: it gives whole numbers from 0 up to a limit, the same for the same seed. */
export function dice(seed: number): (below: number) => number {
  const random = randomFrom(seed)
  return (below) => Math.floor(random() * below)
}

const methods = [
  ...Array<string>(50).fill('GET'),
  ...'HEAD HEAD HEAD HEAD POST POST POST PUT PATCH DELETE OPTIONS TRACE TRACE PROPFIND PURGE M-SEARCH CONNECT'.split(
    ' ',
  ),
]

/** Pieces to put into a path. */
const odd = [
  ...'%00 %0A %0D%0A %09 %7F %20 %2F %5C %25 %2525 %252e %2e%2e %3F %23 %3A %40 %E2%80%A8 %E2%80%A9 %EF%BB%BF %C2%85 %FF %C0%AF %ED%A0%80 %ED%B0%80'.split(
    ' ',
  ),
  ...'%F4%90%80%80 %F0%9F%92%A9 %e6%97%a5 %E6%97 % %% %u2028 %1 %zz %5B...slug%5D [...path] [name] [[...x]] (..)x @slot __proto__ constructor'.split(
    ' ',
  ),
  ...'// /// \\ /\\ /./ /../ /.. /%2e%2e/ ; ;a=b ~ ! * : @ $ & = + , \' ( ) " < > | ^ ` { } .rsc .json .html .txt .map'.split(
    ' ',
  ),
  ...'.segments/_tree.segment.rsc .segments/_index.segment.rsc .prefetch.rsc .body .meta /page/1 /page/0 /page/-1 /page/1e9 /index /404 /500'.split(
    ' ',
  ),
  '\x80',
  '\xff\xfe',
  '\xe2\x80\xa8',
  'a'.repeat(300),
  'a/'.repeat(500),
  '%41'.repeat(2000),
  '../'.repeat(200),
]

const queries = [
  ...'? ?? ?_rsc=x ?_rsc=%00 ?nxtPslug=x ?nxtPpath[]=x ?nxtPpath=a&nxtPpath=b ?__nextDataReq=1 ?__nextLocale=x ?amp=1 ?x[]=1&x[a]=2'.split(
    ' ',
  ),
  ...'?__proto__[x]=1 ?% ?%00 ?%0A ?a=%FF ?a=%E0%A4%A ?x=<script> ?/../ ?url=%2Ficon.svg&w=640&q=75 ?url=x&url=y&w=a ?dpl=x #x #? ?#'.split(
    ' ',
  ),
  `?${'a=b&'.repeat(1500)}`,
  `?${'%'.repeat(500)}`,
]

const tree = encodeURIComponent(JSON.stringify(['', { children: ['__PAGE__', {}] }, null, null, true]))
/** Each entry is one header, or several that belong together, separated by `\r\n`. */
const headers = [
  ...[
    'bytes=0-3',
    'bytes=-0',
    'bytes=-5',
    'bytes=99999999-',
    'bytes=5-2',
    'bytes=0-0,2-3,99999999-',
    'bytes=a-b',
    'bytes=',
    'items=0-1',
    `bytes=${'0-0,'.repeat(500)}`,
    'bytes=99999999999999999999999999-',
  ].map((range) => `Range: ${range}`),
  'Range: bytes=0-3\r\nIf-Range: "x"',
  'Range: bytes=99999999-\r\nIf-Range: Thu, 01 Jan 1970 00:00:00 GMT',
  ...['If-Match', 'If-None-Match', 'If-Range'].flatMap((name) =>
    ['*', '"x"', 'W/"x"', 'x', '', '"', '\xff', ',,,,', `"${'y'.repeat(500)}"`].map((tag) => `${name}: ${tag}`),
  ),
  ...['If-Unmodified-Since', 'If-Modified-Since'].flatMap((name) =>
    ['Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 01 Jan 2100 00:00:00 GMT', 'x', '0', ''].map((date) => `${name}: ${date}`),
  ),
  ...['100-continue', 'x', ''].map((expect) => `Expect: ${expect}`),
  ...['chunked', 'gzip, chunked', 'identity', 'x', 'chunked, chunked', '\x0bchunked'].map(
    (coding) => `Transfer-Encoding: ${coding}`,
  ),
  'Transfer-Encoding: chunked\r\nContent-Length: 3',
  ...['0', '3', '-1', 'x', '99999999999999999999'].map((length) => `Content-Length: ${length}`),
  'Connection: Upgrade\r\nUpgrade: websocket',
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
  'Connection: x, keep-alive, close',
  ...['*/*', 'text/html', 'image/avif,*/*;q=0', 'x', ';;;,,,', '', '*'].map((accept) => `Accept: ${accept}`),
  ...['br', 'gzip;q=0', '*;q=0', 'identity;q=0', 'x;q=x', ',,,;', 'br;q=9e9', `${'gzip,'.repeat(500)}`].map(
    (accept) => `Accept-Encoding: ${accept}`,
  ),
  ...['image', 'font', 'document', 'script', 'x', ''].map((dest) => `Sec-Fetch-Dest: ${dest}`),
  'RSC: 1',
  'RSC: 1\r\nNext-Router-Prefetch: 1',
  'RSC: 1\r\nNext-Router-Prefetch: 2',
  ...['/_tree', '/_index', '/', '%', '/../x', '/drafts/__PAGE__'].map(
    (segment) => `RSC: 1\r\nNext-Router-Prefetch: 1\r\nNext-Router-Segment-Prefetch: ${segment}`,
  ),
  ...[tree, '%', '[]', 'null', '{', '%5B%22__proto__%22%5D', encodeURIComponent('["",{"children":["x","y","z"]}]')].map(
    (state) => `RSC: 1\r\nNext-Router-State-Tree: ${state}`,
  ),
  `Next-Router-State-Tree: ${tree}\r\nNext-Url: /%\r\nNext-HMR-Refresh: 1`,
  `RSC: 1\r\nNext-Router-State-Tree: ${'x'.repeat(9000)}`,
  ...['/drafts', '//x', '%', '/%00'].map((url) => `RSC: 1\r\nNext-Url: ${url}`),
  'Next-Action: x',
  `Next-Action: ${'a'.repeat(42)}`,
  'Next-Resume: 1\r\nX-Next-Resume-State-Length: 9',
  'Next-Instant-Navigation-Testing: 1',
  ...[
    'x-middleware-subrequest: proxy:proxy:proxy:proxy:proxy',
    'x-middleware-prefetch: 1',
    'x-nextjs-data: 1',
    'x-matched-path: /drafts/[...slug]',
    'x-matched-path: %',
    'x-now-route-matches: 1=%',
    'x-invoke-path: /500',
    'x-invoke-status: 500',
    'x-invoke-error: {',
    'x-prerender-revalidate: x',
    'x-action-forwarded: 1',
    'x-http-method-override: TRACE',
    'x-request-id: \xff',
  ],
  ...['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'multipart/form-data', 'x', '/', ''].map(
    (type) => `Content-Type: ${type}`,
  ),
  ...[
    'galley.session=%',
    'galley.session=x.y.z',
    '__Host-galley.session=%00',
    '=',
    ';;;=;',
    '__prerender_bypass=x; __next_preview_data=%',
    `a=${'b'.repeat(9000)}`,
    'a=\xff',
    'galley.session=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..x.y.z',
  ].map((cookie) => `Cookie: ${cookie}`),
  ...['Bearer %', 'Basic \xff', 'Bearer', ''].map((value) => `Authorization: ${value}`),
  ...['null', 'https://evil.example', '%', '', 'http://['].map((origin) => `Origin: ${origin}`),
  ...['http', 'https,http', 'gopher', ''].map((proto) => `X-Forwarded-Proto: ${proto}`),
  ...['evil.example', 'a b', '[', ':', 'x:99999', ''].map((host) => `X-Forwarded-Host: ${host}`),
  ...['::1, x', '\xff', 'unknown', ''].map((from) => `X-Forwarded-For: ${from}`),
  'Accept-Language: \xff;q=x,,',
  'Referer: %',
  'User-Agent: ',
  `X-Long: ${'x'.repeat(20_000)}`,
  Array.from({ length: 150 }, (_, at) => `X-${at}: y`).join('\r\n'),
]

const hosts = [
  ...Array<string>(40).fill('localhost'),
  '',
  'evil.example',
  'a b',
  '[',
  '[::1',
  'x:y:z',
  'x:99999',
  '\xff',
  '%00',
  'x/../y',
  'x?y#z',
  '@',
  `${'x'.repeat(5000)}`,
]

const bodies = [
  '',
  '',
  'a=b',
  '3\r\na=b\r\n0\r\n\r\n',
  'ffffffffffffffff\r\n',
  '--x\r\ncontent-disposition: form-data; name="$ACTION_ID_x"\r\n\r\n\r\n--x--\r\n',
  'name=%&password=%FF',
  '["$1:a:a"]',
  '\0'.repeat(100),
]

/**
 * Makes one request, as text in Latin-1. It has `Connection: close`.
 *
 * @param bases addresses of real pages, and the names of routes.
 */
export function oddRequest(roll: (below: number) => number, bases: string[]): string {
  const one = (list: string[]) => list[roll(list.length)] as string
  const often = (percent: number) => roll(100) < percent
  let target = one(bases)
  while (often(45)) {
    const at = often(40) ? target.length : 1 + roll(target.length)
    const kind = roll(4)
    if (kind < 2) target = `${target.slice(0, at)}${one(odd)}${target.slice(at)}`
    else if (kind === 2) target = `${target.slice(0, at)}${target.slice(at + 1 + roll(5))}`
    else {
      const code = (target.charCodeAt(at - 1) & 255).toString(16).padStart(2, '0')
      target = `${target.slice(0, at - 1)}%${often(30) ? '25' : ''}${code}${target.slice(at)}`
    }
    if (target.length > 20_000) target = target.slice(0, 20_000)
  }
  if (often(25)) target += one(queries)
  if (often(4)) target = `${one(['http://', 'https://', 'HTTP://', 'ftp://', 'x:', 'http:'])}${one(hosts)}${target}`
  if (often(2)) target = one(['*', '', 'localhost:80', 'drafts', '//', '///', '/\\', '?', '#', '%', '.', '..'])
  const lines = [`${one(methods)} ${target} HTTP/${often(3) ? one(['1.0', '2.0', '0.9', 'x']) : '1.1'}`]
  if (!often(2)) lines.push(`Host: ${one(hosts)}`)
  while (often(55)) lines.push(one(headers))
  const body = often(20) ? one(bodies) : ''
  if (body && often(80)) lines.push(`Content-Length: ${body.length}`)
  lines.push('Connection: close')
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}
