import Type from 'typebox'
import { readBackups } from '../../actions/backups/readBackups.ts'
import { startBackup } from '../../actions/backups/startBackup.ts'
import { streamBackup } from '../../actions/backups/streamBackup.ts'
import type { Parts } from '../../actions/parts.ts'
import { noteBackup } from '../../backup/lastBackup.ts'
import { type AnyRoute, route } from '../route.ts'

const text = Type.String()
const whole = Type.Integer()
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const written = { at: text, name: text, folder: text, bytes: whole }
const status = Type.Object({
  folder: orNull(text),
  problem: orNull(text),
  sameDisk: orNull(Type.Boolean()),
  last: orNull(Type.Object(written)),
  due: Type.Boolean(),
  running: orNull(text),
  failed: orNull(Type.Object({ at: text, problem: orNull(text) })),
  items: Type.Array(Type.Object({ name: text, createdAt: text, bytes: whole, product: text, customers: whole, auditSize: whole })),
})
const noted = Type.Object(
  {
    at: Type.String({ pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$` }),
    name: Type.String({ maxLength: 60 }),
    folder: Type.String({ maxLength: 1_000 }),
    bytes: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
)

/** Backups: how they stand, taking one, and the stream that the command line writes to disk. */
export const backupRoutes = (parts: () => Parts): AnyRoute[] => [
  route({
    method: 'GET',
    path: '/api/backups',
    need: { duty: 'keys.read' },
    answer: status,
    summary: 'Backups in the configured folder, and the last one anywhere',
    handle: async () => readBackups(parts()),
  }),
  route({
    method: 'POST',
    path: '/api/backups',
    need: { duty: 'backup.manage' },
    fresh: true,
    answer: Type.Object({ id: text }),
    status: 202,
    summary: 'Take a backup into the configured folder',
    handle: async ({ actor }) => startBackup(parts(), actor),
  }),
  route({
    method: 'POST',
    path: '/api/backups/stream',
    need: 'local',
    answer: 'download',
    summary: 'A backup as a stream, sealed to the recovery kit',
    handle: async ({ actor }) => ({
      contentType: 'application/octet-stream',
      fileName: 'backup',
      content: await streamBackup(parts(), actor),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/backups/written',
    need: 'local',
    answer: 'none',
    body: noted,
    summary: 'Note that a streamed backup is on disk',
    handle: async ({ body }) => noteBackup(parts().pool, body),
  }),
]
