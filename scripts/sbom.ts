import { execFileSync } from 'node:child_process'

/** Prints a CycloneDX bill of materials of what runs in production (`npm run sbom > sbom.json`); npm itself makes it from the lock file. */
process.stdout.write(execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only'], { encoding: 'utf8', maxBuffer: 64 << 20 }))
