import { existsSync } from 'node:fs';
import { Browser, chromium } from 'playwright-core';
import { packagedChromium } from './chromium';

// Without these Chromium calls home at every start; the tests reach nothing but this machine.
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-gpu',
  '--no-first-run',
  '--no-sandbox',
  '--disable-dev-shm-usage',
];

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Chromium: that of CHROMIUM_PATH, else the one that comes with the packages, else one of the machine. */
export async function launchBrowser(): Promise<Browser> {
  const given = process.env.CHROMIUM_PATH;
  if (given) return chromium.launch({ executablePath: given, args: QUIET });
  try {
    return await chromium.launch({ executablePath: packagedChromium(), args: QUIET });
  } catch (error) {
    const found = SYSTEM.find((path) => existsSync(path));
    if (!found) throw error;
    return chromium.launch({ executablePath: found, args: QUIET });
  }
}

/** A browser for the file it is called in. */
export function useBrowser(): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });
  return () => {
    if (!browser) throw new Error('The browser is there from beforeAll on.');
    return browser;
  };
}
