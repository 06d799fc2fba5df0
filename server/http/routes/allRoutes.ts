import type { AnyRoute } from '../route.ts'
import { accessRoutes } from './accessRoutes.ts'
import { appointmentRoutes } from './appointmentRoutes.ts'
import { backupRoutes } from './backupRoutes.ts'
import { bulkRoutes } from './bulkRoutes.ts'
import { complianceRoutes } from './complianceRoutes.ts'
import { certificateRoutes } from './certificateRoutes.ts'
import { callerRoutes } from './callerRoutes.ts'
import { customerRoutes } from './customerRoutes.ts'
import { directoryRoutes } from './directoryRoutes.ts'
import { erasureRoutes } from './erasureRoutes.ts'
import { exportRoutes } from './exportRoutes.ts'
import { importRoutes } from './importRoutes.ts'
import { jobRoutes } from './jobRoutes.ts'
import { mergeRoutes } from './mergeRoutes.ts'
import { operationRoutes } from './operationRoutes.ts'
import { preferenceRoutes } from './preferenceRoutes.ts'
import { recordRoutes } from './recordRoutes.ts'
import { emergencyRoutes } from './emergencyRoutes.ts'
import { reviewRoutes } from './reviewRoutes.ts'
import { shareRoutes } from './shareRoutes.ts'
import { sessionRoutes } from './sessionRoutes.ts'
import { joinRoutes } from './joinRoutes.ts'
import { ssoRoutes } from './ssoRoutes.ts'
import { noticeRoutes } from './noticeRoutes.ts'
import { securityRoutes } from './securityRoutes.ts'
import { staffSecurityRoutes } from './staffSecurityRoutes.ts'
import { type Installation, setupRoutes } from './setupRoutes.ts'

/** Every route of the API. `test/exitMatrix.test.ts` fails on one it does not know. */
export const allRoutes = (installation: Installation, secure: boolean): AnyRoute[] => {
  const { parts } = installation
  return [
    ...setupRoutes(installation),
    ...sessionRoutes(parts, secure),
    ...joinRoutes(parts, secure),
    ...ssoRoutes(parts, secure),
    ...securityRoutes(parts),
    ...staffSecurityRoutes(parts),
    ...noticeRoutes(parts),
    ...preferenceRoutes(parts),
    ...recordRoutes('customer', parts),
    ...bulkRoutes(parts),
    ...exportRoutes(parts),
    ...shareRoutes(parts),
    ...customerRoutes(parts),
    ...appointmentRoutes(parts),
    ...mergeRoutes(parts),
    ...callerRoutes(parts),
    ...directoryRoutes(parts),
    ...accessRoutes(parts),
    ...reviewRoutes(parts),
    ...emergencyRoutes(parts),
    ...complianceRoutes(parts, () => (!secure ? 'loopback' : installation.certificate() ? 'tls' : 'proxy')),
    ...importRoutes(parts),
    ...erasureRoutes(parts),
    ...jobRoutes(parts),
    ...operationRoutes(parts),
    ...backupRoutes(parts),
    ...certificateRoutes(installation.certificate),
  ]
}
