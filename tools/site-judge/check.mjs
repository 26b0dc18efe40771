// Checks the built site in a real browser: console, links, pictures, search, phone width, dark mode, accessibility.
// node tools/site-judge/check.mjs target/site/site   (CHROMIUM sets the browser; the default is /usr/bin/chromium)
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const folder = process.argv[2]
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const types = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png' }
const server = createServer((request, response) => {
  const path = join(folder, normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname)))
  if (!existsSync(path) || !statSync(path).isFile()) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' })
  createReadStream(path).pipe(response)
}).listen(0, '127.0.0.1')
await new Promise((done) => server.once('listening', done))
const root = `http://127.0.0.1:${server.address().port}/`

// Every page of the guides, the reference and the manual, and some pages of the AWS SDK, which all have the same structure.
const walk = (below) => readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
  const name = below + entry.name
  return entry.isDirectory() ? walk(`${name}/`) : name.endsWith('.html') ? [name] : []
})
const all = walk('').sort()
const sdk = ['index', 's3', 'sfn', 'ec2'].map((name) => `sdk/${name}.html`)
const pages = all.filter((name) => name !== '404.html' && (!name.startsWith('sdk/') || sdk.includes(name)))
for (const name of ['index.html', 'cli.html', 'checks.html', 'reference/ecs.html', 'guides/getting-started.html', ...sdk]) {
  if (!pages.includes(name)) throw new Error(`${name} is missing in ${folder}`)
}
// axe-core needs a minute for a page of this size, and the largest pages have the same elements as the others.
const LARGE = 250_000
const faults = []
const fault = (where, what) => faults.push(`${where}: ${what}`)

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
const forms = [
  ['desktop', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['phone', { viewport: { width: 375, height: 740 }, colorScheme: 'light' }],
]
for (const [form, options] of forms) {
  const context = await browser.newContext(options)
  // The site needs no other host. Requests to other hosts fail at once, so that no page waits for them.
  await context.route((url) => !url.href.startsWith(root), (route) => route.abort())
  for (const name of pages) {
    const where = `${name} (${form})`
    const page = await context.newPage()
    page.on('console', (message) => {
      const elsewhere = /^https?:/.test(message.location().url) && !message.location().url.startsWith(root)
      if (message.type() === 'error' && !elsewhere) fault(where, `console: ${message.text()}`)
    })
    page.on('pageerror', (error) => fault(where, `error: ${error.message}`))
    const response = await page.goto(root + name, { waitUntil: 'load' })
    if (response.status() !== 200) { fault(where, `status ${response.status()}`); await page.close(); continue }
    const seen = await page.evaluate(() => ({
      broken: [...document.images].filter((image) => !image.complete || image.naturalWidth === 0).map((image) => image.src),
      wide: document.documentElement.scrollWidth - innerWidth,
      scheme: document.body.dataset.mdColorScheme,
      figures: document.querySelectorAll('figure.sfn svg').length,
    }))
    seen.broken.forEach((source) => fault(where, `picture does not show: ${source}`))
    if (/^reference\/(?!index)/.test(name) && seen.figures === 0) fault(where, 'no picture')
    if (form === 'phone' && seen.wide > 0) fault(where, `${seen.wide} pixels wider than the screen`)
    if (seen.scheme !== (form === 'dark' ? 'slate' : 'default')) fault(where, `colours: ${seen.scheme}`)
    if (form !== 'phone' && statSync(join(folder, name)).size < LARGE) {
      await page.evaluate(axe)
      const found = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'], resultTypes: ['violations'] }))
      for (const violation of found.violations) {
        fault(where, `${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 2).map((node) => node.html.slice(0, 140)).join(' | ')} (${violation.nodes.length})`)
      }
    }
    await page.close()
  }
  await context.close()
}

// Links and anchors of every page, including those of the AWS SDK.
const text = (name) => readFileSync(join(folder, name), 'utf8')
const anchors = new Map(all.map((name) => [name, new Set([...text(name).matchAll(/ (?:id|name)="?([^" >]+)/g)].map((match) => match[1]))]))
let links = 0
for (const name of all) {
  if (name === '404.html') continue
  for (const link of new Set([...text(name).matchAll(/<a [^>]*?href="?([^" >]+)/g)].map((match) => match[1].replaceAll('&amp;', '&')))) {
    const url = new URL(link, root + name)
    if (!url.href.startsWith(root)) continue
    links += 1
    const path = decodeURIComponent(url.pathname.slice(1)) || 'index.html'
    const anchor = decodeURIComponent(url.hash.slice(1))
    if (!existsSync(join(folder, path))) fault(name, `${link}: no such page`)
    else if (anchor && !anchor.startsWith('__') && anchors.has(path) && !anchors.get(path).has(anchor)) fault(name, `${link}: no such anchor`)
  }
}

const searches = [['runTask', 'reference/ecs.html'], ['S3 copyObject', 'sdk/s3.html'], ['.sync', 'jobs.html'], ['sqs:sendMessage', 'sqs.html'], ['callback-timeout', 'checks.html']]
const context = await browser.newContext(forms[0][1])
await context.route((url) => !url.href.startsWith(root), (route) => route.abort())
for (const [query, wanted] of searches) {
  const page = await context.newPage()
  await page.goto(root + 'index.html')
  await page.click('.md-search__input')
  // The theme searches on `keyup`, so the query is typed.
  await page.locator('.md-search__input').pressSequentially(query)
  const found = page.locator(`.md-search-result__link[href*="${wanted}"]`).first()
  await found.waitFor({ state: 'attached', timeout: 60000 }).catch(async () => {
    const got = await page.locator('.md-search-result__link').evaluateAll((all) => all.slice(0, 6).map((link) => link.getAttribute('href').replace(/.*127.0.0.1:\d+/, '')))
    fault(`search for ${query}`, `${wanted} is not found, but ${got}`)
  })
  await page.close()
}
await browser.close()
server.close()
console.log(`${pages.length} pages in ${forms.length} forms, ${links} links of ${all.length} pages, ${searches.length} searches: ${faults.length} faults`)
faults.forEach((line) => console.error(line))
process.exit(faults.length > 0 ? 1 : 0)
