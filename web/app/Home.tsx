import { Navigate } from 'react-router'
import { useActor } from './session.ts'
import { decide } from '../../domain/policy/decide.ts'

/** The start: the day for those who go to customers and take none down, customers for those who have any, else the audit log. */
export const Home = () => {
  const actor = useActor()
  const customers = decide(actor, 'customer')
  const goes = decide(actor, 'appointment').rows.kind !== 'none' && (customers.actions.create ?? { kind: 'none' }).kind === 'none'
  return <Navigate to={goes ? '/day' : customers.rows.kind === 'none' ? '/audit' : '/customers'} replace />
}
