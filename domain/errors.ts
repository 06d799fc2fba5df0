/** Every way the product can refuse. Closed: a new refusal is a new line here, and `http/problem.ts` then does not compile until it has a status. */
export type ErrorCode =
  // input
  | 'input_invalid'
  | 'input_too_large'
  | 'input_too_deep'
  | 'unknown_key'
  | 'unsupported_media'
  | 'not_found'
  | 'method_not_allowed'
  // identity and access
  | 'not_signed_in'
  | 'sign_in_failed'
  | 'code_required'
  | 'code_wrong'
  | 'locked'
  | 'unlock_failed'
  | 'step_up_failed'
  | 'password_change_required'
  | 'second_factor_required'
  | 'last_factor'
  | 'passkey_refused'
  | 'provider_refused'
  | 'provider_unavailable'
  | 'identity_unknown'
  | 'device_lost'
  | 'link_invalid'
  | 'throttled'
  | 'csrf'
  | 'origin'
  | 'forbidden'
  | 'own_rights'
  | 'separation'
  | 'last_owner'
  | 'nobody_left'
  | 'role_in_use'
  | 'reason_required'
  | 'step_up_required'
  | 'reveal_budget'
  | 'open_budget'
  | 'masked_input'
  | 'export_quota'
  | 'export_gone'
  | 'own_request'
  | 'already_decided'
  | 'approval_closed'
  | 'approval_refused'
  | 'link_gone'
  | 'pin_wrong'
  // concurrency
  | 'version_conflict'
  | 'duplicate'
  | 'relay_unavailable'
  | 'outgoing_refused'
  | 'outgoing_failed'
  | 'busy'
  | 'hung_up'
  // background work
  | 'not_undoable'
  | 'merged_away'
  | 'job_state'
  // keys and sealing
  | 'sealed'
  | 'key_unavailable'
  | 'key_erased'
  | 'envelope_invalid'
  | 'keyring_invalid'
  | 'passphrase_wrong'
  | 'shares_invalid'
  | 'kit_unproven'
  // spine
  | 'audit_unavailable'
  | 'search_unavailable'
  | 'database_unavailable'
  // files and imports
  | 'file_unreadable'
  | 'file_too_large'
  | 'file_encoding'
  | 'parser_failed'
  | 'staging_expired'
  // setup and start
  | 'setup_required'
  | 'setup_done'
  | 'setup_link_invalid'
  | 'port_taken'
  | 'data_in_use'
  | 'data_unreachable'
  | 'data_newer'
  | 'disk_full'
  | 'backup_failed'
  | 'backup_invalid'
  | 'restore_refused'
  | 'config_invalid'
  | 'internal'

/** Facts a client may use to explain the refusal: ids, field names, limits, line numbers. Never a value of a personal field. */
export type ErrorDetails = Record<string, string | number | boolean | null | string[] | { field: string; problem: string }[]>

/** The one error the product throws on purpose. `code` decides status and message; `details` fill the message. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails
  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(code, options)
    this.name = 'AppError'
    this.code = code
    this.details = details
  }
}
