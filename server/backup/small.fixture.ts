import { AppError } from '../../domain/errors.ts'
import type { Piece } from './piece.ts'
import { writeBackup } from './writeBackup.ts'

/** Writes a small backup into the folder it is told and prints the error it ends with, so that a test can let the disk fail under it. */
async function* small(): AsyncGenerator<Piece> {
  yield { file: 'data.age', bytes: Buffer.from('sealed') }
}

await writeBackup(process.argv[2]!, small()).catch((error: unknown) => {
  const { code, details } = error as AppError
  process.stdout.write(JSON.stringify(error instanceof AppError ? { code, details } : { code: String(error) }))
})
