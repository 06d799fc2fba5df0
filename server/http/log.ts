import { type DestinationStream, pino } from 'pino'

/** Everything a log line may carry: ids, codes, templates, counts and milliseconds. Never a URL with its query, a body or a value. */
export type LogFields = {
  requestId?: string
  method?: string
  route?: string
  status?: number
  ms?: number
  code?: string
  staffId?: string
  jobId?: string
  kind?: string
  phase?: string
  port?: number
  count?: number
  error?: string
  at?: string[]
}

const declared: readonly (keyof LogFields)[] = [
  'requestId',
  'method',
  'route',
  'status',
  'ms',
  'code',
  'staffId',
  'jobId',
  'kind',
  'phase',
  'port',
  'count',
  'error',
  'at',
]

export type Log = {
  info: (event: string, fields?: LogFields) => void
  warn: (event: string, fields?: LogFields) => void
  /** Logs where a fault happened: its class, code and stack frames. Its message is left out: a driver's message may quote a value. */
  fault: (event: string, error: unknown, fields?: LogFields) => void
}

const onlyDeclared = (fields: LogFields): LogFields =>
  Object.fromEntries(declared.filter((key) => fields[key] !== undefined).map((key) => [key, fields[key]]))

const faultOf = (error: unknown): LogFields => {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
    .map((line) => line.trim())
  return { error: error.name, at: frames, ...(code === undefined ? {} : { code }) }
}

/** Opens the JSON log (one object per line). Keys that are not declared above are dropped, whatever the types were told. */
export const openLog = (to: DestinationStream): Log => {
  const out = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' }, to)
  return {
    info: (event, fields = {}) => out.info(onlyDeclared(fields), event),
    warn: (event, fields = {}) => out.warn(onlyDeclared(fields), event),
    fault: (event, error, fields = {}) => out.error(onlyDeclared({ ...fields, ...faultOf(error) }), event),
  }
}
