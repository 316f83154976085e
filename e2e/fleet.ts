/** Starts several instances, a Redis, and nginx or Caddy with the files in deploy/, as an operator does. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findProgram } from '../scripts/steps.mjs'
import { type Asked, type Reply, send } from '../scripts/verify/http'
import { freePort, type Running, start, untilReady } from '../scripts/verify/processes'
import { environment, startRedis } from './server'

/** The programs that a fleet needs, with their Debian packages, and whether all are installed. */
export const programs = { nginx: 'nginx-light', 'redis-server': 'redis-server', openssl: 'openssl' }
export const hasPrograms = Object.keys(programs).every(findProgram)

export type Instance = {
  port: number
  url: string
  output: () => string
  pid: () => number | undefined
  /** Starts the instance at its port, and waits until it is ready. */
  start: () => Promise<void>
  /** Sends a signal to the instance and waits for its end. */
  stop: (signal?: NodeJS.Signals) => Promise<void>
}

/**
 * Makes one instance of the bundle, which is not started yet.
 *
 * @param bundle gives the folder of the bundle, at each start.
 */
export async function makeInstance(
  settings: Record<string, string>,
  bundle: () => string = () => 'bundle-e2e',
): Promise<Instance> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let server: Running | undefined
  const before: string[] = []
  return {
    port,
    url,
    output: () => [...before, server?.output() ?? ''].join(''),
    pid: () => server?.child.pid,
    start: async () => {
      if (server) before.push(server.output())
      const env = { ...process.env, ...environment, ...settings, PORT: String(port), HOSTNAME: '127.0.0.1' }
      server = start(process.execPath, [`${bundle()}/server.js`], { env })
      await untilReady(async () => (await send(`${url}/readyz`)).status === 200, server)
    },
    stop: async (signal) => server?.stop(signal),
  }
}

type Nginx = {
  /** The address of the site in deploy/nginx.conf. */
  https: string
  /** The same site over plain http, which only tests have. */
  http: string
  /** The address that redirects from http to https. */
  plain: string
  /** The file of its self-signed certificate. */
  certificate: string
  /** Its log of requests. `errors` is its log of errors. */
  log: () => string
  errors: () => string
  /** Empties its caches. */
  empty: () => void
  /** The names of the files in one of its caches. */
  kept: (zone: 'pages' | 'media' | 'assets') => string[]
  stop: () => Promise<void>
}

/**
 * Starts nginx with deploy/nginx.conf. Only ports, host names, paths and the addresses of instances are replaced.
 *
 * @param change changes the recipe, for example to see that a test notices a mistake in it.
 * @throws when a text that is to be replaced is not in the recipe.
 */
export async function startNginx(
  upstreams: number[],
  { change, port, over = 'https' }: { change?: (recipe: string) => string; port?: number; over?: Over } = {},
): Promise<Nginx> {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-nginx-'))
  const [plain, secure, open] = [await freePort(), await freePort(), port ?? (await freePort())]
  const file = (name: string) => path.join(folder, name)
  execFileSync(
    findProgram('openssl') ?? '',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', file('key.pem'), '-out', file('certificate.pem')],
    ],
    { stdio: 'ignore' },
  )
  const host = `localhost:${over === 'https' ? secure : open}`
  const replacements: [string, string][] = [
    ['127.0.0.1:3001', `127.0.0.1:${upstreams[0]}`],
    ['127.0.0.1:3002', `127.0.0.1:${upstreams[1]}`],
    ['127.0.0.1:3003', `127.0.0.1:${upstreams[2]}`],
    ['/var/cache/galley-pages', file('pages')],
    ['/var/cache/galley-assets', file('assets')],
    ['/var/cache/galley-media', file('media')],
    ['/var/log/nginx/', `${folder}/`],
    ['/var/www/acme', file('acme')],
    ['/etc/letsencrypt/live/blog.example/fullchain.pem', file('certificate.pem')],
    ['/etc/letsencrypt/live/blog.example/privkey.pem', file('key.pem')],
    ['listen 80', `listen 127.0.0.1:${plain}`],
    ['listen [::]:80;', ''],
    ['listen [::]:80 default_server;', ''],
    ['listen [::]:443 ssl http2;', ''],
    ['listen [::]:443 ssl http2 default_server;', ''],
    ['listen 443 ssl http2;', `listen 127.0.0.1:${secure} ssl http2; listen 127.0.0.1:${open};`],
    ['listen 443', `listen 127.0.0.1:${secure}`],
    ['https://blog.example$request_uri', `https://localhost:${secure}$request_uri`],
    ['Host blog.example;', `Host ${host};`],
    ['server_name blog.example;', 'server_name localhost;'],
  ]
  let recipe = readFileSync('deploy/nginx.conf', 'utf8').replace(/^\s*#.*\n/gm, '')
  for (const [from, to] of replacements) {
    if (!recipe.includes(from)) throw new Error(`deploy/nginx.conf has no ${from}`)
    recipe = recipe.replaceAll(from, to)
  }
  const left = /^.*(blog\.example|\/(var|etc)\/|\b(80|443)\b).*$/m.exec(recipe.replaceAll(folder, ''))
  if (left) throw new Error(`deploy/nginx.conf would use this machine's own: ${left[0]}`)
  mkdirSync(file('acme'))
  mkdirSync(file('temporary'))
  writeFileSync(file('site.conf'), change ? change(recipe) : recipe)
  // The rest is as in Debian's own nginx.conf.
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  writeFileSync(
    file('nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 2;
pid ${file('nginx.pid')};
error_log ${file('start.log')};
events { worker_connections 2048; }
http {
  ${temporary.map((name) => `${name}_temp_path ${file(`temporary/${name}`)};`).join('\n  ')}
  sendfile on;
  tcp_nopush on;
  types { text/html html; }
  default_type application/octet-stream;
  ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
  ssl_prefer_server_ciphers on;
  access_log ${file('other.log')};
  gzip on;
  include ${file('site.conf')};
}
`,
  )
  const server = start(findProgram('nginx') ?? '', ['-p', folder, '-e', file('start.log'), '-c', file('nginx.conf')])
  const address = { https: `https://localhost:${secure}`, http: `http://localhost:${open}` }
  await untilReady(async () => (await send(`${address.http}/readyz`)).status > 0, server)
  const read = (name: string) => readFileSync(file(name), 'utf8')
  return {
    ...address,
    plain: `http://localhost:${plain}`,
    certificate: file('certificate.pem'),
    log: () => read('galley.log') + read('other.log'),
    errors: () => read('galley.error.log') + read('start.log'),
    kept: (zone) =>
      readdirSync(file(zone), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name),
    empty: () => {
      for (const zone of ['pages', 'assets', 'media'])
        for (const name of readdirSync(file(zone))) rmSync(path.join(file(zone), name), { recursive: true })
    },
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Over = 'https' | 'http'
export type Fleet = Nginx & {
  /** The address for readers: https as in the recipe, or http for programs that refuse a self-signed certificate. */
  url: string
  instances: Instance[]
  stop: () => Promise<void>
}

/** Starts three instances, their Redis, and nginx in front of them. */
export async function startFleet({ over = 'https', port }: { over?: Over; port?: number } = {}): Promise<Fleet> {
  const redisPort = await freePort()
  const redis = startRedis(redisPort)
  const settings: Record<string, string> = { REDIS_URL: `redis://127.0.0.1:${redisPort}`, TRUSTED_PROXIES: '1' }
  const instances = [await makeInstance(settings), await makeInstance(settings), await makeInstance(settings)]
  const nginx = await startNginx(
    instances.map((one) => one.port),
    { over, ...(port ? { port } : {}) },
  )
  const url = nginx[over]
  settings.NEXTAUTH_URL = url
  await Promise.all(instances.map((one) => one.start()))
  return {
    ...nginx,
    url,
    instances,
    stop: async () => {
      await nginx.stop()
      await Promise.all(instances.map((one) => one.stop('SIGKILL')))
      await redis.stop()
    },
  }
}

/**
 * Starts small servers in place of instances, to test which requests a proxy sends them and how it passes on answers.
 */
export async function startStandIns(handlers: http.RequestListener[]) {
  const servers = await Promise.all(
    handlers.map(
      (handler) =>
        new Promise<http.Server>((resolve) => {
          const server = http.createServer(handler)
          server.listen(0, '127.0.0.1', () => resolve(server))
        }),
    ),
  )
  return {
    ports: servers.map((server) => (server.address() as { port: number }).port),
    stop: () => {
      for (const server of servers) server.close().closeAllConnections()
    },
  }
}

/** @returns a function that starts stand-ins and a proxy before them, runs a test, and ends them all. `ask` sends requests through the proxy. */
export const beforeStandIns =
  <Proxy extends { stop: () => Promise<void> }>(
    start: (ports: number[]) => Promise<Proxy>,
    url: (proxy: Proxy) => string,
  ) =>
  async (
    handlers: http.RequestListener[],
    run: (proxy: Proxy, ask: (address: string, asked?: Asked) => Promise<Reply>) => Promise<void>,
  ) => {
    const servers = await startStandIns(handlers)
    const proxy = await start(servers.ports)
    try {
      await run(proxy, (address, asked) => send(url(proxy), asked, address))
    } finally {
      await proxy.stop()
      servers.stop()
    }
  }

/** Starts Caddy with deploy/Caddyfile on plain http. The file is not changed; its environment variables are set. */
export async function startCaddy(instances: number[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-caddy-'))
  const url = `http://localhost:${await freePort()}`
  const env = {
    ...process.env,
    GALLEY_SITE: url,
    GALLEY_INSTANCES: instances.map((port) => `127.0.0.1:${port}`).join(' '),
    CADDY_ADMIN: `localhost:${await freePort()}`,
    HOME: folder,
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
  }
  const args = ['run', '--config', 'deploy/Caddyfile', '--adapter', 'caddyfile']
  const server = start(findProgram('caddy') ?? '', args, { env })
  await untilReady(async () => (await send(`${url}/readyz`)).status > 0, server)
  return {
    url,
    output: server.output,
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
