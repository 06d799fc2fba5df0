import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Navigate, Outlet, ScrollRestoration, useLocation } from 'react-router'
import { ErrorNote } from '../ui/Trouble.tsx'
import { Outside } from './Outside.tsx'
import { fetchState, stateKey } from './session.ts'

const places = { setup: '/setup', sealed: '/unseal' } as const

/** Leads to where the installation stands: the setup wizard before anything else, unsealing while it is sealed, else the page asked for. */
export const Gate = () => {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const state = useQuery({ queryKey: stateKey, queryFn: fetchState, staleTime: 30_000 })
  if (state.isError) {
    return (
      <Outside title={t('brand')}>
        <ErrorNote error={state.error}>
          <Button loading={state.isFetching} onClick={() => void state.refetch()}>
            {t('tryAgain')}
          </Button>
        </ErrorNote>
      </Outside>
    )
  }
  if (!state.data) return null
  const { phase } = state.data
  if (phase !== 'ready' && pathname !== places[phase]) return <Navigate to={places[phase]} replace />
  if (phase === 'ready' && pathname === '/unseal') return <Navigate to='/' replace />
  return (
    <>
      <Outlet />
      <ScrollRestoration />
    </>
  )
}
