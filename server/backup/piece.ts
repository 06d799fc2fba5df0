/** A part of one file of a backup. The pieces of a file come in order, and the files one after another, the manifest last. */
export type Piece = { readonly file: string; readonly bytes: Buffer }
