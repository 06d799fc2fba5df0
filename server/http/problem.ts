import { AppError, type ErrorCode } from '../../domain/errors.ts'

type Answer = { readonly status: number; readonly title: string }

const of = (status: number, title: string): Answer => ({ status, title })

/** What each refusal looks like outside. Complete by type: a new code in `domain/errors.ts` does not compile until it has a line here. */
export const problems: Readonly<Record<ErrorCode, Answer>> = {
  input_invalid: of(400, 'The input is not valid'),
  input_too_large: of(413, 'The input is too large'),
  input_too_deep: of(400, 'The input is nested too deep'),
  unknown_key: of(400, 'The input has a key that is not known'),
  unsupported_media: of(415, 'This content type is not accepted'),
  not_found: of(404, 'There is nothing here'),
  method_not_allowed: of(405, 'This method is not allowed here'),

  not_signed_in: of(401, 'Sign in first'),
  sign_in_failed: of(401, 'Login or password is wrong'),
  code_required: of(401, 'A second factor is needed'),
  code_wrong: of(401, 'The code is wrong or was used before'),
  locked: of(401, 'The session is locked'),
  unlock_failed: of(403, 'This does not unlock the session'),
  step_up_failed: of(403, 'This does not show that it is you'),
  password_change_required: of(403, 'Choose a password of your own first'),
  second_factor_required: of(403, 'Set up a second factor first'),
  last_factor: of(409, 'Nothing would be left to sign in with'),
  provider_refused: of(422, 'The answer of the identity provider cannot be accepted'),
  provider_unavailable: of(503, 'The identity provider cannot be reached'),
  identity_unknown: of(403, 'Nobody here is linked to this identity'),
  passkey_refused: of(422, 'The passkey cannot be accepted'),
  device_lost: of(401, 'This device was reported lost'),
  link_invalid: of(410, 'The link is not valid any more'),
  throttled: of(429, 'Too many attempts; wait and try again'),
  csrf: of(403, 'The request lacks its CSRF token'),
  origin: of(403, 'The request comes from another site'),
  forbidden: of(403, 'This is not allowed'),
  own_rights: of(403, 'Nobody changes their own rights'),
  separation: of(409, 'These powers are kept apart'),
  last_owner: of(409, 'There would be no owner left'),
  nobody_left: of(409, 'Nobody would be left who may do this'),
  role_in_use: of(409, 'The role is in use'),
  reason_required: of(422, 'A reason is needed'),
  step_up_required: of(403, 'Confirm that it is you'),
  reveal_budget: of(429, 'The daily number of reveals is used up'),
  open_budget: of(429, 'The hourly number of opened records is used up'),
  masked_input: of(400, 'A masked value cannot be stored'),
  export_quota: of(429, 'The daily quota of exports is used up'),
  export_gone: of(410, 'The exported file is not there any more'),
  own_request: of(403, 'Nobody decides about their own request'),
  already_decided: of(409, 'You have decided about this already'),
  approval_closed: of(409, 'The request is closed'),
  approval_refused: of(403, 'Somebody refused the request'),
  link_gone: of(410, 'The link does not open anything any more'),
  pin_wrong: of(403, 'The PIN is wrong'),

  version_conflict: of(409, 'Somebody else changed this record'),
  duplicate: of(409, 'There is such a record already'),
  relay_unavailable: of(502, 'The relay for calls does not answer as it should'),
  outgoing_refused: of(422, 'The server does not go to this address'),
  outgoing_failed: of(502, 'The other side does not answer as it should'),
  busy: of(503, 'The server is busy; try again'),
  // Nobody reads it: nginx's number for a caller who closed the connection, so that logs tell it from failures.
  hung_up: of(499, 'The caller did not wait for the answer'),

  merged_away: of(409, 'This record was merged into another'),
  not_undoable: of(409, 'This job cannot be undone'),
  job_state: of(409, 'The job is not in a state for this'),

  sealed: of(503, 'The server is sealed'),
  key_unavailable: of(503, 'A key cannot be had now'),
  key_erased: of(410, 'The key of this person was destroyed'),
  envelope_invalid: of(500, 'A sealed value does not open'),
  keyring_invalid: of(503, 'The keyring is not valid'),
  passphrase_wrong: of(403, 'The passphrase is wrong'),
  shares_invalid: of(422, 'The shares do not belong together'),
  kit_unproven: of(409, 'The recovery kit has not been proven'),

  audit_unavailable: of(503, 'The audit log cannot be written'),
  search_unavailable: of(503, 'The search is not ready'),
  database_unavailable: of(503, 'The database cannot be reached'),

  file_unreadable: of(422, 'The file cannot be read'),
  file_too_large: of(413, 'The file is too large'),
  file_encoding: of(422, 'The encoding of the file is not known'),
  parser_failed: of(422, 'The file could not be parsed'),
  staging_expired: of(410, 'The uploaded file has expired'),

  setup_required: of(503, 'Set the company up first'),
  setup_done: of(409, 'The company is set up already'),
  setup_link_invalid: of(403, 'The set-up link is not valid'),
  port_taken: of(503, 'The port is taken'),
  data_in_use: of(503, 'The data folder is in use'),
  data_unreachable: of(503, 'The data folder cannot be reached'),
  data_newer: of(503, 'The data is newer than this release'),
  disk_full: of(507, 'The disk is full'),
  backup_failed: of(507, 'The backup could not be written'),
  backup_invalid: of(422, 'The backup cannot be restored'),
  restore_refused: of(409, 'Nothing can be restored here'),
  config_invalid: of(503, 'The configuration is not valid'),
  internal: of(500, 'Something went wrong here'),
}

/** RFC 9457 problem details, with the code, the request id and facts for the message; never a value of a personal field. */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  readonly requestId: string
  readonly details: AppError['details']
}

/** Returns the problem document of a refusal. `type` is a URN since there is no page on the net behind it. */
export const problemOf = (error: AppError, requestId: string): Problem => {
  const { status, title } = problems[error.code]
  return { type: `urn:anechoic:problem:${error.code}`, title, status, code: error.code, requestId, details: error.details }
}
