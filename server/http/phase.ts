/** Where the installation is: nothing set up yet, set up but its keys locked behind a passphrase, or at work. */
export type Phase = 'setup' | 'sealed' | 'ready'
