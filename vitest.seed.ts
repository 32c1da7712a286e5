import fc from 'fast-check';

/** The same cases in every run, so that a failure is a change's own; `FAST_CHECK_SEED=N` tries others. */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_126) });
