import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { type Certificates, makeCertificates } from '../../test/support/certificates.ts'
import { sendMail } from './sendMail.ts'

let made: Certificates
beforeAll(async () => {
  made = await makeCertificates(['localhost', 'mail.example', '127.0.0.1'])
})

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

const mails: { text: string; user: string | undefined; secure: boolean }[] = []
const open = async (options: SMTPServerOptions): Promise<number> => {
  mails.length = 0
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      password === 'right' ? done(null, { user: username ?? '' }) : done(new Error('no')),
    onData: (stream, session, done) => {
      let text = ''
      stream.setEncoding('utf8').on('data', (part: string) => (text += part))
      stream.on('end', () => {
        mails.push({ text, user: session.user as string | undefined, secure: session.secure })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  closing.push(() => server.close())
  return (listening.address() as AddressInfo).port
}

const pairOf = ({ certificate, key }: { certificate: string; key: string }) => ({ cert: certificate, key })
const mail = { to: 'zhou@dealer.example', subject: '新的登录', text: '有人从新设备登录。' }
// A name that is not loopback, and stands for this machine: so the rules for a server far away hold.
const send = (url: string, over: object = {}, message = mail) =>
  sendMail(
    { url, from: 'crm@dealer.example', ca: made.ca, timeoutMs: 2_000, resolve: async () => [{ address: '127.0.0.1', family: 4 }], ...over },
    message,
  )
const failure = (problem: string) => expect.objectContaining({ code: 'outgoing_failed', details: { problem } })

test('a notice goes over TLS from the first byte, or over STARTTLS, signed in', async () => {
  const wrapped = await open({ ...pairOf(made.good), secure: true })
  await send(`smtps://crm:right@mail.example:${wrapped}`)
  expect(mails).toMatchObject([{ user: 'crm', secure: true }])
  expect(mails[0]!.text).toMatch(/^To: zhou@dealer\.example\r?$/m)
  expect(mails[0]!.text).toMatch(/^Auto-Submitted: auto-generated/m)
  const upgraded = await open(pairOf(made.good))
  await send(`smtp://crm:right@mail.example:${upgraded}`)
  expect(mails).toMatchObject([{ user: 'crm', secure: true }])
  await send(`smtps://127.0.0.1:${wrapped}`)
  await expect(send(`smtp://crm:wrong@mail.example:${upgraded}`)).rejects.toThrow(failure('sign_in'))
})

test.each(['expired', 'notYet', 'wrongHost', 'stranger'] as const)(
  'a server with a certificate that is %s gets nothing, in either way',
  async (kind) => {
    for (const scheme of ['smtps', 'smtp']) {
      const port = await open({ ...pairOf(made[kind]), secure: scheme === 'smtps' })
      await expect(send(`${scheme}://crm:right@mail.example:${port}`)).rejects.toThrow(failure('certificate'))
      expect(mails).toEqual([])
    }
  },
)

test('a server without STARTTLS gets nothing, nor one that is silent', async () => {
  const plain = await open({ disabledCommands: ['STARTTLS'] })
  await expect(send(`smtp://mail.example:${plain}`)).rejects.toThrow(failure('tls'))
  expect(mails).toEqual([])
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  closing.push(() => silent.close())
  const { port } = silent.address() as AddressInfo
  await expect(send(`smtp://mail.example:${port}`, { timeoutMs: 300 })).rejects.toThrow(failure('timeout'))
  await expect(send('smtp://mail.example:1')).rejects.toThrow(failure('connection'))
})

test('in the clear it goes to this machine only', async () => {
  const plain = await open({ disabledCommands: ['STARTTLS', 'AUTH'] })
  await send(`smtp://localhost:${plain}`)
  expect(mails).toMatchObject([{ secure: false }])
})

test('a mail server that stands for a cloud’s metadata is not gone to', async () => {
  await expect(send('smtps://mail.example', { resolve: async () => [{ address: '169.254.169.254', family: 4 }] })).rejects.toThrow(
    expect.objectContaining({ code: 'outgoing_refused' }),
  )
})

test.each([
  { to: 'zhou@dealer.example, other@evil.example' },
  { to: 'zhou@dealer.example\r\nBcc: other@evil.example' },
  { to: 'Zhou <zhou@dealer.example>' },
  { to: '"a b"@dealer.example' },
  { to: 'zhou@[127.0.0.1]' },
  { to: '-oQ/tmp@localhost' },
  { subject: 'Notice\r\nBcc: other@evil.example' },
  { subject: 'Notice\u2028Bcc: x@y.example' },
  { subject: '' },
  { text: 'a\u0000b' },
])('%j is refused before anybody is asked', async (over) => {
  await expect(send('smtps://mail.example:1', {}, { ...mail, ...over })).rejects.toThrow(expect.objectContaining({ code: 'input_invalid' }))
})
