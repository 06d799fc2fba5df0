import { Bones } from '../../ui/Bones.tsx'
import { ErrorNote } from '../../ui/Trouble.tsx'
import { CodeCard } from './CodeCard.tsx'
import { PasskeysCard } from './PasskeysCard.tsx'
import './security.css'
import { useSecurity } from './useSecurity.ts'

/** The two second factors to choose from, for who has none and needs one. */
export const EnrolFactor = () => {
  const { data, error } = useSecurity()
  if (!data) return error ? <ErrorNote error={error} /> : <Bones />
  return (
    <div className='security'>
      <PasskeysCard passkeys={data.passkeys} />
      <CodeCard code={data.code} />
    </div>
  )
}
