import { shopZone } from '../../../domain/text/zonedTime.ts'
import { type Chat, readWechatChat } from '../../../domain/text/wechatChat.ts'
import { useActor } from '../../app/session.ts'
import { plainOf } from '../../catalogue/plainOf.ts'
import { useCustomer } from './useCustomer.ts'

/** The names by which the two sides of a conversation with this customer are known here. */
export const useSideNames = (customerId: string): { us: string[]; customer: string[] } => {
  const { name, login } = useActor()
  const { data } = useCustomer(customerId)
  const customer = plainOf(data?.['name'])
  return { us: name ? [name] : [login], customer: customer ? [customer] : [] }
}

/** Reads pasted text as a chat, as it would have been copied now. Null for a note like any other. */
export const readChat = (pasted: string, names: { us: string[]; customer: string[] }): Chat | null =>
  readWechatChat(pasted, { now: new Date(), zone: shopZone, names: [...names.us, ...names.customer] })

/** Returns whether a text is a chat with this customer. */
export const useIsChat = (customerId: string): ((pasted: string) => boolean) => {
  const names = useSideNames(customerId)
  return (pasted) => pasted.includes('\n') && readChat(pasted, names) !== null
}
