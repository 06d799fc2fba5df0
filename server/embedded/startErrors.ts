import { AppError, type ErrorDetails } from '../../domain/errors.ts'
import { backupLines, sharesLines } from './backupLines.ts'
import { codeLines, configLines, databaseLines, keyringLines, type Line } from './startErrorLines.ts'

const nodeCodes: Record<string, AppError['code']> = {
  EADDRINUSE: 'port_taken',
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EACCES: 'data_unreachable',
  EPERM: 'data_unreachable',
  EROFS: 'data_unreachable',
}

const linesOf: Partial<Record<AppError['code'], Record<string, Line>>> = {
  config_invalid: configLines,
  database_unavailable: databaseLines,
  keyring_invalid: keyringLines,
  backup_failed: backupLines,
  backup_invalid: backupLines,
  restore_refused: backupLines,
  shares_invalid: sharesLines,
}

/**
 * Why the server cannot start or go on, in one line: what happened and what to do. Chinese when LC_ALL, LC_MESSAGES or LANG (the first one
 * set)
 * says so, else English. Never a stack, a value of a person, or a connection URL.
 */
export function explainStartError(error: unknown, env: NodeJS.ProcessEnv = process.env): string {
  const language = languageOf(env)
  const known = asAppError(error)
  if (known === null) return unexpected(error)[language]
  const problem = String(known.details['problem'] ?? '')
  const line = linesOf[known.code]?.[problem] ?? codeLines[known.code] ?? unexpected(known)
  return fill(line[language], known.details)
}

/** Prints the line of `explainStartError` on stderr and ends the process with exit code 1. */
export function exitWithStartError(error: unknown): never {
  process.stderr.write(`${explainStartError(error)}\n`)
  process.exit(1)
}

/** The error as one of ours, if it is one or stands for one; else null. */
export function asAppError(error: unknown): AppError | null {
  if (error instanceof AppError) return error
  if (!(error instanceof Error) || !('code' in error)) return null
  const listening = listenProblem(error)
  if (listening) return listening
  const code = nodeCodes[String(error.code)]
  if (code === undefined) return null
  const facts = error as { port?: unknown; path?: unknown; dest?: unknown }
  return new AppError(code, { port: Number(facts.port ?? 0), path: typeof facts.path === 'string' ? facts.path : '' }, { cause: error })
}

/** A port that only root may open, and an address or name that is not of this machine, are settings and no matter of the data folder. */
function listenProblem(error: Error): AppError | null {
  const { code, syscall, port, address, hostname } = error as NodeJS.ErrnoException & { port?: number; address?: string; hostname?: string }
  if (syscall === 'listen' && code === 'EACCES')
    return new AppError('config_invalid', { problem: 'port_privileged', port: port ?? 0 }, { cause: error })
  const isElsewhere = (syscall === 'listen' && code === 'EADDRNOTAVAIL') || (syscall === 'getaddrinfo' && hostname !== undefined)
  return isElsewhere
    ? new AppError('config_invalid', { problem: 'host_elsewhere', host: hostname ?? address ?? '' }, { cause: error })
    : null
}

/** A database's message may quote a row; of those only the SQLSTATE is told. */
function unexpected(error: unknown): Line {
  const isDatabase = error instanceof Error && 'severity' in error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const what = isDatabase || !(error instanceof Error) ? code : `${code} ${error.message.split('\n')[0] ?? ''}`.trim()
  return { zh: `启动失败（${what}）。`, en: `The start failed (${what}).` }
}

function fill(line: string, details: ErrorDetails): string {
  const user = process.getuid === undefined ? '' : `uid ${process.getuid()}`
  return line.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? (name === 'user' ? user : '?')).replaceAll(/\s+/g, ' '))
}

function languageOf(env: NodeJS.ProcessEnv): 'zh' | 'en' {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
