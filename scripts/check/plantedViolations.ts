/**
 * Proves that the gates see: copies the tree, plants one violation of every rule, runs each gate once over all of its own, and fails for each
 * plant that no gate complained about, and for each lawful neighbour that one did. (A dependency checker once passed here by reading nothing.)
 */
import { execFileSync, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { forbidden, lawful, type Plant } from '../plants/imports.ts'
import { typePlants } from '../plants/types.ts'

const root = join(import.meta.dirname, '../..')
const copied = [
  'bin',
  'domain',
  'server',
  'web',
  'test',
  'bench',
  'scripts',
  'package.json',
  'tsconfig.json',
  'knip.json',
  'oxlint.config.ts',
  '.oxfmtrc.json',
  '.gitignore',
  'vite.config.ts',
  'vitest.config.ts',
  'catalogue.lock.json',
  'doors.lock.json',
]
const blind: string[] = []

const run = (folder: string, ...command: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', reject).on('close', (code) => resolve({ code: code ?? 1, output }))
  })
const tool = (path: string): string => join(root, 'node_modules', path)

/** Plants `text` at `path` while `act` runs, then puts back what was there. */
const planted = async (folder: string, plants: readonly Plant[], act: () => Promise<void>): Promise<void> => {
  const before = await Promise.all(plants.map(({ path }) => readFile(join(folder, path), 'utf8').catch(() => null)))
  for (const { path, text } of plants) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  await act()
  for (const [i, { path }] of plants.entries()) {
    if (before[i] === null || before[i] === undefined) await rm(join(folder, path))
    else await writeFile(join(folder, path), before[i])
  }
}

const expectSeen = (gate: string, plants: readonly Plant[], seen: (plant: Plant) => boolean): void => {
  for (const plant of plants) if (!seen(plant)) blind.push(`${gate} does not see ${plant.what} (${plant.path})`)
}

const lint = (folder: string) =>
  planted(folder, [...forbidden, ...lawful], async () => {
    const { code, output } = await run(folder, tool('oxlint/bin/oxlint'), '-f', 'json')
    const report = JSON.parse(output) as { diagnostics: { filename: string; code: string }[] }
    const complaint = (plant: Plant) => report.diagnostics.some((one) => one.filename === plant.path && one.code.includes(plant.rule ?? ''))
    expectSeen('oxlint', forbidden, (plant) => code !== 0 && complaint(plant))
    for (const plant of lawful)
      if (complaint({ ...plant, rule: 'no-restricted' })) blind.push(`oxlint refuses what is allowed: ${plant.what}`)
  })

const compile = (folder: string) =>
  planted(folder, typePlants, async () => {
    const { code, output } = await run(folder, tool('typescript/bin/tsc'), '--noEmit', '--pretty', 'false')
    expectSeen('tsc', typePlants, (plant) => code !== 0 && output.includes(`${plant.path}(`))
  })

const deadCode = async (folder: string) => {
  const snake = await readFile(join(folder, 'domain/catalogue/snake.ts'), 'utf8')
  const plants: Plant[] = [
    { what: 'an unused file', path: 'domain/text/plantedFile.ts', text: 'export const a = 1\n' },
    {
      what: 'an unused export',
      path: 'domain/catalogue/snake.ts',
      text: `${snake}\nexport const plantedExport = 1\n`,
      rule: 'plantedExport',
    },
    { what: 'an unlisted package', path: 'domain/text/planted.test.ts', text: "import 'planted-package'\n", rule: 'planted-package' },
  ]
  await planted(folder, plants, async () => {
    const { code, output } = await run(folder, tool('knip/bin/knip.js'), '--no-progress')
    expectSeen('knip', plants, (plant) => code !== 0 && output.includes(plant.rule ?? plant.path))
  })
}

const format = (folder: string) => {
  const plants: Plant[] = [{ what: 'another style', path: 'domain/text/planted.ts', text: 'export const a = "b";\n' }]
  return planted(folder, plants, async () => {
    const { code, output } = await run(folder, tool('oxfmt/bin/oxfmt'), '--check', plants[0]!.path)
    expectSeen('oxfmt', plants, (plant) => code !== 0 && output.includes(plant.path))
  })
}

/** A gate of our own, run in the copy over the plants. */
const own = (folder: string, gate: string, plants: readonly Plant[]) =>
  planted(folder, plants, async () => {
    const { code, output } = await run(folder, join('scripts/check', gate))
    expectSeen(gate, plants, (plant) => code !== 0 && output.includes(plant.rule ?? plant.path))
  })

const drift = async (folder: string) => {
  const lock = await readFile(join(folder, 'catalogue.lock.json'), 'utf8')
  const text = lock.replace('"class": "personal"', '"class": "internal"')
  await own(folder, 'catalogueLock.ts', [
    { what: 'a field of another class', path: 'catalogue.lock.json', text, rule: 'customer.fields.name.class' },
  ])
}

const doors = async (folder: string) => {
  const lock = await readFile(join(folder, 'doors.lock.json'), 'utf8')
  const text = lock.replace('"GET /api/audit": "duty audit.read"', '"GET /api/audit": "session"')
  await own(folder, 'doorsLock.ts', [
    { what: 'a door that asks for more than it did', path: 'doors.lock.json', text, rule: 'GET /api/audit' },
  ])
}

const words = async (folder: string) => {
  const path = 'web/messages/zhCN.ts'
  const text = await readFile(join(folder, path), 'utf8').catch(() => null)
  if (text === null) return console.log('skipped: no messages yet')
  const plants: [string, string, string][] = [
    [
      'a message that is missing',
      text.replace(/\bversion_conflict\b/, 'version_planted'),
      'zhCN has no words for errors.version_conflict.title',
    ],
    [
      'a message left in English',
      text.replace(/export const zhCN[^{]*\{/, "$&\n  planted: 'not translated',"),
      'zhCN is English at planted',
    ],
    ['a message that says nothing', text.replace(/export const zhCN[^{]*\{/, "$&\n  planted: '',"), 'zhCN says nothing at planted'],
  ]
  for (const [what, changed, rule] of plants) await own(folder, 'messages.ts', [{ what, path, text: changed, rule }])
}

const paths = async (folder: string) => {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'ignore' })
  const plants: Plant[] = [
    { what: 'a folder of this machine', path: 'docs/planted.md', text: `see /${'work'}/main\n` },
    { what: 'a registry', path: 'planted.txt', text: `https://registry.npm${'js'}.org/\n` },
    { what: 'a lock that says where from', path: 'package-lock.json', text: '{\n  "resolved": "https://example.org/a.tgz"\n}\n' },
  ]
  await planted(folder, plants, async () => {
    git('init', '-q')
    git('add', ...plants.map(({ path }) => path))
  })
  await own(folder, 'paths.ts', plants)
}

const folder = await mkdtemp(join(tmpdir(), 'anechoic-planted-'))
try {
  const wanted = (path: string) => !/\/(?:node_modules|dist)(?:\/|$)/.test(path.slice(root.length))
  await Promise.all(copied.map((path) => cp(join(root, path), join(folder, path), { recursive: true, filter: wanted })))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir')
  for (const gate of [lint, compile, deadCode, format, drift, doors, words, paths]) await gate(folder)
} finally {
  await rm(folder, { recursive: true, force: true })
}
for (const line of blind) console.error(line)
process.exitCode = blind.length > 0 ? 1 : 0
