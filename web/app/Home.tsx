import { Navigate } from 'react-router'
import { useActor } from './session.ts'
import { decide } from '../../domain/policy/decide.ts'

/** The start: customers for those who have any, else the audit log. */
export const Home = () => {
  const actor = useActor()
  return <Navigate to={decide(actor, 'customer').rows.kind === 'none' ? '/audit' : '/customers'} replace />
}
