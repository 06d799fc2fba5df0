import type { Queryable } from '../store/database.ts'
import { readSetting, writeSetting } from '../store/settings.ts'

/** What is remembered of the newest backup that was written to its end: when its snapshot was taken (ISO 8601), where it lies, how big it is. */
export type LastBackup = { readonly at: string; readonly name: string; readonly folder: string; readonly bytes: number }

/** Returns the newest backup known, or null. */
export const readLastBackup = (client: Queryable): Promise<LastBackup | null> => readSetting<LastBackup>(client, 'backup')

/** Remembers a backup that is on disk. */
export const noteBackup = (client: Queryable, backup: LastBackup): Promise<void> => writeSetting(client, 'backup', backup)
