/** Settings of PostgreSQL by name, as in postgresql.conf. */
export type Settings = Record<string, string>

/**
 * What the embedded database runs with. Sizes suit a shop PC of 4 GB; durability is left at its safe defaults and named where a careless
 * postgresql.conf could weaken it. Nothing of a statement, a parameter or a row reaches the log: `log_min_messages = log` leaves out ERROR,
 * whose text may quote a value ("invalid input syntax … "), and the server reports such errors itself by their code.
 */
export function defaultSettings(socketFolder: string): Settings {
  return {
    listen_addresses: '',
    unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    ssl: 'off',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    max_connections: '60',
    shared_buffers: '128MB',
    work_mem: '4MB',
    maintenance_work_mem: '64MB',
    max_wal_size: '512MB',
    wal_compression: 'on',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    log_statement: 'none',
    log_duration: 'off',
    log_min_duration_statement: '-1',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
  }
}

/**
 * The settings as arguments of `postgres`: they outrank postgresql.conf and whatever ALTER SYSTEM left, so the code's word counts at each
 * start.
 */
export function settingArguments(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
