import { afterAll, beforeAll, expect, test } from 'vitest'
import { customerInput, testHouse, type TestHouse } from '../../test/support/house.ts'

let house: TestHouse
beforeAll(async () => {
  house = await testHouse()
})
afterAll(() => house.close())

test('a customer comes back as it was created', async () => {
  const { records, actors, scope, stores } = house
  const input = customerInput(stores.north.id, actors.consultantA.staffId, { notes: '喜欢黑胶', tags: ['老客户', '"引号"'] })
  const { value: made, position } = await records.transaction(actors.consultantA, (tx) => tx.create(scope(actors.consultantA, 'customer'), input))
  expect(position).toBeGreaterThan(0)
  const read = await records.get(scope(actors.consultantA, 'customer'), made.id)
  expect(read).toMatchObject(input)
  expect(read).toEqual(made)
})
