// Writes a CSV of invented customers: node scripts/makeCustomers.ts --rows 100000 --seed 7 --out file.csv [--encoding gb18030|utf-8]
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import iconv from 'iconv-lite'
import { stringify } from 'csv-stringify/sync'
import { generateCustomers } from '../test/support/people.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '7' },
    out: { type: 'string' },
    encoding: { type: 'string', default: 'utf-8' },
  },
})
const rows = Number(values.rows)
const seed = Number(values.seed)
if (!values.out || !Number.isSafeInteger(rows) || rows < 0 || !Number.isSafeInteger(seed) || !iconv.encodingExists(values.encoding)) {
  process.stderr.write('usage: node scripts/makeCustomers.ts --rows 100000 --seed 7 --out file.csv [--encoding gb18030]\n')
  process.exit(2)
}

const out = createWriteStream(values.out, { mode: 0o600 })
out.write(iconv.encode('客户姓名,客户类型,手机,邮箱,微信号,地址,标签,备注\r\n', values.encoding))
let written = 0
for (const person of generateCustomers(seed)) {
  if (written++ >= rows) break
  const { name, kind, phones, emails, wechatIds, addresses, tags, notes } = person
  const cells = [
    name,
    kind === 'household' ? '个人' : '企业',
    phones.map((phone) => phone.slice(3).replace(/^(?!1\d{10}$)/, '0')).join('、'),
    emails.join(';'),
    wechatIds[0] ?? '',
    addresses[0] ?? '',
    tags.join('、'),
    notes ?? '',
  ]
  if (!out.write(iconv.encode(stringify([cells], { record_delimiter: '\r\n', quoted_match: /\n/ }), values.encoding)))
    await once(out, 'drain')
}
out.end()
await once(out, 'finish')
