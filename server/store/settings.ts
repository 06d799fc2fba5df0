import type { Queryable } from './database.ts'

/** What is known about the installation as a whole. */
export type SettingKey = 'company' | 'kit' | 'setup' | 'suite' | 'backup' | 'restored' | 'export' | 'secondFactor' | 'profile'

/** Returns a setting's value, or null. */
export const readSetting = async <T>(client: Queryable, key: SettingKey): Promise<T | null> =>
  (await client.query<{ value: T }>('select value from setting where key = $1', [key])).rows[0]?.value ?? null

/** Stores a setting. */
export const writeSetting = async (client: Queryable, key: SettingKey, value: object | string | number): Promise<void> => {
  await client.query('insert into setting (key, value) values ($1, $2) on conflict (key) do update set value = $2, updated_at = now()', [
    key,
    JSON.stringify(value),
  ])
}
