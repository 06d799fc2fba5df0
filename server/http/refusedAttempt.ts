import type { AuditAction } from '../../domain/audit/actions.ts'
import type { Actor } from '../../domain/policy/actor.ts'
import type { Action, Duty } from '../../domain/policy/role.ts'
import type { AuditEntry } from '../audit/entry.ts'
import type { Need } from './route.ts'

const acts: Readonly<Record<Action, AuditAction>> = {
  create: 'create',
  update: 'update',
  trash: 'trash',
  restore: 'restore',
  erase: 'erase',
  import: 'import',
  handOver: 'update',
  claim: 'update',
  merge: 'update',
  export: 'export',
  complete: 'update',
}

const duties: Partial<Readonly<Record<Duty, Pick<AuditEntry, 'action' | 'entity'>>>> = {
  'audit.read': { action: 'audit_read', entity: 'audit' },
  'keys.manage': { action: 'key_rotate', entity: 'key' },
  'backup.manage': { action: 'backup_create', entity: 'installation' },
  'access.manage': { action: 'grant', entity: 'staff' },
  'staff.manage': { action: 'suspend', entity: 'staff' },
}

/** Returns the entry of an attempt at a route that was not the actor's to use (DESIGN 5: refused attempts are recorded); null for looks that do not exist for them. */
export const refusedAttempt = (need: Need, actor: Actor): Omit<AuditEntry, 'outcome'> | null => {
  if (typeof need === 'string') return null
  if ('duty' in need) return duties[need.duty] ? { actor, ...duties[need.duty]! } : null
  if ('anyDuty' in need) return null
  return need.action === undefined ? null : { actor, action: acts[need.action], entity: need.entity }
}
