// OpenSSL's and Node's codes for a certificate that is not believed (tls: X509 certificate error codes); all other faults are the connection's.
const distrust = /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE)/

/** Why a connection over TLS failed, by the error's code: `certificate` when it is not believed, else `connection`. */
export const tlsProblem = (code: unknown): 'certificate' | 'connection' => (distrust.test(String(code)) ? 'certificate' : 'connection')
