import { writeFileSync } from 'node:fs';
import { generatedPage } from './pages';
void (async () => writeFileSync('/tmp/report.html', await generatedPage({ seed: 3, events: Number(process.argv[2] ?? 4000), days: 91, hostile: 0.05 })))();
