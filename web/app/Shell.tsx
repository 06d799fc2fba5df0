import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, Outlet, useLocation } from 'react-router'
import { hasDuty } from '../../domain/policy/decide.ts'
import { Bones } from '../ui/Bones.tsx'
import { ErrorNote } from '../ui/Trouble.tsx'
import { Dock } from './Dock.tsx'
import { openFinder, typeAhead, useFinder } from './finder.ts'
import { Outside } from './Outside.tsx'
import { incomingCall, useIncomingCall } from './incomingCall.ts'
import { ApiError } from './apiError.ts'
import { tabIsOf, useLocked, useLocking } from './lock.ts'
import { OwedStep } from './OwedStep.tsx'
import { fetchSession, sessionKey } from './session.ts'
import { useSessionHooks } from './sessionHooks.ts'
import { useStepUp } from './stepUp.ts'
import { FactorNotice } from './FactorNotice.tsx'
import { ServiceNotice } from './ServiceNotice.tsx'
import { SideNav } from './SideNav.tsx'
import { TopBar } from './TopBar.tsx'
import { useWatchedJobs } from './watchedJobs.ts'

const loadFinder = async () => ({ default: (await import('./Finder.tsx')).Finder })
const Finder = lazy(loadFinder)
const JobToasts = lazy(async () => ({ default: (await import('../pages/jobs/JobToasts.tsx')).JobToasts }))
const IncomingCallDialog = lazy(async () => ({ default: (await import('./IncomingCallDialog.tsx')).IncomingCallDialog }))
const LockScreen = lazy(async () => ({ default: (await import('./LockScreen.tsx')).LockScreen }))
const StepUpDialog = lazy(async () => ({ default: (await import('./StepUpDialog.tsx')).StepUpDialog }))
const SignInAgain = lazy(async () => ({ default: (await import('./SignInAgain.tsx')).SignInAgain }))

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

const useFinderKeys = (): void => {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey && typeAhead(event.key)) return event.preventDefault()
      const command = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k'
      if (!command && (event.key !== '/' || isTyping(event.target) || event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      openFinder()
    }
    window.addEventListener('keydown', onKey)
    // It is opened many times a day, and should be there at once the first time too.
    const timer = setTimeout(() => void loadFinder().catch(() => {}), 500)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('keydown', onKey)
    }
  }, [])
}

/** The frame of everything behind sign-in. A session that ends meanwhile is renewed in place, so that no draft is lost. */
export const Shell = () => {
  const { t } = useTranslation()
  const { pathname, search } = useLocation()
  const [ended, setEnded] = useState(false)
  const session = useQuery({ queryKey: sessionKey, queryFn: fetchSession, staleTime: 60_000 })
  const finder = useFinder()
  const watching = useWatchedJobs().length > 0
  useFinderKeys()
  useSessionHooks(() => setEnded(true))
  useLocking()
  const locked = useLocked()
  const stepUp = useStepUp()
  const staffId = session.data?.actor.staffId
  useEffect(() => (staffId ? tabIsOf(staffId) : undefined), [staffId])
  const caller = useIncomingCall()
  const takesCalls = session.data ? hasDuty(session.data.actor, 'calls.take') : false
  // `/?phone=` from a softphone, also before somebody has signed in.
  useEffect(() => {
    const given = new URLSearchParams(search).get('phone')
    if (given?.trim()) incomingCall.take(given.trim())
  }, [search])

  // Locked since before this tab was opened: there is nothing to cover yet.
  if (!session.data && session.error instanceof ApiError && session.error.code === 'locked')
    return (
      <Suspense>
        <LockScreen onEnded={() => void session.refetch()} />
      </Suspense>
    )
  if (session.isError && !session.data) {
    return (
      <Outside title={t('brand')}>
        <ErrorNote error={session.error} />
      </Outside>
    )
  }
  if (session.isPending) return null
  if (!session.data)
    return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + (search.includes('phone=') ? '' : search))}`} replace />
  if (session.data.owes) return <OwedStep owes={session.data.owes} />
  return (
    <div className='shell'>
      <a className='skip' href='#main'>
        {t('skip')}
      </a>
      <SideNav />
      <div>
        <TopBar />
        <ServiceNotice />
        <FactorNotice />
        <main id='main' tabIndex={-1}>
          <Suspense
            fallback={
              <div className='page'>
                <Bones />
              </div>
            }
          >
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Dock />
      <Suspense>
        {watching ? <JobToasts /> : null}
        {finder.open ? <Finder /> : null}
        {caller && takesCalls ? <IncomingCallDialog key={caller} phone={caller} /> : null}
        {stepUp ? <StepUpDialog ways={stepUp.ways} onDone={stepUp.answer} /> : null}
        {locked && !ended ? <LockScreen onEnded={() => setEnded(true)} /> : null}
        {ended ? <SignInAgain login={session.data.actor.login} onDone={() => setEnded(false)} /> : null}
      </Suspense>
    </div>
  )
}
