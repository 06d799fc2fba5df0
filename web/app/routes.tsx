import { createBrowserRouter, Navigate } from 'react-router'
import { Shell } from './Shell.tsx'
import { CrashPage } from './CrashPage.tsx'
import { Gate } from './Gate.tsx'
import { Home } from './Home.tsx'

/** Every address of the client. Pages load when they are first visited. */
export const router = createBrowserRouter([
  {
    element: <Gate />,
    errorElement: <CrashPage />,
    hydrateFallbackElement: <></>,
    children: [
      { path: '/setup', lazy: async () => ({ Component: (await import('../pages/setup/SetupPage.tsx')).SetupPage }) },
      { path: '/unseal', lazy: async () => ({ Component: (await import('../pages/UnsealPage.tsx')).UnsealPage }) },
      { path: '/shared', lazy: async () => ({ Component: (await import('../pages/shared/SharedPage.tsx')).SharedPage }) },
      { path: '/sign-in', lazy: async () => ({ Component: (await import('../pages/SignInPage.tsx')).SignInPage }) },
      { path: '/sign-in/back', lazy: async () => ({ Component: (await import('../pages/SsoBackPage.tsx')).SsoBackPage }) },
      { path: '/join', lazy: async () => ({ Component: (await import('../pages/JoinPage.tsx')).JoinPage }) },
      {
        element: <Shell />,
        children: [
          {
            errorElement: <CrashPage inside />,
            children: [
              { path: '/', element: <Home /> },
              { path: '/day', lazy: async () => ({ Component: (await import('../pages/day/DayPage.tsx')).DayPage }) },
              {
                path: '/customers',
                lazy: async () => ({ Component: (await import('../pages/customers/CustomerListPage.tsx')).CustomerListPage }),
              },
              {
                path: '/customers/new',
                lazy: async () => ({ Component: (await import('../pages/customers/NewCustomerPage.tsx')).NewCustomerPage }),
              },
              {
                path: '/customers/:id',
                lazy: async () => ({ Component: (await import('../pages/customers/CustomerPage.tsx')).CustomerPage }),
              },
              {
                path: '/customers/:id/edit',
                lazy: async () => ({ Component: (await import('../pages/customers/EditCustomerPage.tsx')).EditCustomerPage }),
              },
              { path: '/imports', lazy: async () => ({ Component: (await import('../pages/imports/ImportPage.tsx')).ImportPage }) },
              {
                path: '/imports/:id',
                lazy: async () => ({ Component: (await import('../pages/imports/ImportProgressPage.tsx')).ImportProgressPage }),
              },
              { path: '/exports', lazy: async () => ({ Component: (await import('../pages/exports/ExportsPage.tsx')).ExportsPage }) },
              { path: '/keys', lazy: async () => ({ Component: (await import('../pages/keys/KeysPage.tsx')).KeysPage }) },
              {
                path: '/backups',
                lazy: async () => ({ Component: (await import('../pages/backups/BackupsPage.tsx')).BackupsPage }),
              },
              { path: '/audit', lazy: async () => ({ Component: (await import('../pages/AuditPage.tsx')).AuditPage }) },
              {
                path: '/erasures',
                lazy: async () => ({ Component: (await import('../pages/erasures/ErasuresPage.tsx')).ErasuresPage }),
              },
              { path: '/jobs', lazy: async () => ({ Component: (await import('../pages/jobs/JobsPage.tsx')).JobsPage }) },
              { path: '/jobs/:id', lazy: async () => ({ Component: (await import('../pages/jobs/JobPage.tsx')).JobPage }) },
              { path: '/trash', lazy: async () => ({ Component: (await import('../pages/customers/TrashPage.tsx')).TrashPage }) },
              {
                path: '/duplicates',
                lazy: async () => ({ Component: (await import('../pages/duplicates/DuplicatesPage.tsx')).DuplicatesPage }),
              },
              { path: '/pool', lazy: async () => ({ Component: (await import('../pages/customers/PoolPage.tsx')).PoolPage }) },
              {
                path: '/handovers',
                lazy: async () => ({ Component: (await import('../pages/handovers/HandoversPage.tsx')).HandoversPage }),
              },
              { path: '/reviews', lazy: async () => ({ Component: (await import('../pages/reviews/ReviewsPage.tsx')).ReviewsPage }) },
              { path: '/reviews/:id', lazy: async () => ({ Component: (await import('../pages/reviews/ReviewPage.tsx')).ReviewPage }) },
              {
                path: '/emergencies',
                lazy: async () => ({ Component: (await import('../pages/emergencies/EmergenciesPage.tsx')).EmergenciesPage }),
              },
              { path: '/programs', lazy: async () => ({ Component: (await import('../pages/programs/ProgramsPage.tsx')).ProgramsPage }) },
              { path: '/dengbao', lazy: async () => ({ Component: (await import('../pages/dengbao/DengbaoPage.tsx')).DengbaoPage }) },
              { path: '/people', lazy: async () => ({ Component: (await import('../pages/people/PeoplePage.tsx')).PeoplePage }) },
              { path: '/people/:id', lazy: async () => ({ Component: (await import('../pages/people/PersonPage.tsx')).PersonPage }) },
              { path: '/roles', lazy: async () => ({ Component: (await import('../pages/roles/RolesPage.tsx')).RolesPage }) },
              { path: '/roles/:id', lazy: async () => ({ Component: (await import('../pages/roles/RolePage.tsx')).RolePage }) },
              { path: '/stand-in', lazy: async () => ({ Component: (await import('../pages/standIn/StandInPage.tsx')).StandInPage }) },
              { path: '/security', lazy: async () => ({ Component: (await import('../pages/security/SecurityPage.tsx')).SecurityPage }) },
              { path: '/sessions', element: <Navigate to='/security' replace /> },
              { path: '/index.html', element: <Navigate to='/' replace /> },
              { path: '*', lazy: async () => ({ Component: (await import('../pages/NotFoundPage.tsx')).NotFoundPage }) },
            ],
          },
        ],
      },
    ],
  },
])
