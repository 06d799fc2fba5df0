import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import type { PreferenceKey, Preferences } from '../../domain/preference/preferences.ts'
import { ApiError } from './apiError.ts'
import { request } from './request.ts'

type Kept<K extends PreferenceKey> = { value: Preferences[K] | null; version: number }

const pathOf = (key: PreferenceKey): string => `/api/me/preferences/${key}`
const fetchKept = <K extends PreferenceKey>(key: K): Promise<Kept<K>> => request('GET', pathOf(key))

// What the server is known to hold, and what is still on its way there: one change after the other, each upon the one before.
const held = new Map<PreferenceKey, Kept<PreferenceKey>>()
const underWay = new Map<PreferenceKey, Promise<unknown>>()

type Change<K extends PreferenceKey> = (before: Preferences[K] | null) => Preferences[K]

const keep = async <K extends PreferenceKey>(key: K, change: Change<K>): Promise<void> => {
  const put = async (base: Kept<K>): Promise<void> => {
    const body = { value: change(base.value), version: base.version }
    held.set(key, await request<Kept<K>>('PUT', pathOf(key), { body }))
  }
  try {
    await put((held.get(key) as Kept<K> | undefined) ?? (await fetchKept(key)))
  } catch (error) {
    // Changed in another browser meanwhile: the same change upon what is there now.
    if (!(error instanceof ApiError) || error.code !== 'version_conflict') throw error
    await put(await fetchKept(key))
  }
}

const changeKept = async <K extends PreferenceKey>(client: QueryClient, key: K, change: Change<K>): Promise<void> => {
  const queryKey = ['preference', key]
  void client.cancelQueries({ queryKey })
  client.setQueryData<Kept<K>>(queryKey, (now) => ({ value: change(now?.value ?? null), version: now?.version ?? 0 }))
  const before = underWay.get(key) ?? Promise.resolve()
  const done = before.catch(() => {}).then(() => keep(key, change))
  underWay.set(key, done)
  try {
    await done
  } catch (error) {
    held.delete(key)
    await client.invalidateQueries({ queryKey })
    throw error
  }
}

/**
 * Returns what the signed-in person keeps under the key, and how to change it: shown at once, kept on the server, so that every browser of theirs knows.
 * `ready` is false until it is known; where it cannot be had the list works without. A change that is refused is taken back, and throws `ApiError`.
 */
export const usePreference = <K extends PreferenceKey>(
  key: K,
): { value: Preferences[K] | null; ready: boolean; change: (change: Change<K>) => Promise<void> } => {
  const client = useQueryClient()
  const { data, isPending } = useQuery({
    queryKey: ['preference', key],
    queryFn: async () => {
      const kept = await fetchKept(key)
      held.set(key, kept)
      return kept
    },
    staleTime: 60_000,
    retry: false,
  })
  return { value: data?.value ?? null, ready: !isPending, change: (change) => changeKept(client, key, change) }
}
