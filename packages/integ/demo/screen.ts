import type { StateMoment } from './watch-execution.ts';

const CLEAR_LINE = '\r\u001b[2K';
const REFRESH_MS = 100;

/** Where the demo writes. On a terminal the last line shows what runs right now; elsewhere there are plain lines only. */
export class Screen {
  readonly #out: NodeJS.WriteStream;
  readonly #running = new Map<string, number>();
  #refreshing: NodeJS.Timeout | undefined;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  line(text = ''): void {
    this.#out.write(`${this.#out.isTTY ? CLEAR_LINE : ''}${text}\n`);
  }

  /** One line for each state, when it is left. */
  state(moment: StateMoment): void {
    if (moment.type === 'entered') this.#running.set(moment.state, Date.now());
    else {
      this.#running.delete(moment.state);
      this.line(lineOf(moment));
    }
    this.#refresh();
  }

  /** Takes the live line away. */
  close(): void {
    clearInterval(this.#refreshing);
    this.#refreshing = undefined;
    this.#running.clear();
    if (this.#out.isTTY) this.#out.write(CLEAR_LINE);
  }

  #refresh(): void {
    if (!this.#out.isTTY) return;
    this.#refreshing ??= setInterval(() => this.#draw(), REFRESH_MS);
    this.#draw();
  }

  #draw(): void {
    const running = [...this.#running].map(([state, since]) => `${state} ${seconds(Date.now() - since)}`);
    const text = running.length > 0 ? `  … ${running.join(', ')}` : '';
    this.#out.write(`${CLEAR_LINE}${text.slice(0, (this.#out.columns || 80) - 1)}`);
  }
}

const lineOf = ({ state, tookMs, output, error }: StateMoment): string => {
  const what = error ? `caught ${error}` : rowsOf(output);
  return `  ${error ? '!' : '✓'} ${state.padEnd(20)} ${seconds(tookMs).padStart(7)}  ${what}`.trimEnd();
};

/** The rows that a finished statement read or wrote; -1 is the Data API's word for none. */
const rowsOf = (output: string | undefined): string => {
  const { detail } = output ? (JSON.parse(output) as { detail?: { rows?: number } }) : {};
  return detail?.rows !== undefined && detail.rows >= 0 ? `${detail.rows.toLocaleString('en-US')} rows` : '';
};

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
