import { Navigate, useSearchParams } from 'react-router'
import { useActor } from './session.ts'
import { decide } from '../../domain/policy/decide.ts'
import { pendingCaller } from './pendingCaller.ts'

/** The start: customers for those who have any, else the audit log. `/?phone=` from a softphone opens the caller's card. */
export const Home = () => {
  const actor = useActor()
  const [params] = useSearchParams()
  const phone = params.get('phone')
  if (phone) pendingCaller.set(phone)
  return <Navigate to={decide(actor, 'customer').rows.kind === 'none' ? '/audit' : '/customers'} replace />
}
