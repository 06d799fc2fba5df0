import cookie from '@fastify/cookie'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { createHash, randomUUIDv7, timingSafeEqual } from 'node:crypto'
import pg from 'pg'
import { pinyinForms, sortKey } from '../domain/text/pinyin.ts'
import { insertTwins, type TwinInput, twinRow } from './twinRow.ts'

// The same routes as the product's on plain tables, as an ordinary careful program would have them: prepared statements, ordinary and trigram indexes,
// a session looked up by the hash of its token and kept two seconds, a CSRF token. No sealing, no policy, no audit. Run by the benchmark:
// node bench/plainTwin.ts   with PLAIN_TWIN_URL; prints its port.

const columns = `id, version, created_at as "createdAt", updated_at as "updatedAt", trashed_at as "trashedAt", kind, name, phones, emails, wechat, address, tags, notes,
  store_id as "storeId", owner_id as "ownerId"`

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

type Session = { csrf_hash: Buffer; staff_id: string }

const openSessions = (pool: pg.Pool) => {
  const cache = new Map<string, { session: Session; until: number }>()
  return async (token: string): Promise<Session | null> => {
    const cached = cache.get(token)
    if (cached && cached.until > performance.now()) return cached.session
    const { rows } = await pool.query<Session>({
      name: 'session',
      text: `select s.csrf_hash, s.staff_id from session s join staff on staff.id = s.staff_id
        where s.token_hash = $1 and s.expires_at > now() and s.seen_at > now() - interval '15 minutes'`,
      values: [sha256(token)],
    })
    const session = rows[0]
    if (!session) return null
    cache.set(token, { session, until: performance.now() + 2_000 })
    return session
  }
}

// A pattern's signs are taken literally.
const like = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

const orders: Readonly<Record<string, string>> = { '-createdAt': 'created_at desc, id desc', name: 'name_sort, id' }

/** One search box: what is typed decides which columns can hold it. */
const conditionOf = (query: URLSearchParams): { where: string; values: string[] } => {
  const phone = query.get('filter[phones]')
  if (phone) return { where: 'and phones @> array[$1]', values: [phone] }
  const q = query.get('q')
  if (!q) return { where: '', values: [] }
  if (/^[a-z]+$/i.test(q)) return { where: 'and (pinyin like $1 or initials like $1)', values: [like(q.toLowerCase())] }
  if (/^\+?\d+$/.test(q)) return { where: 'and joined(phones) like $1', values: [like(q)] }
  return { where: 'and (name like $1 or address like $1)', values: [like(q)] }
}

const update = {
  name: 'update',
  text: `update customers set version = version + 1, updated_at = now(), name = coalesce($3::jsonb->>'name', name), name_sort = coalesce($3::jsonb->>'name_sort', name_sort),
      pinyin = coalesce($3::jsonb->>'pinyin', pinyin), initials = coalesce($3::jsonb->>'initials', initials),
      address = case when $3::jsonb ? 'addresses' then $3::jsonb->'addresses'->>0 else address end, notes = case when $3::jsonb ? 'notes' then $3::jsonb->>'notes' else notes end
    where id = $1 and version = $2 returning ${columns}`,
}

const list =
  (pool: pg.Pool) =>
  async (request: FastifyRequest): Promise<object> => {
    const query = new URLSearchParams(request.url.split('?')[1] ?? '')
    const limit = Number(query.get('pageSize') ?? 50)
    const offset = (Number(query.get('page') ?? 1) - 1) * limit
    const order = orders[query.get('sort') ?? '-createdAt'] ?? orders['-createdAt']!
    const { where, values } = conditionOf(query)
    const at = values.length
    // Few rows match a phone, but the planner expects many of any array and would walk the order instead: so they are found first.
    const found = query.has('filter[phones]')
      ? `with customers as materialized (select * from customers where trashed_at is null ${where}) `
      : ''
    const text = `${found}select ${columns} from customers where trashed_at is null ${found ? '' : where} order by ${order} limit $${at + 1} offset $${at + 2}`
    // Planned with the values, as most drivers do it: a fragment's rarity decides which index serves it.
    const listed = pool.query({ text, values: [...values, limit, offset], ...(where ? {} : { name: `list ${order}` }) })
    const counted = query.has('total')
      ? pool.query<{ count: string }>(`select count(*) from customers where trashed_at is null ${where}`, values)
      : null
    const [{ rows: items }, count] = await Promise.all([listed, counted])
    return { items, total: count ? Number(count.rows[0]!.count) : null }
  }

const mountRoutes = (app: FastifyInstance, pool: pg.Pool): void => {
  app.get('/api/customers', list(pool))
  app.get<{ Params: { id: string } }>('/api/customers/:id', async (request, reply) => {
    const { rows } = await pool.query({ name: 'get', text: `select ${columns} from customers where id = $1`, values: [request.params.id] })
    return rows[0] ?? reply.code(404).send({ code: 'not_found' })
  })
  const insert = async (inputs: readonly TwinInput[]): Promise<object[]> => {
    const now = new Date().toISOString()
    const rows = inputs.map((input) => twinRow(randomUUIDv7(), now, input))
    await pool.query({ ...insertTwins, values: [JSON.stringify(rows)] })
    return rows.map((row, i) => ({ ...inputs[i], id: row.id, version: 1, createdAt: now, updatedAt: now, trashedAt: null }))
  }
  app.post<{ Body: TwinInput }>('/api/customers', async (request, reply) => reply.code(201).send((await insert([request.body]))[0]))
  app.post<{ Body: { items: TwinInput[] } }>('/api/customers/batch', async (request, reply) =>
    reply.code(201).send({ items: await insert(request.body.items) }),
  )
  app.patch<{ Params: { id: string }; Body: Record<string, unknown> & { version: number } }>(
    '/api/customers/:id',
    async (request, reply) => {
      const { version, ...patch } = request.body
      const { name } = patch
      const names =
        typeof name === 'string' ? { name_sort: sortKey(name), pinyin: pinyinForms(name).full, initials: pinyinForms(name).initials } : {}
      const { rows } = await pool.query({ ...update, values: [request.params.id, version, JSON.stringify({ ...patch, ...names })] })
      return rows[0] ?? reply.code(409).send({ code: 'version_conflict' })
    },
  )
}

const guard =
  (findSession: (token: string) => Promise<Session | null>) =>
  async (request: FastifyRequest): Promise<void> => {
    const session = await findSession(request.cookies['twin'] ?? '')
    if (!session) throw Object.assign(new Error('not signed in'), { statusCode: 401 })
    const csrf = request.headers['x-csrf-token']
    if (request.method !== 'GET' && !(typeof csrf === 'string' && timingSafeEqual(sha256(csrf), session.csrf_hash))) {
      throw Object.assign(new Error('csrf'), { statusCode: 403 })
    }
  }

/** Starts the twin on a free loopback port and returns the port. */
const startTwin = async (url: string): Promise<number> => {
  const pool = new pg.Pool({ connectionString: url, max: 12, idleTimeoutMillis: 60_000, options: '-c jit=off' })
  const app = Fastify({ logger: false, bodyLimit: 2 * 1024 * 1024 })
  await app.register(cookie)
  app.addHook('onRequest', guard(openSessions(pool)))
  mountRoutes(app, pool)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const stop = (): void =>
    void app
      .close()
      .then(() => pool.end())
      .then(() => process.exit(0))
  process.on('SIGTERM', stop)
  process.on('disconnect', stop)
  return (app.server.address() as { port: number }).port
}

if (import.meta.main) process.stdout.write(`${await startTwin(process.env['PLAIN_TWIN_URL'] ?? '')}\n`)
