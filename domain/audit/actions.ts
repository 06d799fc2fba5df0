/** Every act the audit log knows. Closed: a new act is a line here, and the export mapping then does not compile until it has a class. */
export const auditActions = [
  // identity
  'sign_in',
  'sign_in_failed',
  'sign_out',
  'session_revoke',
  'password_change',
  'step_up',
  'lock',
  'unlock',
  'factor_add',
  'factor_remove',
  'device_lost',
  'link_issue',
  'link_revoke',
  'link_use',
  'setting_change',
  'grant_invalid',
  // who may what
  'grant',
  'grant_end',
  'delegate',
  'role_edit',
  'suspend',
  'resume',
  'access_preview',
  'review_open',
  'review_decide',
  'review_close',
  'depart',
  'emergency_ask',
  'break_glass',
  'emergency_review',
  'token_issue',
  'token_revoke',
  // records
  'create',
  'update',
  'trash',
  'restore',
  'erase',
  'certificate',
  'duplicate_dismiss',
  'duplicate_undismiss',
  // looks
  'read',
  'list',
  'search',
  'reveal',
  'over_budget',
  'lens',
  // uses: DESIGN 3, apart from reveal
  'use_call',
  'use_message',
  'use_copy',
  'use_navigate',
  // what leaves or enters in bulk
  'export',
  'export_ask',
  'export_download',
  'export_passphrase',
  'export_recall',
  'export_limits',
  'share_create',
  'share_open',
  'share_recall',
  'import',
  // two-person rules; `approval_self`: a small shop's deviation
  'approval_grant',
  'approval_refuse',
  'approval_self',
  // the installation
  'setup',
  'unseal',
  'key_rotate',
  'index_rotate',
  'reseal',
  'verify',
  'kit_prove',
  'backup_create',
  'backup_restore',
  'job_start',
  'job_cancel',
  'job_pause',
  'job_resume',
  'job_undo',
  'audit_read',
  'preference',
] as const
export type AuditAction = (typeof auditActions)[number]

/** How an act ended. `refused`: policy said no. `absent`: nothing there for this actor, whether or not it exists. `failed`: it broke. */
export const outcomes = ['done', 'refused', 'absent', 'failed'] as const
export type Outcome = (typeof outcomes)[number]

/** Acts that change a record; their entries carry the hashes of its envelopes. */
export const writeActions: ReadonlySet<AuditAction> = new Set<AuditAction>(['create', 'update', 'trash', 'restore', 'erase', 'reseal'])
