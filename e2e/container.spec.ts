/**
 * The promises of Dockerfile and compose.yaml. The tests start no container; e2e/bundle.spec.ts runs the steps and the
 * command of the Dockerfile.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@playwright/test'
import { parse } from 'yaml'
import { stages, values } from './dockerfile'

test('the image has the bundle and nothing else', () => {
  const final = stages().at(-1) ?? []
  expect(final.filter(({ name }) => name === 'RUN' || name === 'ADD')).toEqual([])
  expect(values(final, 'COPY')).toEqual([expect.stringMatching(/^--from=build \S+\/bundle \S+$/)])
})

test('packages are installed before the words are copied, so that a new post does not install them again', () => {
  const [build = []] = stages()
  const order = build.map(({ name, value }) => `${name} ${value}`)
  const at = (text: RegExp) => order.findIndex((line) => text.test(line))
  expect(at(/^COPY package\.json package-lock\.json/)).toBeGreaterThan(0)
  expect(at(/^RUN .*install\(\)/)).toBeGreaterThan(at(/^COPY package/))
  expect(at(/^COPY \. \./)).toBeGreaterThan(at(/^RUN .*install\(\)/))
})

test('the image runs as nobody special, is stopped as the server wants it, and asks whether it is ready', async () => {
  const final = stages().at(-1)
  const [user = ''] = values(final, 'USER')
  expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
  expect(values(final, 'STOPSIGNAL')).toEqual(['SIGTERM'])
  // Docker sets HOSTNAME to the name of the container. A server on that address does not answer its own health check.
  expect(values(final, 'ENV').join(' ')).toContain('HOSTNAME=0.0.0.0')
  const [health = ''] = values(final, 'HEALTHCHECK')
  const [command, ...args] = JSON.parse(health.slice(health.indexOf('[')))
  expect(command).toBe('node')
  let ready = true
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(ready ? 200 : 503).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const PORT = String((server.address() as AddressInfo).port)
  const check = async () => (await once(spawn(process.execPath, args, { env: { ...process.env, PORT } }), 'exit'))[0]
  expect(await check()).toBe(0)
  ready = false
  expect(await check()).toBe(1)
  server.close()
  expect(await check()).toBe(1)
  expect(asked).toEqual(['/readyz', '/readyz'])
})

test('no secret and no build of this machine gets into the image', () => {
  const ignored = readFileSync('.dockerignore', 'utf8').split('\n')
  for (const name of ['.env', '.env.local', '.env.production', 'node_modules', '.next', '.contentlayer', 'bundle'])
    expect(ignored).toContain(name)
  // Docker gets .git too, because its history says when a draft was last changed.
  expect(ignored).not.toContain('.git')
  const text = stages()
    .flat()
    .filter(({ name }) => name === 'ENV' || name === 'ARG')
    .map(({ value }) => value)
    .join(' ')
  expect(text).not.toMatch(/SECRET|PASSWORD|EDITORS|REDIS|_ID=/)
})

test('every service of compose.yaml is locked, limited, watched and started again', () => {
  const { services, networks, volumes } = parse(readFileSync('compose.yaml', 'utf8'), { merge: true })
  for (const [name, service] of Object.entries<Record<string, never>>(services)) {
    expect(service, name).toMatchObject({
      restart: 'unless-stopped',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      tmpfs: [expect.stringMatching(/^\/tmp:size=/)],
      deploy: { resources: { limits: { memory: expect.stringMatching(/^\d+M$/), pids: expect.any(Number) } } },
    })
    // The health check of the blog is in the Dockerfile.
    if (name !== 'blog') expect(service, name).toHaveProperty('healthcheck.test')
    expect(service, name).not.toHaveProperty('privileged')
    for (const volume of (service.volumes ?? []) as string[]) {
      const [from = '', , mode] = volume.split(':')
      if (from.startsWith('.')) expect(mode, volume).toBe('ro')
      else expect(Object.keys(volumes)).toContain(from)
    }
  }
  const { blog, redis, caddy } = services
  expect(blog.env_file).toBe('.env.local')
  expect(blog.environment).toMatchObject({ REDIS_URL: 'redis://redis:6379', TRUSTED_PROXIES: '1' })
  expect(blog.environment.NEXTAUTH_URL).toMatch(/^https:\/\/\$\{DOMAIN:\?/)
  // Only Caddy is reached from outside, and Redis only by the blog.
  for (const [name, { ports }] of Object.entries<{ ports?: string[] }>(services))
    if (name !== 'caddy') expect(ports, name).toBeUndefined()
  expect(caddy.ports).toEqual(expect.arrayContaining(['80:80', '443:443']))
  for (const port of caddy.ports) expect(port).toMatch(/^(80:80|443:443)(\/udp)?$/)
  expect(redis.networks).toEqual(['back'])
  expect(networks.back).toEqual({ internal: true })
  expect(caddy.networks).toEqual(['front'])
  expect(caddy.cap_add).toEqual(['NET_BIND_SERVICE'])
  expect(existsSync('.env.example')).toBe(true)
  const asked = [...readFileSync('deploy/Caddyfile', 'utf8').matchAll(/\{\$(GALLEY_\w+)/g)].map(([, name]) => name)
  expect(Object.keys(caddy.environment).sort()).toEqual([...new Set(asked)].sort())
})
