import { execFile, execFileSync, spawn } from 'node:child_process'
import { createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { KEY_CACHE_MS, changeKeyringProvider, createKeyring, openKeyring, readKeyringProvider, recoverKeyring } from './keyring.ts'
import type { KeyringBody } from './keyringFile.ts'
import { readKeyringFile } from './keyringFile.ts'
import { keyFileProvider } from './providers/keyFileProvider.ts'
import { newPassphraseParams, passphraseProvider, readPassphraseParams } from './providers/passphraseProvider.ts'
import { combineShares, createRecoveryKit } from './recoveryKit.ts'

const kit = await createRecoveryKit({ shares: 3, threshold: 2 })
const identity = await combineShares(kit.shares)
let folder: string
let file: string
let keyFile: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anechoic 密钥 '))
  file = join(folder, 'keyring.json')
  keyFile = join(folder, 'root.key')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const create = async () => createKeyring(file, await keyFileProvider(keyFile, { create: true }), kit.recipient)
const open = async () => openKeyring(file, await keyFileProvider(keyFile))
const bytes = async (key: Promise<KeyObject>) => (await key).export().toString('hex')
const problem = (name: string) =>
  expect.objectContaining({ code: 'keyring_invalid', details: expect.objectContaining({ problem: name, advice: expect.any(String) }) })
const edit = (change: (body: KeyringBody) => void) => {
  const body = JSON.parse(readFileSync(file, 'utf8')) as KeyringBody
  change(body)
  writeFileSync(file, JSON.stringify(body))
}

test('a new keyring has one key of each family, opens again with the same keys, and its files are for their owner only', async () => {
  const made = await create()
  expect([made.currentEpoch(), made.currentIndexGeneration(), made.indexGenerations(), made.kitProvenAt]).toEqual([1, 1, [1], null])
  const again = await open()
  for (const name of ['epoch/1', 'index/1', 'mac/1', 'staging/1']) expect(await bytes(again.key(name))).toBe(await bytes(made.key(name)))
  expect(new Set(await Promise.all(['epoch/1', 'index/1', 'mac/1', 'staging/1'].map((name) => bytes(made.key(name))))).size).toBe(4)
  for (const path of [file, keyFile]) expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder).sort()).toEqual(['keyring.json', 'root.key'])
  await expect(made.key('epoch/2')).rejects.toThrow('key_unavailable')
  await expect(create()).rejects.toEqual(problem('exists'))
})

test('epochs are added and destroyed; nothing of a destroyed key is left in either file', async () => {
  const keyring = await create()
  const first = (await readKeyringFile(file)).body.keys.find((key) => key.name === 'epoch/1')
  const firstKey = await bytes(keyring.key('epoch/1'))
  expect(await keyring.addEpoch()).toBe(2)
  expect(readFileSync(`${file}.previous`, 'utf8')).toContain(first?.provider)
  await expect(keyring.destroyEpoch(2)).rejects.toMatchObject({ code: 'input_invalid', details: { problem: 'in_use' } })
  await expect(keyring.destroyEpoch(3)).rejects.toMatchObject({ details: { problem: 'unknown' } })
  const other = await open()
  expect(await bytes(other.key('epoch/1'))).toBe(firstKey)
  await keyring.destroyEpoch(1)
  await expect(keyring.key('epoch/1')).rejects.toMatchObject({ code: 'key_erased' })
  await other.reloadIfChanged()
  await expect(other.key('epoch/1')).rejects.toThrow('key_erased')
  expect(keyring.epochs().map(({ epoch, destroyedAt }) => [epoch, destroyedAt !== null])).toEqual([
    [1, true],
    [2, false],
  ])
  for (const name of readdirSync(folder)) {
    const content = readFileSync(join(folder, name), 'utf8')
    expect(content).not.toContain(first?.provider)
    expect(content).not.toContain(JSON.stringify(first?.recovery).slice(60, 120))
  }
  expect(await keyring.addEpoch()).toBe(3)
})

test('index generations: lookups stay with the old one until it is retired', async () => {
  const keyring = await create()
  expect(await keyring.addIndexGeneration()).toBe(2)
  expect([keyring.currentIndexGeneration(), keyring.indexGenerations()]).toEqual([1, [1, 2]])
  await keyring.retireIndexGeneration(1)
  expect([keyring.currentIndexGeneration(), keyring.indexGenerations()]).toEqual([2, [2]])
  await expect(keyring.retireIndexGeneration(2)).rejects.toThrow('input_invalid')
})

test('a cut or changed keyring says what to do, whichever byte it is', async () => {
  await create()
  const text = readFileSync(file)
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.boolean(), fc.integer({ min: 1, max: 255 }), async (at, cut, mask) => {
      const bad = cut ? text.subarray(0, at) : Buffer.from(text)
      if (!cut) bad[at] = (bad[at] ?? 0) ^ mask
      writeFileSync(file, bad)
      const error: unknown = await readKeyringFile(file).then(
        () => null,
        (reason: unknown) => reason,
      )
      // The last byte is the newline after the JSON; without it the content is whole.
      const harmless =
        /^\s$/.test(text.toString('latin1', at, at + 1)) && (cut ? at === text.length - 1 : /^\s$/.test(bad.toString('latin1', at, at + 1)))
      if (harmless) return
      expect(error).toMatchObject({ code: 'keyring_invalid', details: { file, advice: expect.any(String) } })
    }),
    { numRuns: 200 },
  )
  rmSync(file)
  await expect(open()).rejects.toEqual(problem('missing'))
})

test('whoever rewrites the keyring without its keys is found, though every checksum is right', async () => {
  const keyring = await create()
  await keyring.addEpoch()
  const { formatKeyring } = await import('./keyringFile.ts')
  const { body, text } = await readKeyringFile(file)
  const forge = (change: (copy: KeyringBody) => void) => {
    const copy = structuredClone(body)
    change(copy)
    writeFileSync(file, formatKeyring(copy, createSecretKey(Buffer.alloc(32))))
  }
  const evil = await createRecoveryKit({ shares: 3, threshold: 2 })
  forge((copy) => (copy.recovery.recipient = evil.recipient))
  await expect(open()).rejects.toEqual(problem('mac'))
  await expect(keyring.addEpoch()).rejects.toEqual(problem('mac'))
  forge((copy) => [copy.keys[0], copy.keys[4]].forEach((key, i) => key && (key.name = `epoch/${2 - i}`)))
  await expect(open()).rejects.toEqual(problem('mac'))
  edit((copy) => (copy.recovery.provenAt = '2030-01-01T00:00:00Z'))
  await expect(open()).rejects.toEqual(problem('checksum'))
  writeFileSync(file, text)
  expect((await open()).currentEpoch()).toBe(2)
})

test('an entry that was given another name does not open as that, even if the MAC were right', async () => {
  const keyring = await create()
  await keyring.addEpoch()
  const { formatKeyring } = await import('./keyringFile.ts')
  const { body } = await readKeyringFile(file)
  const [one, two] = ['epoch/1', 'epoch/2'].map((name) => body.keys.find((key) => key.name === name))
  if (!one || !two) throw new Error('no epochs')
  ;[one.name, two.name] = [two.name, one.name]
  writeFileSync(file, formatKeyring(body, await keyring.key('mac/1')))
  await expect((await open()).key('epoch/1')).rejects.toMatchObject({ code: 'key_unavailable', details: { problem: 'envelope_invalid' } })
})

test('an older keyring put back while the server runs is refused, and the running state kept', async () => {
  const keyring = await create()
  const old = readFileSync(file)
  await keyring.addEpoch()
  writeFileSync(file, old)
  await expect(keyring.reloadIfChanged()).rejects.toEqual(problem('older'))
  expect(keyring.currentEpoch()).toBe(2)
})

test('the provider lost mid-way: cached keys work for five minutes, then key_unavailable; back again, all is well', async () => {
  await create()
  let clock = 0
  const keyring = await openKeyring(file, await keyFileProvider(keyFile), () => clock)
  const before = await bytes(keyring.key('epoch/1'))
  renameSync(keyFile, `${keyFile}.away`)
  expect(await bytes(keyring.key('epoch/1'))).toBe(before)
  await expect(keyring.key('index/1')).rejects.toMatchObject({
    code: 'key_unavailable',
    details: { name: 'index/1', provider: 'keyFile', problem: 'missing' },
  })
  const untouched = readFileSync(file, 'utf8')
  await expect(keyring.addEpoch()).rejects.toThrow('key_unavailable')
  expect(readFileSync(file, 'utf8')).toBe(untouched)
  clock = KEY_CACHE_MS
  await expect(keyring.key('epoch/1')).rejects.toThrow('key_unavailable')
  renameSync(`${keyFile}.away`, keyFile)
  expect(await bytes(keyring.key('epoch/1'))).toBe(before)
  keyring.lock()
  renameSync(keyFile, `${keyFile}.away`)
  await expect(keyring.key('epoch/1')).rejects.toThrow('key_unavailable')
})

test('a key file that is cut, damaged, open to others or missing is named as such, and never made anew beside a keyring', async () => {
  await create()
  const good = readFileSync(keyFile)
  for (const length of [0, 1, 16, 40, 79]) {
    writeFileSync(keyFile, good.subarray(0, length))
    await expect(keyFileProvider(keyFile, { create: true })).rejects.toEqual(problem('truncated'))
  }
  for (const at of [0, 20, 70]) {
    const bad = Buffer.from(good)
    bad[at] = (bad[at] ?? 0) ^ 1
    writeFileSync(keyFile, bad)
    await expect(keyFileProvider(keyFile)).rejects.toEqual(problem('damaged'))
  }
  writeFileSync(keyFile, good)
  chmodSync(keyFile, 0o644)
  await expect(keyFileProvider(keyFile)).rejects.toEqual(problem('mode'))
  rmSync(keyFile)
  await expect(keyFileProvider(keyFile, { create: true })).rejects.toEqual(problem('missing'))
  await expect(keyFileProvider(keyFile, { create: true, keyring: join(folder, 'no keyring there') })).resolves.toBeDefined()
  await expect(open()).rejects.toEqual(problem('other_provider'))
})

test('passphrase: the right one opens, a wrong one is named, full-width digits are the same, weak or short ones are refused', async () => {
  const phrase = '消声室里没有回声 2024'
  await createKeyring(file, await passphraseProvider(phrase, newPassphraseParams()), kit.recipient)
  const { kind, header } = await readKeyringProvider(file)
  expect([kind, header.memoryKiB, header.passes]).toEqual(['passphrase', 65536, 3])
  const params = readPassphraseParams(header)
  await expect(passphraseProvider(`${phrase}!`, params)).rejects.toThrow('passphrase_wrong')
  const keyring = await openKeyring(file, await passphraseProvider('消声室里没有回声 ２０２４', params))
  expect((await keyring.key('epoch/1')).symmetricKeySize).toBe(32)
  await expect(openKeyring(file, await keyFileProvider(keyFile, { create: true, keyring: 'none' }))).rejects.toEqual(
    problem('other_provider'),
  )
  for (const weak of [{ memoryKiB: 8 }, { passes: 1 }, { memoryKiB: 2 ** 31 }, { salt: 'x' }, { check: '' }]) {
    expect(() => readPassphraseParams({ ...header, ...weak })).toThrow('keyring_invalid')
  }
  await expect(passphraseProvider('short', newPassphraseParams())).rejects.toMatchObject({
    code: 'input_invalid',
    details: { problem: 'too_short' },
  })
})

test('with the recovery kit alone the keyring moves to a new provider, and the old one no longer opens it', async () => {
  const keyring = await create()
  await keyring.addEpoch()
  await keyring.destroyEpoch(1)
  await keyring.markKitProven()
  const names = ['epoch/2', 'index/1', 'mac/1', 'staging/1']
  const before = await Promise.all(names.map((name) => bytes(keyring.key(name))))
  const oldKey = readFileSync(keyFile)
  rmSync(keyFile)
  const fresh = await passphraseProvider('a phrase for the new machine', newPassphraseParams())
  const other = await createRecoveryKit({ shares: 3, threshold: 2 })
  await expect(recoverKeyring(file, await combineShares(other.shares), fresh)).rejects.toEqual(problem('other_kit'))
  await expect(recoverKeyring(file, 'AGE-SECRET-KEY-1X', fresh)).rejects.toEqual(problem('other_kit'))
  const recovered = await recoverKeyring(file, identity, fresh)
  expect(await Promise.all(names.map((name) => bytes(recovered.key(name))))).toEqual(before)
  expect([recovered.providerKind, recovered.kitProvenAt, recovered.currentEpoch()]).toEqual(['passphrase', keyring.kitProvenAt, 2])
  writeFileSync(keyFile, oldKey, { mode: 0o600 })
  await expect(open()).rejects.toEqual(problem('other_provider'))
  const back = await changeKeyringProvider(file, fresh, await keyFileProvider(keyFile))
  expect(await bytes(back.key('epoch/2'))).toBe(before[0])
  expect(readFileSync(`${file}.previous`, 'utf8')).toBe(readFileSync(file, 'utf8'))
})

const ageTool = ['/usr/bin/age', '/usr/local/bin/age', '/opt/homebrew/bin/age'].find(existsSync)
test.skipIf(!ageTool)('a stock age tool opens the recovery wrap (skipped where age is not installed)', async () => {
  const keyring = await create()
  const wrap = (await readKeyringFile(file)).body.keys.find((key) => key.name === 'epoch/1')?.recovery ?? ''
  const identityFile = join(folder, 'kit.txt')
  writeFileSync(identityFile, `${identity}\n`, { mode: 0o600 })
  const plain = execFileSync(ageTool ?? 'age', ['-d', '-i', identityFile], { input: wrap })
  expect(plain.subarray(-32).toString('hex')).toBe(await bytes(keyring.key('epoch/1')))
  expect(plain.subarray(0, -32).toString()).toBe(`anechoic-key/1 ${keyring.id} epoch/1\n`)
})

const script = (body: string) => [
  '--input-type=module',
  '-e',
  `
  import { openKeyring } from ${JSON.stringify(fileURLToPath(new URL('./keyring.ts', import.meta.url)))}
  import { keyFileProvider } from ${JSON.stringify(fileURLToPath(new URL('./providers/keyFileProvider.ts', import.meta.url)))}
  import { withFileLock } from ${JSON.stringify(fileURLToPath(new URL('./fileLock.ts', import.meta.url)))}
  const [file, keyFile] = process.argv.slice(1)
  const keyring = await openKeyring(file, await keyFileProvider(keyFile))
  ${body}`,
]

test('two processes adding epochs at once, and this one too: none lost, none doubled, every key opens', async () => {
  const keyring = await create()
  const child = () =>
    promisify(execFile)(process.execPath, [
      ...script(`
    const made = []
    for (let i = 0; i < 5; i++) made.push(await keyring.addEpoch())
    console.log(JSON.stringify(made))`),
      file,
      keyFile,
    ])
  const [one, two, ...mine] = await Promise.all([child(), child(), keyring.addEpoch(), keyring.addEpoch(), keyring.addEpoch()])
  const made = [...(JSON.parse(one.stdout) as number[]), ...(JSON.parse(two.stdout) as number[]), ...mine]
  expect(made.sort((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, i) => i + 2))
  await keyring.reload()
  const keys = await Promise.all(keyring.epochs().map(({ epoch }) => bytes(keyring.key(`epoch/${epoch}`))))
  expect(new Set(keys).size).toBe(14)
  expect(readdirSync(folder).sort()).toEqual(['keyring.json', 'keyring.json.previous', 'root.key'])
}, 60_000)

test('a reader never meets the overwritten file of a destroyed epoch', async () => {
  const keyring = await create()
  const child = promisify(execFile)(process.execPath, [
    ...script(`for (let i = 0; i < 20; i++) await keyring.destroyEpoch((await keyring.addEpoch()) - 1)`),
    file,
    keyFile,
  ])
  let running = true
  const done = child.finally(() => (running = false))
  // Several at a time, so that some have the old file open in the moment it is overwritten.
  const read = async () => {
    while (running) await readKeyringFile(file)
  }
  await Promise.all(Array.from({ length: 12 }, read))
  await done
  await keyring.reload()
  expect(keyring.currentEpoch()).toBe(21)
  expect(keyring.epochs().filter((epoch) => epoch.destroyedAt === null)).toHaveLength(1)
}, 60_000)

test('a process killed while it holds the lock does not stop the next', async () => {
  const keyring = await create()
  const holder = spawn(process.execPath, [
    ...script(`
    await withFileLock(file + '.lock', () => { console.log('held'); return new Promise((done) => setTimeout(done, 60_000)) })`),
    file,
    keyFile,
  ])
  await new Promise((resolve) => holder.stdout.once('data', resolve))
  const lock = readFileSync(`${file}.lock`, 'utf8')
  expect(JSON.parse(lock)).toMatchObject({ pid: holder.pid })
  const exited = new Promise((resolve) => holder.once('exit', resolve))
  holder.kill('SIGKILL')
  await exited
  const added = await Promise.all([keyring.addEpoch(), (await open()).addEpoch(), (await open()).addEpoch()])
  expect(added.sort((a, b) => a - b)).toEqual([2, 3, 4])
  expect(existsSync(`${file}.lock`)).toBe(false)
}, 60_000)

test('destroying again finishes what a crash between the two files left', async () => {
  const keyring = await create()
  await keyring.addEpoch()
  const withKey = readFileSync(file, 'utf8')
  await keyring.destroyEpoch(1)
  writeFileSync(`${file}.previous`, withKey)
  for (const left of [`${file}.123.0a1b2c3d.tmp`, `${file}.previous.124.0a1b2c3d.tmp`]) writeFileSync(left, withKey)
  await keyring.destroyEpoch(1)
  expect(readdirSync(folder).sort()).toEqual(['keyring.json', 'keyring.json.previous', 'root.key'])
  expect(readFileSync(`${file}.previous`, 'utf8')).toBe(readFileSync(file, 'utf8'))
})

test('a keyring that is gone when it is to be written is an error, not a new keyring', async () => {
  const keyring = await create()
  renameSync(file, `${file}.kept`)
  await expect(keyring.addEpoch()).rejects.toEqual(problem('missing'))
  expect(existsSync(file)).toBe(false)
  renameSync(`${file}.kept`, file)
  expect(await keyring.addEpoch()).toBe(2)
})
