import type { ErrorCode, ErrorDetails } from '../../domain/errors.ts'
import type { WorkerKeys } from '../crypto/broker.ts'
import type { Page, PageQuery, SearchScope } from './index/query.ts'

/** What the worker is started with. `cacheFile` null: no local cache. */
export type WorkerSettings = { databaseUrl: string; keys: WorkerKeys; cacheFile: string | null; cacheEveryMs: number }

/** What the worker is asked. */
export type ToWorker =
  | { type: 'page'; id: number; scope: SearchScope; query: PageQuery }
  | { type: 'wait'; id: number; position: number }
  | { type: 'keys'; keys: WorkerKeys }
  | { type: 'alike'; id: number }
  | { type: 'close' }

/** What the worker says. `applied` names the writes whose effect is in the index now. */
export type FromWorker =
  | { type: 'progress'; phase: 'loading' | 'ordering' | 'catching_up'; done: number; total: number }
  | { type: 'ready'; facts: WorkerFacts }
  | { type: 'applied'; position: number; entries: number[]; facts: WorkerFacts }
  | { type: 'page'; id: number; page: Page }
  | { type: 'waited'; id: number }
  | { type: 'alike'; id: number; pairs: [string, string][] }
  | { type: 'refused'; id: number; code: ErrorCode; details: ErrorDetails }
  | { type: 'needKeys' }
  | { type: 'closed' }

/** `position`: audit index up to which (exclusive) everything is applied. `unreadable`: records whose envelope does not open; they are not found. */
export type WorkerFacts = { records: number; position: number; unreadable: number; fromCache: boolean }
