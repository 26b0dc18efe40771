// Reads the built site in a real browser: console, links, pictures, search, phone width, dark mode, accessibility.
// node tools/site-judge/check.mjs target/site/site   (CHROMIUM names the browser; /usr/bin/chromium if it does not)
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
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

const pages = [
  'index.html', 'cli.html', 'iam.html', 'checks.html', 'sdk/index.html', 'sdk/s3.html', 'reference/index.html', 'reference/ecs.html', 'reference/sqs.html',
  'guides/index.html', 'guides/getting-started.html', 'guides/from-the-cdk.html', 'guides/deploying.html', 'guides/examples/saga.html', 'guides/examples/human-approval.html',
]
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
const links = new Set()
for (const [form, options] of forms) {
  const context = await browser.newContext(options)
  // The site needs no other host; what asks for one gets no answer and no page waits for it.
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
      links: [...document.querySelectorAll('a[href]')].map((a) => a.href),
      broken: [...document.images].filter((image) => !image.complete || image.naturalWidth === 0).map((image) => image.src),
      wide: document.documentElement.scrollWidth - innerWidth,
      scheme: document.body.dataset.mdColorScheme,
      figures: document.querySelectorAll('figure.sfn svg').length,
    }))
    seen.links.filter((link) => link.startsWith(root)).forEach((link) => links.add(link.slice(root.length)))
    seen.broken.forEach((source) => fault(where, `picture does not show: ${source}`))
    if (name === 'reference/sqs.html' && seen.figures === 0) fault(where, 'no picture')
    if (form === 'phone' && seen.wide > 0) fault(where, `${seen.wide} pixels wider than the screen`)
    if (seen.scheme !== (form === 'dark' ? 'slate' : 'default')) fault(where, `colours: ${seen.scheme}`)
    // The largest pages hold the same elements as the others, thousands of times.
    if (form !== 'phone' && !['checks.html', 'reference/ecs.html', 'sdk/s3.html'].includes(name)) {
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

const anchors = new Map()
for (const link of links) {
  const [file, anchor] = link.split('#')
  const path = join(folder, decodeURIComponent(file.split('?')[0] || 'index.html'))
  if (!existsSync(path)) { fault(link, 'no such page'); continue }
  if (!anchor || !path.endsWith('.html')) continue
  if (!anchors.has(path)) anchors.set(path, new Set([...readFileSync(path, 'utf8').matchAll(/ (?:id|name)="?([^" >]+)/g)].map((match) => match[1])))
  const wanted = decodeURIComponent(anchor)
  if (!wanted.startsWith('__') && !anchors.get(path).has(wanted)) fault(link, 'no such anchor')
}

const searches = [['runTask', 'reference/ecs.html'], ['S3 copyObject', 'sdk/s3.html'], ['.sync', 'jobs.html'], ['sqs:sendMessage', 'sqs.html']]
const context = await browser.newContext(forms[0][1])
await context.route((url) => !url.href.startsWith(root), (route) => route.abort())
const page = await context.newPage()
await page.goto(root + 'index.html')
for (const [query, wanted] of searches) {
  await page.click('.md-search__input')
  await page.fill('.md-search__input', query)
  const result = page.locator(`.md-search-result__link[href*="${wanted}"]`).first()
  await result.waitFor({ state: 'attached', timeout: 20000 }).catch(async () => {
    const got = await page.locator('.md-search-result__link').evaluateAll((all) => all.slice(0, 6).map((link) => link.getAttribute('href')))
    fault(`search for ${query}`, `${wanted} is not found, but ${got}`)
  })
}
await browser.close()
server.close()
console.log(`${pages.length} pages in ${forms.length} forms, ${links.size} links, ${searches.length} searches: ${faults.length} faults`)
faults.forEach((line) => console.error(line))
process.exit(faults.length > 0 ? 1 : 0)
