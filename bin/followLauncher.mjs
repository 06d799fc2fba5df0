// Loaded before the server (`--import`): descriptor 3 is a pipe whose other end the launcher holds. When the launcher dies, however
// abruptly,
// the pipe closes and the server stops as for SIGTERM: `kill -9` of `npm start` must not leave a server behind that holds port and data.
import { Socket } from 'node:net'

const pipe = new Socket({ fd: 3, readable: true, writable: false })
pipe.on('close', () => process.kill(process.pid, 'SIGTERM'))
pipe.on('error', () => {})
pipe.resume()
pipe.unref()
