import { useQuery } from '@tanstack/react-query'
import type { KeysStatus } from '../pages/keys/keysStatus.ts'
import type { BackupsStatus } from '../pages/backups/backupsStatus.ts'
import { ApiError } from './apiError.ts'
import { request } from './request.ts'
import { useDuty } from './session.ts'

/** What `/readyz` says: whether the installation serves, and if not, why. */
export type Readiness = { ready: boolean; reasons: { code: string; progress?: number }[] }

const reasonOf = (reason: unknown): Readiness['reasons'][number] => {
  if (typeof reason === 'string') return { code: reason }
  const { code, reason: named, name, progress } = (reason ?? {}) as { code?: string; reason?: string; name?: string; progress?: number }
  return { code: code ?? named ?? name ?? 'internal', ...(progress === undefined ? {} : { progress }) }
}

const fetchReadiness = async (): Promise<Readiness> => {
  let response: Response
  try {
    response = await fetch('/readyz', { cache: 'no-store' })
  } catch {
    throw new ApiError('offline', 0, null)
  }
  const said = (await response.json().catch(() => ({}))) as { reasons?: unknown[] }
  return { ready: response.ok, reasons: (said.reasons ?? []).map(reasonOf) }
}

/** Follows `/readyz`: every 30 s while all is well, every 3 s while it is not. */
export const useReadiness = () =>
  useQuery({
    queryKey: ['readyz'],
    queryFn: fetchReadiness,
    retry: false,
    staleTime: 3_000,
    refetchOnWindowFocus: true,
    refetchInterval: ({ state }) => (state.data?.ready && state.status === 'success' ? 30_000 : 3_000),
  })

/** Returns the state of keys and recovery for those who may know it. */
export const useKeysStatus = () => {
  const may = useDuty('keys.read')
  return useQuery({
    queryKey: ['keys'],
    queryFn: ({ signal }) => request<KeysStatus>('GET', '/api/keys', { signal }),
    enabled: may,
    staleTime: 30_000,
    refetchInterval: ({ state }) => (state.data?.rotating ? 2_000 : false),
  })
}

/** Returns how backups stand for those who may know it. */
export const useBackups = () => {
  const may = useDuty('keys.read')
  return useQuery({
    queryKey: ['backups'],
    queryFn: ({ signal }) => request<BackupsStatus>('GET', '/api/backups', { signal }),
    enabled: may,
    staleTime: 30_000,
    refetchInterval: ({ state }) => (state.data?.running ? 2_000 : false),
  })
}

/** The certificate that the server shows, as far as the guard tells of it; null where TLS is not the server's to serve. */
export type CertificateHealth = {
  certificate: { source: string; notAfter: string | null; daysLeft: number | null; problem: string | null } | null
  due: boolean
}

/** Returns how the server's certificate stands for those who may know it; looked at anew every hour. */
export const useCertificate = () => {
  const may = useDuty('keys.read')
  return useQuery({
    queryKey: ['certificate'],
    queryFn: ({ signal }) => request<CertificateHealth>('GET', '/api/certificate', { signal }),
    enabled: may,
    staleTime: 60_000,
    refetchInterval: 3_600_000,
  })
}
