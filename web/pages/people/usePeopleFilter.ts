import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { type PeopleFilter, personStates } from './personState.ts'

const states: readonly string[] = ['here', 'lent', 'all', ...personStates]

/** Returns what the list of people is narrowed to. It stands in the address, so that going back finds it as it was; the text typed does not: it is a name. */
export const usePeopleFilter = (): { filter: Omit<PeopleFilter, 'text'>; change: (over: Partial<Omit<PeopleFilter, 'text'>>) => void } => {
  const [params, setParams] = useSearchParams()
  const given = params.get('state') ?? 'here'
  const filter = {
    store: params.get('store'),
    role: params.get('role'),
    state: (states.includes(given) ? given : 'here') as PeopleFilter['state'],
  }
  const change = (over: Partial<typeof filter>): void => {
    const next = { ...filter, ...over }
    const kept = Object.entries(next).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== 'here')
    setParams(kept, { replace: true })
  }
  return { filter, change }
}

/** Returns how names are spelled in pinyin, once somebody types Latin letters; null until then: the readings are large. */
export const useSpelling = (text: string): ((name: string) => string) | null => {
  const { data } = useQuery({
    queryKey: ['pinyin'],
    queryFn: async () => {
      const { pinyinForms } = await import('../../../domain/text/pinyin.ts')
      const known = new Map<string, string>()
      return {
        spell: (name: string): string => {
          const before = known.get(name)
          if (before !== undefined) return before
          const { full, initials } = pinyinForms(name)
          known.set(name, `${full} ${initials}`)
          return `${full} ${initials}`
        },
      }
    },
    enabled: /[a-z]/i.test(text),
    staleTime: Infinity,
  })
  return data?.spell ?? null
}
